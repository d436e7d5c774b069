import { oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath, stopReason, tokenCounts } from "./common.ts";

/** A request for ghost text. Text is sent as a window around the cursor; `prefix` ends and `suffix` begins at the cursor. */
export const completionRequest = z.object({
  /** Where the document lies; also for names in the prompt. Untitled documents give their title. */
  path: z.string().max(32_768),
  languageId: z.string().max(100).default("plaintext"),
  /** The workspace folder of the document; context never leaves it. */
  workspace: absolutePath.optional(),
  prefix: z.string().max(400_000),
  suffix: z.string().max(400_000),
  trigger: z.enum(["automatic", "manual"]).default("automatic"),
  /** True: thresholds for display are applied, and a suggestion too uncertain to show comes back empty with `hidden`. */
  asShown: z.boolean().default(false),
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

/** The suggestion. `text` is exactly what is to be inserted at the cursor. */
export const completionResult = z.object({
  id: z.string(),
  text: z.string(),
  /** How many UTF-16 units right of the cursor the text replaces (closers that the text itself ends with). */
  replaces: z.number().int().nonnegative(),
  model: z.string(),
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

/** Ghost text. A call is cancelled by its AbortSignal, and a newer call for the same path cancels the older one. */
export const completionContract = {
  complete: oc.input(completionRequest).output(completionResult),
  /** Reads the text around a cursor that rests in the background, so that the next key costs little. */
  prepare: oc.input(completionRequest).output(z.void()),
  /** Tells what became of a shown suggestion: local statistics only. */
  outcome: oc.input(z.object({ id: z.string(), outcome: z.enum(["shown", "accepted", "partly", "rejected"]) })).output(z.void()),
};
