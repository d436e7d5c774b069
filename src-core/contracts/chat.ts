import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath, provider, stopReason, timestamp, tokenCounts } from "./common.ts";
import { attachment } from "./message-context.ts";
import { sessionState } from "./sessions.ts";

/**
 * Chat: a thread is a session of kind "chat", with the same id, so the history lists, finds and deletes it. Each turn is sent to the
 * model exactly as it was given, in order, so that the next turn evaluates only what is new.
 */

/** Rush: the smallest model, no search in the project, no second try. Smart: the largest that fits, with search and checks. */
export const chatMode = z.enum(["rush", "smart"]);
/** See {@link chatMode}. */
export type ChatMode = z.infer<typeof chatMode>;

/** What a message is answered with; where nothing is said, as the thread was answered last, else the model for explanations and chat. */
const asked = z.object({
  text: z.string().max(5_000_000),
  workspace: absolutePath.optional(),
  attachments: z.array(attachment).max(100).default([]),
  /** Names of attachments, as what the model saw has them, that are not to be given to it: attached, found or remembered. */
  exclude: z.array(z.string().max(40_000)).max(100).default([]),
  mode: chatMode.optional(),
  /** Catalogue id or path of a model; goes before the mode. "auto" forgets what was chosen before. */
  model: z.string().max(32_768).optional(),
});

/** A message to a thread; without a thread it begins one. */
export const chatRequest = asked.extend({ threadId: z.string().max(100).optional() });
/** See {@link chatRequest}. */
export type ChatRequest = z.input<typeof chatRequest>;

/** What one answer was made by, and what it took. */
export const answerFacts = z.object({
  model: z.string(),
  provider: provider.optional(),
  /** Where it ran, in words: "this machine", or a server's name. */
  place: z.string(),
  mode: chatMode.optional(),
  tokens: tokenCounts,
  tokensPerSecond: z.number(),
  /** Until the first token, and altogether. */
  firstMilliseconds: z.number().nonnegative(),
  milliseconds: z.number().nonnegative(),
  stop: stopReason,
});
/** See {@link answerFacts}. */
export type AnswerFacts = z.infer<typeof answerFacts>;

/** An answer of a thread. */
export const chatAnswer = answerFacts.extend({
  threadId: z.string(),
  /** Id of the answer's message; 0 where it could not be kept. */
  messageId: z.number().int(),
  text: z.string(),
  /** Places of the project that were found for the question and shown to the model. */
  sources: z.array(z.object({ path: z.string(), from: z.number().int(), to: z.number().int() })).optional(),
});
/** See {@link chatAnswer}. */
export type ChatAnswer = z.infer<typeof chatAnswer>;

/** The stream of one answer. */
export const chatEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("started"),
    threadId: z.string(),
    title: z.string(),
    /** Id of the question's message. */
    questionId: z.number().int(),
    model: z.string(),
    provider: provider.optional(),
    place: z.string(),
  }),
  z.object({ type: z.literal("waiting"), reason: z.string() }),
  z.object({ type: z.literal("reading"), evaluated: z.number(), total: z.number() }),
  z.object({ type: z.literal("text"), text: z.string() }),
  /** Something the user should know although the answer goes on, for example that older turns were summarised. */
  z.object({ type: z.literal("notice"), code: z.string(), message: z.string(), hint: z.string().optional() }),
  z.object({ type: z.literal("finished"), answer: chatAnswer }),
]);
/** See {@link chatEvent}. */
export type ChatEvent = z.infer<typeof chatEvent>;

/** One turn of a thread. Notes are ours: what was dropped, what went wrong. */
export const chatTurn = z.object({
  id: z.number().int(),
  role: z.enum(["user", "assistant", "note"]),
  text: z.string(),
  created: timestamp,
  attachments: z.array(attachment),
  /** Of an answer; missing while it is written, and of one that was stopped or failed. */
  facts: answerFacts.optional(),
  /** Of an answer: another model's, on the question that the answer before it is for. */
  secondOpinion: z.boolean().optional(),
});
/** See {@link chatTurn}. */
export type ChatTurn = z.infer<typeof chatTurn>;

/** A thread with its turns. */
export const chatThread = z.object({
  id: z.string(),
  title: z.string(),
  state: sessionState,
  created: timestamp,
  updated: timestamp,
  workspace: z.string().optional(),
  turns: z.array(chatTurn),
});
/** See {@link chatThread}. */
export type ChatThread = z.infer<typeof chatThread>;

/** What a mode would take here now. */
export const modeExpectation = z.object({
  /** "auto": the model for explanations and chat, without either mode. */
  mode: z.enum(["auto", "rush", "smart"]),
  model: z.string(),
  provider: provider.optional(),
  place: z.string(),
  /** Until an answer of usual length is there, by what was measured on this machine; missing where nothing was measured yet. */
  seconds: z.number().optional(),
});
/** See {@link modeExpectation}. */
export type ModeExpectation = z.infer<typeof modeExpectation>;

/** Who would give a second opinion, and what that takes. */
export const opinionExpectation = modeExpectation.omit({ mode: true }).extend({
  /** Bytes of the model's file. */
  bytes: z.number().int().optional(),
  /** True where it is in memory already. */
  isLoaded: z.boolean(),
});
/** See {@link opinionExpectation}. */
export type OpinionExpectation = z.infer<typeof opinionExpectation>;

/** Chat. Closing a stream or aborting the call stops the model; what was written by then stays in the thread. */
export const chatContract = {
  /** Messages to one thread are answered one after the other. */
  send: oc.input(chatRequest).output(eventIterator(chatEvent)),
  /** Sends a message in the place of an earlier one. The thread as it was until then stays in the history as a thread of its own. */
  edit: oc
    .input(
      asked.extend({
        threadId: z.string().max(100),
        messageId: z.number().int(),
        /** True where the same question was answered already and another answer is wanted. */
        again: z.boolean().optional(),
      }),
    )
    .output(eventIterator(chatEvent)),
  /** Reads what a message that is being written will need, in the background, and answers how many tokens that took. Nothing is kept. */
  readAhead: oc.input(chatRequest).output(z.object({ evaluated: z.number().int() })),
  /** Copies a thread up to and including a message, or all of it, into a new one, and answers its id. */
  branch: oc
    .input(z.object({ threadId: z.string().max(100), messageId: z.number().int().optional() }))
    .output(z.object({ threadId: z.string() })),
  /** Begins a new thread with a summary of an old one and the files it was about. `finished` has the id of the new one. */
  handoff: oc
    .input(z.object({ threadId: z.string().max(100), goal: z.string().max(20_000).default(""), model: z.string().max(32_768).optional() }))
    .output(eventIterator(chatEvent)),
  /** Who would give a second opinion on the last answer of a thread: the largest other model on this machine that fits. */
  opinionExpectation: oc.input(z.object({ threadId: z.string().max(100) })).output(opinionExpectation),
  /** Has that model answer the last question as well. It stands beside the answer, and no later prompt holds it. */
  secondOpinion: oc.input(z.object({ threadId: z.string().max(100) })).output(eventIterator(chatEvent)),
  thread: oc.input(z.object({ threadId: z.string().max(100) })).output(chatThread),
  /** The model of each mode, and the seconds a message with so many tokens would take. */
  expectations: oc
    .input(z.object({ workspace: absolutePath.optional(), promptTokens: z.number().int().nonnegative().default(400) }))
    .output(z.array(modeExpectation)),
};
