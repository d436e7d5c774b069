import { z } from "zod";

/** What of the project a message is about. Its text is taken when the message is sent and stays with the message. */
export const attachment = z.object({
  kind: z.enum(["file", "range", "selection", "symbol", "problems", "changes", "folder", "found", "memory", "text"]),
  /** Path in the workspace, or another name of it; empty for what belongs to no file. */
  path: z.string().max(32_768).default(""),
  languageId: z.string().max(100).optional(),
  /** First and last line, from 1. */
  from: z.number().int().positive().optional(),
  to: z.number().int().positive().optional(),
  text: z.string().max(5_000_000),
  /** What of it is not in the text, in a few words, for example "70 more left out". */
  leftOut: z.string().max(1000).optional(),
});
/** See {@link attachment}. */
export type Attachment = z.output<typeof attachment>;

/** What became of the older part of a thread so that it fits: kept with the thread, because a prompt must stay as it was. */
export const compaction = z.object({
  /** Of so many turns, from the beginning, the attachments are only named. */
  namedTo: z.number().int().nonnegative(),
  /** So many turns, from the beginning, are left out. */
  summarisedTo: z.number().int().nonnegative(),
  /** Stands for the turns that are left out; empty for none. */
  summary: z.string(),
  /** Files that are shown with the summary. */
  attachments: z.array(attachment),
});
/** See {@link compaction}. */
export type Compaction = z.infer<typeof compaction>;

/** What belongs to a message of a chat beside its text. */
export const messageContext = z.object({
  attachments: z.array(attachment).optional(),
  /** What the question was to be answered with. */
  mode: z.enum(["rush", "smart"]).optional(),
  model: z.string().optional(),
  /** Of an answer: a second opinion on the answer before it, by another model. No prompt of the thread holds it. */
  secondOpinion: z.boolean().optional(),
  /** Of a note: what is left out from here on. */
  compaction: compaction.optional(),
  /** Of a note: the turn, counted from 1, that was never shown to the model. */
  refused: z.number().int().optional(),
});
/** See {@link messageContext}. */
export type MessageContext = z.infer<typeof messageContext>;
