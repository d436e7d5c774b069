import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath, provider, seed, slices, stopReason, timestamp, tokenCounts } from "./common.ts";

/** How a session ended, or that it has not. */
export const sessionState = z.enum(["running", "done", "stopped", "failed", "interrupted"]);

/** One row of the history. */
export const session = z.object({
  id: z.string(),
  title: z.string(),
  /** The id of the action, for example "improve". */
  kind: z.string(),
  created: timestamp,
  updated: timestamp,
  state: sessionState,
  workspace: z.string().optional(),
  path: z.string().optional(),
  /** First and last line of the selection, from 1. */
  lines: z.object({ from: z.number().int(), to: z.number().int() }).optional(),
  model: z.string().optional(),
  provider: provider.optional(),
});
/** See {@link session}. */
export type Session = z.infer<typeof session>;

/** A part of what the model was given, or of what found no place there. */
export const seenPiece = z.object({
  /** Of parts that may be left out: the name by which a request says so. */
  id: z.string().optional(),
  name: z.string(),
  /** Where it stands in the project, as `path` or `path:from-to` with lines from 1. */
  source: z.string().optional(),
  tokens: z.number().int().nonnegative(),
  /** Why it is there, or why not. */
  reason: z.string(),
});
/** See {@link seenPiece}. */
export type SeenPiece = z.infer<typeof seenPiece>;

/** The parts of a prompt in order, what was left out, tokens kept free for the answer, and tokens of the model's window. */
export const saw = z.object({
  taken: z.array(seenPiece),
  leftOut: z.array(seenPiece),
  answer: z.number().int().nonnegative(),
  window: z.number().int().nonnegative(),
});
/** See {@link saw}. */
export type Saw = z.infer<typeof saw>;

/** How an answer came about: what answered, with what chance, and what it saw. */
export const answerDetails = z.object({
  model: z.string(),
  provider: provider.optional(),
  tokens: tokenCounts,
  /** Missing where too little was written to tell. */
  tokensPerSecond: z.number().optional(),
  milliseconds: z.number().nonnegative(),
  stop: stopReason,
  temperature: z.number(),
  seed: seed.optional(),
  slices: slices.optional(),
  /** What the user typed along with an action. */
  instruction: z.string().optional(),
  /** What the answer was made to begin with. */
  answerPrefix: z.string().default(""),
  saw: saw.optional(),
  /** What was sent, only where that is not what stands before the answer in the session. */
  prompt: z.array(z.object({ role: z.enum(["system", "user", "assistant"]), text: z.string() })).optional(),
});
/** See {@link answerDetails}. */
export type AnswerDetails = z.infer<typeof answerDetails>;

/** One turn of a session. */
export const message = z.object({
  id: z.number().int(),
  role: z.enum(["system", "user", "assistant", "note"]),
  text: z.string(),
  created: timestamp,
  /** Of answers that came to an end. */
  details: answerDetails.optional(),
});
/** See {@link message}. */
export type Message = z.infer<typeof message>;

/** A session with all its turns. */
export const transcript = z.object({ session, messages: z.array(message) });
/** See {@link transcript}. */
export type Transcript = z.infer<typeof transcript>;

/** What is kept: on disk, in memory until the engine ends, or nothing. */
export const historyKeeping = z.enum(["keep", "session", "off"]);
/** See {@link historyKeeping}. */
export type HistoryKeeping = z.infer<typeof historyKeeping>;

/** Around each hit in an excerpt stand these two characters, which no ordinary text contains. */
export const hitStart = "\u0002";
/** See {@link hitStart}. */
export const hitEnd = "\u0003";

/** Something the user should know about the history itself: that it was damaged, or is kept in memory only. */
export const historyNotice = z.object({ code: z.string(), message: z.string(), hint: z.string() });
/** See {@link historyNotice}. */
export type HistoryNotice = z.infer<typeof historyNotice>;

/** The history. */
export const sessionsContract = {
  list: oc
    .input(
      z.object({
        workspace: absolutePath.optional(),
        kind: z.string().optional(),
        limit: z.number().int().min(1).max(1000).default(200),
        before: timestamp.optional(),
      }),
    )
    .output(z.array(session)),
  /** Full-text search; an empty query lists everything. A query is words, never FTS5 syntax. */
  search: oc
    .input(
      z.object({ query: z.string().max(1000), workspace: absolutePath.optional(), limit: z.number().int().min(1).max(1000).default(200) }),
    )
    .output(z.array(session.extend({ excerpt: z.string() }))),
  show: oc.input(z.object({ id: z.string() })).output(transcript),
  /** Moves a session to the trash; `restore` brings it back until the trash is emptied (30 days). */
  remove: oc.input(z.object({ id: z.string() })).output(z.void()),
  restore: oc.input(z.object({ id: z.string() })).output(z.void()),
  /** Says which sessions changed, as it happens. */
  changes: oc.output(eventIterator(z.object({ id: z.string(), change: z.enum(["added", "updated", "removed"]) }))),
  /** What is to be told about the history; then again whenever another process has opened it. */
  notices: oc.output(eventIterator(z.array(historyNotice))),
};
