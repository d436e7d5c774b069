import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath, provider, seed, slices, stopReason, timestamp, tokenCounts } from "./common.ts";
import { messageContext } from "./message-context.ts";

/** How a session ended, or that it has not. */
export const sessionState = z.enum(["running", "done", "stopped", "failed", "interrupted"]);

/** What became of a proposal. */
export const sessionOutcome = z.enum(["kept", "undone", "partly"]);
/** See {@link sessionOutcome}. */
export type SessionOutcome = z.infer<typeof sessionOutcome>;

/** A word or two the user puts sessions together with. */
export const sessionLabel = z.string().trim().min(1).max(60);

/** Where a session came from: it goes on from a copy, asks again, was handed over, or was read from a file. */
export const sessionOrigin = z.object({ id: z.string(), how: z.enum(["branch", "replay", "handoff", "import"]) });

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
  /** When it was archived. */
  archived: timestamp.optional(),
  labels: z.array(sessionLabel).optional(),
  /** What became of its proposal, where it made one. */
  outcome: sessionOutcome.optional(),
  /** The session it came from. */
  origin: sessionOrigin.optional(),
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
  /** Of a chat: until the first token, and where it ran, in words. */
  firstMilliseconds: z.number().nonnegative().optional(),
  place: z.string().optional(),
  stop: stopReason,
  temperature: z.number(),
  seed: seed.optional(),
  slices: slices.optional(),
  /** True where it was written with guesses from the prompt. */
  lookAhead: z.boolean().optional(),
  /** What the user typed along with an action. */
  instruction: z.string().optional(),
  /** What the answer was made to begin with. */
  answerPrefix: z.string().default(""),
  /** Texts before which the answer was made to end. */
  stops: z.array(z.string()).optional(),
  /** What the model wrote to the letter, only where that is not the text of the message. */
  written: z.string().optional(),
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
  /** Of a chat. */
  context: messageContext.optional(),
});
/** See {@link message}. */
export type Message = z.infer<typeof message>;

/** A change a session proposed or made, as `git apply` takes it. */
export const sessionPatch = z.object({ diff: z.string(), created: timestamp });
/** See {@link sessionPatch}. */
export type SessionPatch = z.infer<typeof sessionPatch>;

/** A session with all its turns. */
export const transcript = z.object({ session, messages: z.array(message), patches: z.array(sessionPatch).optional() });
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

/** Which sessions are meant; what is not named does not matter. */
export const sessionFilter = z.object({
  /** The beginning of its id. */
  id: z.string().max(100).optional(),
  workspace: absolutePath.optional(),
  kind: z.string().max(100).optional(),
  /** A part of the path of its file. */
  path: z.string().max(32_768).optional(),
  /** A part of the name of the model that answered. */
  model: z.string().max(1000).optional(),
  label: sessionLabel.optional(),
  outcome: sessionOutcome.optional(),
  /** Begun at this time or later. */
  from: timestamp.optional(),
  /** Begun before this time. */
  to: timestamp.optional(),
  archived: z.enum(["without", "only", "with"]).default("without"),
  limit: z.number().int().min(1).max(1000).default(200),
});
/** See {@link sessionFilter}. */
export type SessionFilter = z.output<typeof sessionFilter>;

/** What there is to filter by, the most frequent first. */
export const historyFacets = z.object({
  kinds: z.array(z.string()),
  models: z.array(z.string()),
  labels: z.array(z.string()),
  archived: z.number().int(),
});
/** See {@link historyFacets}. */
export type HistoryFacets = z.infer<typeof historyFacets>;

/** What came of asking the same again. */
export const replayed = z.object({
  /** The session in which the new answer stands; empty where no history is kept. */
  sessionId: z.string(),
  model: z.string(),
  text: z.string(),
  /** True when it is the same answer to the letter. */
  same: z.boolean(),
  /** The difference of the texts, as a unified diff; empty for the same. */
  diff: z.string(),
  /** Why a difference says nothing about the model: what was not recorded, or not the same. */
  because: z.string().optional(),
});
/** See {@link replayed}. */
export type Replayed = z.infer<typeof replayed>;

/** The stream of a replay. */
export const replayEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("started"), sessionId: z.string(), model: z.string() }),
  z.object({ type: z.literal("waiting"), reason: z.string() }),
  z.object({ type: z.literal("reading"), evaluated: z.number(), total: z.number() }),
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("finished"), replayed }),
]);
/** See {@link replayEvent}. */
export type ReplayEvent = z.infer<typeof replayEvent>;

/** The history. */
export const sessionsContract = {
  list: oc.input(sessionFilter.extend({ before: timestamp.optional() })).output(z.array(session)),
  /** Full-text search; an empty query lists everything. A query is words, never FTS5 syntax. */
  search: oc.input(sessionFilter.extend({ query: z.string().max(1000) })).output(z.array(session.extend({ excerpt: z.string() }))),
  /** What the sessions of a workspace, or all, can be filtered by. */
  facets: oc.input(z.object({ workspace: absolutePath.optional() })).output(historyFacets),
  show: oc.input(z.object({ id: z.string() })).output(transcript),
  /** Changes what the user says of a session; what is not named stays. Labels are replaced as a whole. */
  update: oc
    .input(
      z.object({
        id: z.string(),
        title: z.string().trim().min(1).max(300).optional(),
        labels: z.array(sessionLabel).max(20).optional(),
        archived: z.boolean().optional(),
      }),
    )
    .output(session),
  /** What the user did with the proposal of a session, and the change that was made where it was kept. */
  report: oc.input(z.object({ id: z.string(), outcome: sessionOutcome, diff: z.string().max(20_000_000).optional() })).output(z.void()),
  /** A copy to go on from, up to and with a message, or of all of it. */
  branch: oc.input(z.object({ id: z.string(), upTo: z.number().int().optional() })).output(session),
  /** Takes over what {@link sessionsContract.show} gave elsewhere, all or nothing. A taken id is renewed unless it is the same session. */
  import: oc
    .input(z.object({ transcripts: z.array(transcript).min(1).max(1000) }))
    .output(z.object({ added: z.array(session), known: z.array(session) })),
  /** Deletes for good what belongs to a workspace, the trash as well; answers how many there were. */
  forget: oc.input(z.object({ workspace: absolutePath })).output(z.object({ sessions: z.number().int() })),
  /** Writes a copy of the whole history to a new file while everything goes on; streams how far it is, from 0 to 1. */
  backUp: oc.input(z.object({ path: absolutePath })).output(eventIterator(z.object({ done: z.number() }))),
  /**
   * Asks what led to an answer of a session once more: its last one, or the one named. With the same model from nothing, with the
   * recorded chance; or with another model (a catalogue id or a path).
   */
  replay: oc
    .input(z.object({ id: z.string(), messageId: z.number().int().optional(), model: z.string().max(32_768).optional() }))
    .output(eventIterator(replayEvent)),
  /** Moves a session to the trash; `restore` brings it back until the trash is emptied (30 days). */
  remove: oc.input(z.object({ id: z.string() })).output(z.void()),
  restore: oc.input(z.object({ id: z.string() })).output(z.void()),
  /** Says which sessions changed, as it happens. */
  changes: oc.output(eventIterator(z.object({ id: z.string(), change: z.enum(["added", "updated", "removed"]) }))),
  /** What is to be told about the history; then again whenever another process has opened it. */
  notices: oc.output(eventIterator(z.array(historyNotice))),
};
