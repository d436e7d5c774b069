import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { absolutePath, seed, slices, stopReason, tokenCounts } from "./common.ts";
import { networkAttempt } from "./network.ts";

/** What the inference process is asked to compute. Only the engine speaks this contract. */

/** Queue classes, first come first served within one; a higher class makes a lower one wait at its next batch. */
export const priority = z.enum(["ghost-text", "inline-action", "chat", "background"]);
/** See {@link priority}. */
export type Priority = z.infer<typeof priority>;

/** How to load a model. */
export const loadOptions = z.object({
  path: absolutePath,
  gpu: z.enum(["auto", "metal", "cuda", "vulkan", "off"]),
  /** 0 means the number of physical cores. */
  threads: z.number().int(),
  /** Tokens of context for actions and chat; ghost text has a fixed one of its own. */
  contextSize: z.number().int(),
  use: z.enum(["completion", "chat", "both", "embedding"]),
  /** Layers on the graphics card; -1 means as many as fit. */
  gpuLayers: z.number().int(),
  /** How keys and values of the context are kept: fewer bits take less memory and cost a little accuracy. */
  keyValueType: z.enum(["f16", "q8_0", "q4_0"]),
  /** MB that all models together may take; 0 means a share of what is there. */
  memory: z.number(),
  /** Paths of models that must not make room for this one. */
  keep: z.array(absolutePath),
  /** Files of adapters (LoRA) that change what the model writes. */
  adapters: z.array(absolutePath),
  /** Where what threads left in the context is kept while the model is not in memory, how much of it and how long; missing: nowhere. */
  contexts: z.object({ folder: absolutePath, megabytes: z.number(), days: z.number() }).optional(),
});
/** See {@link loadOptions}. */
export type LoadOptions = z.infer<typeof loadOptions>;

/** Text of another place of the project that is shown to the model before the document. */
export const contextChunk = z.object({ path: z.string(), text: z.string() });
/** See {@link contextChunk}. */
export type ContextChunk = z.infer<typeof contextChunk>;

/**
 * How a model fills in best. Where the hole opens: at the cursor, as most tools do it, at the start of the cursor's line, some
 * lines above, or at the start of the window; whether the unfinished word is written again; and whether the names of repository and
 * file stand before it all, where the family has a place for them.
 */
export const infillLayout = z.object({
  anchor: z.enum(["cursor", "line", "above", "window"]),
  healing: z.boolean(),
  names: z.boolean().default(true),
});
/** See {@link infillLayout}. */
export type InfillLayout = z.infer<typeof infillLayout>;

/** A fill-in-the-middle request as text; the process turns it into the layout of the model and reuses what it evaluated before. */
export const infillRequest = z.object({
  /** Requests with the same document share one anchored hole. */
  document: z.string(),
  path: z.string(),
  repository: z.string().optional(),
  prefix: z.string(),
  suffix: z.string(),
  /** May the answer be several lines? The rule is applied by the completion service. "ahead": as far as it comes, by no rule. */
  shape: z.enum(["line", "block", "ahead"]),
  /** True where the line of blanks the cursor is on must not become deeper. */
  keepsDepth: z.boolean().default(false),
  maxTokens: z.number().int(),
  /** Milliseconds after the first line before a block is cut at a line end. */
  blockMilliseconds: z.number(),
  /** Writing ends where the model is less sure than this: of a token, or of a line as the product of its tokens. */
  thresholds: z.object({ token: z.number(), line: z.number() }).optional(),
  layout: infillLayout.default({ anchor: "above", healing: true, names: true }),
  /** Taken when the hole is opened anew, and kept as long as it stays: what comes first must not change with every key. */
  context: z.array(contextChunk).default([]),
  /** How many different answers are wanted at most; further ones branch off where the model was least sure. */
  alternatives: z.number().int().default(1),
  priority,
});
/** See {@link infillRequest}. */
export type InfillRequest = z.input<typeof infillRequest>;
/** An {@link InfillRequest} with its defaults filled in. */
export type ParsedInfillRequest = z.output<typeof infillRequest>;

/** One generated piece; `probability` is of its token before filters. Healed text is already taken away. */
export const infillPiece = z.object({ text: z.string(), probability: z.number() });

/** The outcome of an infill. */
export const infillResult = z.object({
  /** What is to be shown: cut by the rules and the thresholds. */
  pieces: z.array(infillPiece),
  /** Everything that was written, uncut. */
  written: z.array(infillPiece),
  /** True when the thresholds took something away. */
  doubted: z.boolean(),
  /** True when the model itself ended there. */
  ended: z.boolean(),
  tokens: tokenCounts,
  stop: stopReason,
  /** Other answers, the surest first. */
  alternatives: z.array(z.object({ pieces: z.array(infillPiece), doubted: z.boolean(), stop: stopReason })),
  /** Tokens of each part of the prompt, in order. */
  parts: z.array(z.object({ name: z.enum(["names", "context", "window", "suffix", "middle"]), label: z.string(), tokens: z.number() })),
  /** Missing where too little was computed to tell. */
  tokensPerSecond: z.number().optional(),
  milliseconds: z.object({ waiting: z.number(), evaluating: z.number(), generating: z.number() }),
});
/** See {@link infillResult}. */
export type InfillResult = z.infer<typeof infillResult>;

/** A chat-like request. */
export const generateRequest = z.object({
  messages: z.array(z.object({ role: z.enum(["system", "user", "assistant"]), text: z.string() })).min(1),
  /** Text the answer is made to begin with (for example an opening code fence); not repeated in the output. */
  answerPrefix: z.string().default(""),
  /** Generation ends before any of these texts. */
  stops: z.array(z.string()).default([]),
  temperature: z.number(),
  maxTokens: z.number().int(),
  /** Where chance begins; missing: anywhere. */
  seed: seed.optional(),
  /** Makes an answer again: begins from nothing and reads the prompt in the same slices, since those decide about the last bits. */
  slices: slices.optional(),
  /** The answer is the likeliest of these, told by its first token alone; none: the model writes what it likes. */
  choices: z.array(z.string().min(1).max(100)).max(10).default([]),
  /** Guess from the prompt what the answer repeats of it: quicker where that is much, and at temperature 0 the same answer. */
  lookAhead: z.boolean().default(false),
  priority,
});
/** See {@link generateRequest}. */
export type GenerateRequest = z.input<typeof generateRequest>;

/** Messages that will be answered soon; the last one is still being written. */
export const readAheadRequest = generateRequest.pick({ messages: true });
/** See {@link readAheadRequest}. */
export type ReadAheadRequest = z.infer<typeof readAheadRequest>;

/** The stream of a generation. */
export const generateEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("reading"), evaluated: z.number(), total: z.number() }),
  z.object({ type: z.literal("text"), text: z.string() }),
  /** Something the user should know of this answer, for example that its prompt was cut. */
  z.object({ type: z.literal("notice"), code: z.string(), message: z.string(), hint: z.string().optional() }),
  z.object({
    type: z.literal("done"),
    tokens: tokenCounts,
    stop: stopReason,
    tokensPerSecond: z.number(),
    /** Missing where a server answered that does not take one. */
    seed: seed.optional(),
    /** How the evaluated part of the prompt was cut. */
    slices: slices.optional(),
    /** True where it was written with guesses, which an answer that is made again needs as well. */
    lookAhead: z.boolean().optional(),
    /** Of an answer that was one of some choices: how likely each was beside the others, in their order. */
    chances: z.array(z.number()).optional(),
  }),
]);
/** See {@link generateEvent}. */
export type GenerateEvent = z.infer<typeof generateEvent>;

/** Texts that are to become vectors. */
export const embedRequest = z.object({ texts: z.array(z.string()).max(1000), priority });
/** See {@link embedRequest}. */
export type EmbedRequest = z.infer<typeof embedRequest>;

/** How the loaded model is used. */
export const loaded = z.object({
  path: z.string(),
  name: z.string(),
  backend: z.string(),
  threads: z.number().int(),
  contextSize: z.number().int(),
  fillInTheMiddle: z.boolean(),
  bytes: z.number(),
  /** Every back end that was tried and what came of it; the last one is in use. */
  tried: z.array(z.object({ name: z.string(), result: z.string() })),
  /** Paths of models that had to make room for this one. */
  evicted: z.array(z.string()),
  /** Bytes of memory it is estimated to take, contexts included. */
  needed: z.number(),
});
/** See {@link loaded}. */
export type Loaded = z.infer<typeof loaded>;

/** What computes on this machine. */
export const backends = z.object({
  backend: z.string(),
  tried: z.array(z.object({ name: z.string(), result: z.string() })),
  gpus: z.array(z.object({ name: z.string(), memory: z.number().int().optional() })),
  cores: z.number().int(),
});
/** See {@link backends}. */
export type Backends = z.infer<typeof backends>;

/** The inference process. */
export const inferenceContract = {
  /**
   * Loads a model (or says that it is loaded) and streams the progress, 0 to 1, then what was loaded. Others go when there is no room
   * beside them, the one unused for longest first; where all that could go are to be kept, the end is `no-room`.
   */
  load: oc
    .input(loadOptions)
    .output(
      eventIterator(
        z.discriminatedUnion("type", [
          z.object({ type: z.literal("progress"), progress: z.number() }),
          z.object({ type: z.literal("loaded"), loaded }),
          z.object({ type: z.literal("no-room") }),
        ]),
      ),
    ),
  unload: oc.input(z.object({ path: absolutePath.optional() })).output(z.void()),
  /** Keeps what threads left in the contexts, before the process ends. */
  keep: oc.output(z.void()),
  /** Streams what is written, piece by piece, then the whole. */
  infill: oc
    .input(infillRequest.extend({ model: absolutePath }))
    .output(
      eventIterator(
        z.discriminatedUnion("type", [
          z.object({ type: z.literal("piece"), piece: infillPiece }),
          z.object({ type: z.literal("done"), result: infillResult }),
        ]),
      ),
    ),
  /** Evaluates the prompt of a place that will be asked for, without writing; what is typed there then costs only itself. */
  prepare: oc.input(infillRequest.extend({ model: absolutePath })).output(z.object({ evaluated: z.number().int() })),
  generate: oc.input(generateRequest.extend({ model: absolutePath })).output(eventIterator(generateEvent)),
  /** Evaluates what is sure of messages that will be answered, in the background; the answer then begins sooner. Tells how many tokens that took. */
  readAhead: oc.input(readAheadRequest.extend({ model: absolutePath })).output(z.object({ evaluated: z.number().int() })),
  /** A vector of length 1 for each text, in their order. Throws TOO_LARGE where one is longer than the model reads at once. */
  embed: oc.input(embedRequest.extend({ model: absolutePath })).output(z.array(z.array(z.number()))),
  countTokens: oc.input(z.object({ model: absolutePath, text: z.string() })).output(z.number().int()),
  /** What the machine's back ends are, without a model. */
  backends: oc.input(z.object({ gpu: loadOptions.shape.gpu })).output(backends),
  /** What the network gate of this process refused, from the beginning on. */
  attempts: oc.output(eventIterator(networkAttempt)),
  /** True while a request runs; for tests and for the idle unload. */
  ping: oc.output(z.object({ busy: z.boolean() })),
};
