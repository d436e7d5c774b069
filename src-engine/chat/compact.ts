import { answerRoom, costOf, fitThread, notesRoom, requireFit, tokensOf } from "#core/chat/fit";
import { chatMessages, type Turn } from "#core/chat/prompt";
import { summaryOf, summaryPrefix, summaryQuestion } from "#core/chat/summary";
import type { GenerateRequest } from "#core/contracts/inference";
import type { Compaction } from "#core/contracts/message-context";
import type { ThreadState } from "./thread.ts";

/** The part of a thread that a prompt is made of. */
type Conversation = Pick<ThreadState, "system" | "turns" | "compaction">;

/** What was left out at one stage, and a sentence about it. */
export interface Step {
  readonly compaction: Compaction;
  readonly note: string;
}

/** What is needed of the model that will answer. */
export interface Reader {
  readonly window: number;
  readonly maxTokens: number;
  count(text: string): Promise<number>;
  /** Answers without being shown. */
  write(request: Pick<GenerateRequest, "messages" | "answerPrefix" | "maxTokens" | "stops">): Promise<string>;
}

/**
 * Makes a thread fit that ends with a question, in stages; yields each stage before it is used. The question itself is never cut:
 * where it does not fit, this throws SELECTION_TOO_LONG with numbers.
 */
export async function* compact({ system, turns, compaction }: Conversation, reader: Reader): AsyncGenerator<Step, void, void> {
  const { window, count } = reader;
  const answer = answerRoom(window, reader.maxTokens);
  const room = window - answer;
  const question = turns.at(-1);
  if (question === undefined) return;
  await requireFit(system, question, { window, answer, notes: turns.length > 1 ? notesRoom(window) : 0 }, count);
  let now = compaction;
  const before = await costOf(system, turns, now, count);
  const first = fitThread(before, now, room, notesRoom(window));
  if (first.kind === "fits") return;
  if (first.kind === "name") {
    now = { ...now, namedTo: first.namedTo };
    yield {
      compaction: now,
      note: `The conversation no longer fits into the model's ${window} tokens. What was attached to earlier messages (${first.freed} tokens) is only named from here on; attach again what is still needed.`,
    };
    return;
  }
  const leftOut = before.turns.filter(({ id }) => id > now.summarisedTo && id <= first.summarisedTo);
  const summary = await summarise({ system, turns: turns.slice(0, -1), compaction: now }, reader);
  now = { namedTo: first.namedTo, summarisedTo: first.summarisedTo, summary, attachments: [] };
  yield {
    compaction: now,
    note: `The conversation no longer fits into the model's ${window} tokens. Its first ${leftOut.length} messages (${leftOut.reduce((sum, { full }) => sum + full, 0)} tokens) are replaced by these notes from here on; the history keeps them whole.\n\n${summary}`,
  };
  const after = tokensOf(await costOf(system, turns, now, count), now);
  if (after <= room) return;
  // The notes and the last answers are too much beside this question: only the notes stay.
  const last = turns.at(-2);
  if (last === undefined) return;
  now = { ...now, summarisedTo: last.id };
  yield { compaction: now, note: "The last messages before this one had to be left out as well; the notes stand for them." };
}

/** Notes on a conversation, written by its model. */
export async function summarise({ system, turns, compaction }: Conversation, reader: Reader): Promise<string> {
  const question: Turn = { id: Number.MAX_SAFE_INTEGER, role: "user", text: summaryQuestion, attachments: [] };
  const last = turns.at(-1)?.id ?? 0;
  // The conversation as it was sent is evaluated already. Only where it has no room for the notes is less of it shown.
  const attempts = [
    { shown: turns, now: compaction },
    ...turns.map((_, index) => ({ shown: turns.slice(index), now: { ...compaction, namedTo: last } })),
  ];
  for (const { shown, now } of attempts) {
    const asked = [...shown, question];
    if (tokensOf(await costOf(system, asked, now, reader.count), now) > reader.window - notesRoom(reader.window)) continue;
    const written = await reader.write({
      messages: chatMessages(system, asked, now),
      answerPrefix: summaryPrefix,
      maxTokens: notesRoom(reader.window) - 20,
      stops: ["\n\n\n", "```"],
    });
    return summaryOf(written, turns);
  }
  return summaryOf("", turns);
}
