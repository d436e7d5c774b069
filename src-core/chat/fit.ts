import { UserError } from "../base/errors.ts";
import { estimateTokens } from "../context/budget.ts";
import type { Attachment, Compaction } from "../contracts/message-context.ts";
import { mentionText } from "./mentions.ts";
import { attachmentName, type Turn, turnText } from "./prompt.ts";

/** What a template adds around one message, and around them all. Rather too much than too little. */
const messageTokens = 8;
const templateTokens = 32;

/** A text with more characters than so many a token of the window fits in no language. */
const charactersTooMany = 20;

/** An answer may take this share of the window; what is left is for the conversation. */
const answerShare = 0.25;
const leastAnswer = 64;

/**
 * After something was left out the prompt takes at most this share of its room: else each turn would leave something out again. To name
 * attachments costs the conversation less than notes do, so less has to come of it.
 */
const roomAfter = { naming: 0.85, notes: 0.7 };

/** Tokens that are kept free for an answer. */
export function answerRoom(window: number, maxTokens: number): number {
  return Math.max(leastAnswer, Math.min(maxTokens, Math.floor(window * answerShare)));
}

/** What a prompt costs, in tokens. */
export interface Cost {
  readonly instructions: number;
  /** Of the summary and the files that go with it. */
  readonly carried: number;
  /** Of each turn in full, and with its attachments only named. */
  readonly turns: readonly { readonly id: number; readonly role: Turn["role"]; readonly full: number; readonly named: number }[];
}

/** What to leave out so that the thread and the answer fit: nothing, attachments of older turns, or older turns altogether. */
export type Fit =
  | { readonly kind: "fits"; readonly tokens: number }
  /** The attachments of all turns up to this id become one line each. */
  | { readonly kind: "name"; readonly namedTo: number; readonly freed: number }
  /** The turns up to this id are replaced by a summary. */
  | { readonly kind: "summarise"; readonly summarisedTo: number; readonly namedTo: number; readonly turns: number };

/** Counts the parts of a prompt with the model's own tokenizer. */
export async function costOf(
  system: string,
  turns: readonly Turn[],
  { summary, attachments }: Pick<Compaction, "summary" | "attachments">,
  count: (text: string) => Promise<number>,
): Promise<Cost> {
  const carried = { id: 0, role: "user" as const, text: summary, attachments };
  return {
    instructions: (await count(system)) + messageTokens + templateTokens,
    carried: summary === "" && attachments.length === 0 ? 0 : (await count(turnText(carried, false))) + messageTokens,
    turns: await Promise.all(
      turns.map(async (turn) => {
        const full = (await count(turnText(turn, false))) + messageTokens;
        const named = turn.attachments.length === 0 ? full : (await count(turnText(turn, true))) + messageTokens;
        return { id: turn.id, role: turn.role, full, named };
      }),
    ),
  };
}

/** Tokens of the prompt as it is compacted. */
export function tokensOf({ instructions, carried, turns }: Cost, { summarisedTo, namedTo }: Pick<Compaction, "summarisedTo" | "namedTo">) {
  const shown = turns.filter(({ id }) => id > summarisedTo);
  return shown.reduce((sum, { id, full, named }) => sum + (id <= namedTo ? named : full), instructions + carried);
}

/** Tokens of notes at most. */
export function notesRoom(window: number): number {
  return Math.min(320, Math.floor(window * 0.15));
}

/**
 * Decides in stages what is left out. The last turn is the question and stays whole; where it alone does not fit, see
 * {@link requireFit}, which is asked before.
 */
export function fitThread(cost: Cost, now: Pick<Compaction, "summarisedTo" | "namedTo">, room: number, notes: number): Fit {
  const tokens = tokensOf(cost, now);
  if (tokens <= room) return { kind: "fits", tokens };
  const question = cost.turns.at(-1);
  const earlier = cost.turns.slice(0, -1).filter(({ id }) => id > now.summarisedTo);
  const last = earlier.at(-1);
  if (question === undefined || last === undefined) return { kind: "fits", tokens };
  const named = tokensOf(cost, { ...now, namedTo: last.id });
  if (named <= room * roomAfter.naming) return { kind: "name", namedTo: last.id, freed: tokens - named };
  // As many of the latest turns as leave room, beginning with a question.
  let used = cost.instructions + notes + messageTokens + question.full;
  let summarisedTo = last.id;
  for (let index = earlier.length - 1; index > 0; index -= 1) {
    const turn = earlier[index]!;
    used += turn.named;
    if (used > room * roomAfter.notes) break;
    if (turn.role === "user") summarisedTo = earlier[index - 1]!.id;
  }
  return { kind: "summarise", summarisedTo, namedTo: last.id, turns: earlier.filter(({ id }) => id <= summarisedTo).length };
}

/** Throws, with numbers and a way out, when a message does not fit even into an empty thread beside an answer and notes on its past. */
export async function requireFit(
  system: string,
  question: Turn,
  { window, answer, notes }: Record<"window" | "answer" | "notes", number>,
  count: (text: string) => Promise<number>,
): Promise<void> {
  // Counting exactly takes time that grows with the text, and what is far too long needs no exact count.
  const counting = turnText(question, false).length > window * charactersTooMany ? async (text: string) => estimateTokens(text) : count;
  const { instructions, turns } = await costOf(system, [question], { summary: "", attachments: [] }, counting);
  const tokens = turns[0]!.full;
  const room = window - answer - instructions - notes;
  if (tokens <= room) return;
  const sized = await Promise.all(
    question.attachments.map(async (attachment) => ({ attachment, tokens: await counting(attachment.text) })),
  );
  sized.sort((one, other) => other.tokens - one.tokens);
  const parts = sized.slice(0, 3).map((one) => `${attachmentName(one.attachment)} ${one.tokens}`);
  const of = parts.length > 0 ? ` (${parts.join("; ")})` : "";
  const [largest] = sized;
  throw new UserError(
    "SELECTION_TOO_LONG",
    `The message has ${tokens} tokens${of}. The model takes ${window}, of which ${Math.max(0, room)} are left for a message.`,
    largest
      ? narrower(largest, room - (tokens - largest.tokens))
      : narrower({ attachment: { kind: "text", path: "", text: question.text }, tokens }, room),
  );
}

/** A share of the room that counting by lines may miss. */
const safety = 0.9;

/** What of an attachment would fit, in lines, and what else can be done. */
function narrower({ attachment, tokens }: { readonly attachment: Attachment; readonly tokens: number }, free: number): string {
  const { kind, path, from = 1, text } = attachment;
  const all = text.replace(/\r?\n$/, "").split("\n").length;
  const lines = Math.floor((all * free * safety) / Math.max(1, tokens));
  const higher = "set localcoder.inference.contextSize higher";
  if (kind === "text") return `${lines < 1 ? "Shorten it" : `Give about ${lines} of its ${all} lines`}, or ${higher}.`;
  if (kind === "changes" || kind === "folder" || kind === "problems" || path === "") return `Attach less, or ${higher}.`;
  const project = "begin with @project to have the places found that the question is about";
  if (lines < 1) return `Leave it out and ${project}, or ${higher}.`;
  return `About ${lines} of its ${all} lines fit, as in ${mentionText("file", `${path}:${from}-${from + lines - 1}`)}; or ${project}; or ${higher}.`;
}
