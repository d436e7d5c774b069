import { findAction } from "../assist/index.ts";
import { shownPath } from "../assist/title.ts";
import { attachmentName } from "../chat/prompt.ts";
import type { Message, Session, Transcript } from "../contracts/sessions.ts";
import { escapeHtml } from "./markdown-html.ts";

/** A session as a Markdown document, to be read by a person. */
export function toMarkdown({ session, messages, patches }: Transcript): string {
  const parts = [`# ${oneLine(session.title)}`, factsOf(session).join("  \n"), ...turnsOf(session, messages).map(turn)];
  for (const { diff } of patches ?? []) parts.push("## Change", fenced(diff, "diff"));
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** What is known of a session beside what was said: a line each. */
export function factsOf(session: Session): string[] {
  const { created, model, path, workspace, lines, labels, outcome } = session;
  const place = lines === undefined ? "" : lines.from === lines.to ? `, line ${lines.from}` : `, lines ${lines.from}–${lines.to}`;
  return [
    new Date(created).toISOString().replace("T", " ").slice(0, 16).concat(" UTC"),
    model === undefined ? "" : `Answered by ${model}`,
    path === undefined ? "" : `${shownPath(path, workspace)}${place}`,
    outcome === undefined
      ? ""
      : { kept: "The change was kept", undone: "The change was undone", partly: "A part of the change was kept" }[outcome],
    labels === undefined ? "" : labels.map((label) => `#${label}`).join(" "),
  ].filter((fact) => fact !== "");
}

/** A turn as it is to be shown: its text is Markdown. */
export interface Turn {
  readonly role: Message["role"];
  readonly heading: string;
  readonly text: string;
  /** What was attached to it. */
  readonly attached: readonly { readonly name: string; readonly text: string; readonly language: string }[];
}

const headings: Readonly<Record<Message["role"], string>> = {
  system: "Instructions to the model",
  user: "Asked",
  assistant: "Answer",
  note: "Note",
};

/** The turns of a session with code fenced where an answer is nothing but code. */
export function turnsOf(session: Session, messages: readonly Message[]): Turn[] {
  const isCode = findAction(session.kind)?.shows === "diff";
  let language = "";
  return messages.map(({ role, text, context, details }) => {
    if (role === "user") language = /^`{3,}(\S+)/m.exec(text)?.[1] ?? language;
    const heading = context?.secondOpinion ? `Second opinion${details ? `, by ${details.model}` : ""}` : headings[role];
    const attached = (context?.attachments ?? []).map((one) => ({
      name: attachmentName(one),
      text: one.text,
      language: one.languageId ?? "",
    }));
    return { role, heading, attached, text: isCode && role === "assistant" ? fenced(text, language) : text };
  });
}

/** Code in a fence that is longer than any in it. */
export function fenced(code: string, language: string): string {
  const longest = Math.max(2, ...(code.match(/`{3,}/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${code.replace(/\n$/, "")}\n${fence}`;
}

function turn({ role, heading, text, attached }: Turn): string {
  if (role === "note") return text.replace(/^/gm, "> ");
  if (role === "system") return folded(heading, fenced(text, ""));
  return [`## ${heading}`, text, ...attached.map((one) => folded(escapeHtml(one.name), fenced(one.text, one.language)))].join("\n\n");
}

function folded(heading: string, text: string): string {
  return `<details><summary>${heading}</summary>\n\n${text}\n\n</details>`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
