import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath, provider, stopReason, timestamp, tokenCounts } from "./common.ts";

/** A place in a document for people: line and column count from 1. */
const documentPosition = z.object({ line: z.number().int().positive(), column: z.number().int().positive() });

/** A request for ghost text. Text is sent as a window around the cursor; `prefix` ends and `suffix` begins at the cursor. */
export const completionRequest = z.object({
  /** Where the document lies; also for names in the prompt. Untitled documents give their title. */
  path: z.string().max(32_768),
  languageId: z.string().max(100).default("plaintext"),
  /** The workspace folder of the document; context never leaves it. */
  workspace: absolutePath.optional(),
  prefix: z.string().max(400_000),
  suffix: z.string().max(400_000),
  /** Where the cursor stands in the document, for the list of requests; without it, where it stands in the text that was sent. */
  position: documentPosition.optional(),
  trigger: z.enum(["automatic", "manual"]).default("automatic"),
  /** True: thresholds for display are applied, and a suggestion too uncertain to show comes back empty with `hidden`. */
  asShown: z.boolean().default(false),
  /** True: somebody looks at the answer, so it is checked before, whatever the thresholds; implied by `asShown`. */
  seen: z.boolean().default(false),
  /** Most tokens to write; the rules of a line or block usually end it sooner. */
  maxTokens: z.number().int().min(1).max(512).optional(),
  /** Milliseconds to wait before the model is asked; an answer that is known already comes at once. */
  wait: z.number().int().min(0).max(5000).default(0),
  /** How many different suggestions are wanted at most. */
  alternatives: z.number().int().min(1).max(3).default(1),
  /** Milliseconds for the lines after the first; by default what suits the trigger. */
  blockMilliseconds: z.number().min(0).max(60_000).optional(),
});
/** See {@link completionRequest}. */
export type CompletionRequest = z.input<typeof completionRequest>;

/** Why there is no suggestion although nothing failed. */
export const hiddenReason = z.enum([
  "uncertain",
  "empty",
  "switched-off",
  "paused",
  "excluded",
  "in-comment",
  "in-string",
  "mid-word",
  "no-model",
  "repeats-suffix",
  "broken",
]);
/** See {@link hiddenReason}. */
export type HiddenReason = z.infer<typeof hiddenReason>;

/** Another suggestion for the same place. */
export const alternative = z.object({
  text: z.string(),
  replaces: z.number().int().nonnegative(),
  confidence: z.number().min(0).max(1),
});
/** See {@link alternative}. */
export type Alternative = z.infer<typeof alternative>;

/** How a suggestion was checked: found right, made right, not in time, or in a language nobody checks. */
export const checkOutcome = z.enum(["passed", "repaired", "late", "none"]);
/** See {@link checkOutcome}. */
export type CheckOutcome = z.infer<typeof checkOutcome>;

/** The suggestion. `text` is exactly what is to be inserted at the cursor. */
export const completionResult = z.object({
  /** Answers to typing along a suggestion have the id of its first one. */
  id: z.string(),
  text: z.string(),
  /** How many UTF-16 units right of the cursor the text replaces (closers that the text itself ends with). */
  replaces: z.number().int().nonnegative(),
  model: z.string(),
  /** What answered; missing where nothing was asked. */
  provider: provider.optional(),
  /** Geometric mean of the token probabilities, 0 to 1. */
  confidence: z.number().min(0).max(1),
  tokens: tokenCounts,
  milliseconds: z.number().nonnegative(),
  stop: stopReason,
  hidden: hiddenReason.optional(),
  /** Further suggestions, where several were asked for. */
  alternatives: z.array(alternative).default([]),
  check: checkOutcome.default("none"),
  /** True where the answer was known from before and no model was asked. */
  known: z.boolean().default(false),
});
/** See {@link completionResult}. */
export type CompletionResult = z.infer<typeof completionResult>;

/** Why a window did not even ask: what it knows of the editor, and the engine does not. */
export const silence = z.enum([
  "switched-off",
  "paused",
  "excluded",
  "several-cursors",
  "selection",
  "deleted",
  "undone",
  "pasted",
  "mid-word",
]);
/** See {@link silence}. */
export type Silence = z.infer<typeof silence>;

/** What became of a suggestion that was shown. */
export const outcome = z.enum(["shown", "accepted", "partly", "rejected"]);
/** See {@link outcome}. */
export type Outcome = z.infer<typeof outcome>;

/** One request as the list of the last ones shows it. Texts are code: they stay in memory. */
export const requestRecord = documentPosition.extend({
  id: z.string(),
  at: timestamp,
  path: z.string(),
  languageId: z.string(),
  trigger: z.enum(["automatic", "manual"]),
  /** What became of it, or that it waits. `shown`: there was something to show. */
  state: z.enum(["waiting", "shown", "hidden", "cancelled", "failed"]),
  /** Why nothing was shown, or why nothing was asked. */
  hidden: z.union([hiddenReason, silence]).optional(),
  /** Why it failed, as a sentence. */
  reason: z.string().optional(),
  model: z.string().optional(),
  /** What the model was doing when it was asked, so that the request had to wait. */
  busyWith: z.enum(["loading", "answer"]).optional(),
  /** The pieces of the prompt in order. */
  prompt: z.array(z.object({ name: z.enum(["names", "context", "window", "suffix", "middle"]), label: z.string(), tokens: z.number() })),
  tokens: tokenCounts,
  milliseconds: z.object({
    /** Before the model was asked, so that not every key asks it. */
    wait: z.number(),
    /** Until it was this request's turn. */
    queue: z.number(),
    evaluating: z.number(),
    generating: z.number(),
    checking: z.number(),
    total: z.number(),
  }),
  /** The suggestions that were made, the first one first. */
  candidates: z.array(z.object({ text: z.string(), confidence: z.number(), shown: z.boolean(), why: hiddenReason.optional() })),
  check: checkOutcome,
  /** True where the answer was known from before and no model was asked. */
  known: z.boolean(),
  stop: stopReason.optional(),
  outcome: outcome.optional(),
});
/** See {@link requestRecord}. */
export type RequestRecord = z.infer<typeof requestRecord>;

/** After how many seconds one looks how much of an accepted suggestion is still there. */
export const retentionSeconds = z.union([z.literal(30), z.literal(300)]);
/** See {@link retentionSeconds}. */
export type RetentionSeconds = z.infer<typeof retentionSeconds>;

/** How suggestions fared, counted on this machine alone. */
export const completionStatistics = z.object({
  /** Since when is counted. */
  since: timestamp,
  shown: z.number().int(),
  accepted: z.number().int(),
  partly: z.number().int(),
  rejected: z.number().int(),
  /** Suggestions that were shown unchecked because the check took too long. */
  unchecked: z.number().int(),
  /** Characters of accepted suggestions that are still there after a time, of those that were looked at then. */
  retained: z.array(z.object({ seconds: retentionSeconds, characters: z.number().int(), of: z.number().int() })),
});
/** See {@link completionStatistics}. */
export type CompletionStatistics = z.infer<typeof completionStatistics>;

/** What the user did that tells the project's context apart from noise. */
export const observation = z.discriminatedUnion("kind", [
  /** Lines of a file that were just edited. */
  z.object({
    kind: z.literal("edited"),
    path: z.string().max(32_768),
    languageId: z.string().max(100),
    workspace: absolutePath.optional(),
    text: z.string().max(20_000),
  }),
  /** Lines of a file that stand in view beside the one being edited. */
  z.object({
    kind: z.literal("visible"),
    path: z.string().max(32_768),
    languageId: z.string().max(100),
    workspace: absolutePath.optional(),
    text: z.string().max(20_000),
  }),
  /** Text that was copied from a file. */
  z.object({
    kind: z.literal("copied"),
    path: z.string().max(32_768),
    workspace: absolutePath.optional(),
    text: z.string().max(20_000),
  }),
]);
/** See {@link observation}. */
export type Observation = z.infer<typeof observation>;

/** Ghost text. A call is cancelled by its AbortSignal, and a newer call for the same path cancels the older one. */
export const completionContract = {
  complete: oc.input(completionRequest).output(completionResult),
  /** Reads the text around a cursor that rests in the background, so that the next key costs little. */
  prepare: oc.input(completionRequest).output(z.void()),
  /** Tells that nothing was asked, and why, for the list of the last requests. */
  skipped: oc
    .input(documentPosition.extend({ path: z.string().max(32_768), languageId: z.string().max(100), why: silence }))
    .output(z.void()),
  /** Tells what became of a shown suggestion: counted on this machine and told to nobody. */
  outcome: oc.input(z.object({ id: z.string().max(100), outcome })).output(z.void()),
  /** Tells how many characters of an accepted suggestion are still there, of how many. */
  retained: oc
    .input(
      z.object({
        seconds: retentionSeconds,
        characters: z.number().int().nonnegative().max(1_000_000),
        of: z.number().int().positive().max(1_000_000),
      }),
    )
    .output(z.void()),
  /** Tells what the user did; text of files that are excluded, or of none in the workspace, is thrown away. */
  observe: oc.input(observation).output(z.void()),
  /** The last requests of all windows, newest first. */
  requests: oc.output(z.array(requestRecord)),
  /** No suggestions by themselves for some minutes, in every window; 0 ends a pause. */
  pause: oc.input(z.object({ minutes: z.number().min(0).max(1440) })).output(z.void()),
  /**
   * Says at once and after each change until when suggestions pause, and what the newest request is. Without `requests` it is silent
   * about those: they change several times a key.
   */
  watch: oc
    .input(z.object({ requests: z.boolean().default(true) }).default({ requests: true }))
    .output(eventIterator(z.object({ pausedUntil: timestamp.optional(), newest: requestRecord.optional() }))),
  statistics: oc.output(completionStatistics),
  resetStatistics: oc.output(z.void()),
};
