import { fenced } from "../assist/action.ts";
import type { GenerateRequest } from "../contracts/inference.ts";
import type { Attachment, Compaction } from "../contracts/message-context.ts";
import { withoutMarks } from "./mentions.ts";

/** A turn of a thread as the model is to see it. */
export interface Turn {
  /** Its place in the thread, from 1. */
  readonly id: number;
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly attachments: readonly Attachment[];
}

/** Nothing was left out. */
export const nothingCompacted: Compaction = { namedTo: 0, summarisedTo: 0, summary: "", attachments: [] };

/** What every thread begins with. It is kept with the thread, so a later version of the program does not change old prompts. */
export const chatSystem = `You are a programming assistant inside an editor. You run on the user's own machine.
Answer in Markdown, briefly and to the point. Put code into fenced blocks that name the language; put the path of a file you would change on the line before its block.
Say only what the given code shows, and say so when something needed is not shown. Do not invent files, functions or results.`;

/** Where an attachment is: "src/a.ts, lines 3–9". */
export function attachmentName({ kind, path, from, to }: Attachment): string {
  const lines = from === undefined ? "" : to === undefined || to === from ? `, line ${from}` : `, lines ${from}–${to}`;
  if (kind === "problems") return path === "" ? "Problems" : `Problems in ${path}`;
  if (kind === "changes") return "Uncommitted changes";
  if (kind === "folder") return `Folder ${path}`;
  if (kind === "memory") return `Known from the beginning (${path})`;
  return `${path || (kind === "text" ? "Text" : "Untitled")}${lines}`;
}

/** True for an attachment that is among the names of those the user left out. */
export function isExcluded(attachment: Attachment, exclude: readonly string[]): boolean {
  return exclude.includes(attachmentName(attachment));
}

function attachmentText(attachment: Attachment): string {
  const { kind, languageId, text } = attachment;
  const language = kind === "changes" ? "diff" : (languageId ?? "plaintext");
  return `${attachmentName(attachment)}:\n${fenced(text.replace(/\r\n?/g, "\n").replace(/\n$/, ""), language)}`;
}

/** What the model reads of one turn; `named` says that its attachments are only named. */
export function turnText({ text, attachments }: Turn, named: boolean): string {
  const parts = named
    ? attachments.map((attachment) => `(${attachmentName(attachment)}: shown then, not any more.)`)
    : attachments.map(attachmentText);
  return [...parts, withoutMarks(text)].join("\n\n");
}

/** Some templates want question and answer by turns, so where an answer is missing something must stand. */
const noAnswer = "(No answer.)";

/**
 * The messages of a thread: the instructions, then the turns in order, each byte for byte as it was the last time. Nothing in front
 * changes from turn to turn, so that the model evaluates only what is new.
 */
export function chatMessages(system: string, turns: readonly Turn[], compaction: Compaction): GenerateRequest["messages"] {
  const messages: GenerateRequest["messages"] = [{ role: "system", text: system }];
  let carried = carriedText(compaction);
  for (const turn of turns) {
    if (turn.id <= compaction.summarisedTo) continue;
    const last = messages.at(-1);
    if (turn.role === "assistant") {
      if (last?.role === "user") messages.push({ role: "assistant", text: turn.text.trim() === "" ? noAnswer : turn.text });
      else if (last?.role === "assistant") messages[messages.length - 1] = { role: "assistant", text: turn.text };
      continue;
    }
    if (last?.role === "user") messages.push({ role: "assistant", text: noAnswer });
    messages.push({ role: "user", text: carried + turnText(turn, turn.id <= compaction.namedTo) });
    carried = "";
  }
  return messages;
}

function carriedText({ summary, attachments }: Compaction): string {
  if (summary === "" && attachments.length === 0) return "";
  return `${["Notes on the conversation so far:", summary, ...attachments.map(attachmentText)].join("\n\n")}\n\n`;
}
