import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath, provider, timestamp } from "./common.ts";

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

/** One turn of a session. */
export const message = z.object({
  id: z.number().int(),
  role: z.enum(["system", "user", "assistant", "note"]),
  text: z.string(),
  created: timestamp,
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
