import type { ModelDimensions } from "../contracts/models.ts";
import type { ContextUse } from "./context-use.ts";

/** Memory a machine has for models. */
export interface MemoryOf {
  /** Bytes of main memory. */
  readonly total: number;
  /** Graphics processors; `memory` in bytes, `unified` when it is the main memory itself. */
  readonly gpu: readonly { readonly memory?: number; readonly unified: boolean }[];
  /** Bytes that models may take because somebody said so. */
  readonly limit?: number;
  /** Cores that a model may use; missing where that is not known yet. */
  readonly cores?: number;
}

/** What is known of a model's appetite. */
export interface ModelNeed {
  readonly bytes: number;
  readonly keyValueBytesPerToken?: number;
  readonly contextLength?: number;
  readonly dimensions?: ModelDimensions;
  /** Bytes of weights that a processor packs anew; missing where the file itself was not read. */
  readonly repackedBytes?: number;
  /** Bytes of the adapters it is loaded with. */
  readonly adapterBytes?: number;
}

/** What a model takes, in bytes, by what it is for. An estimate, within a tenth of what was measured. */
export interface MemoryEstimate {
  readonly weights: number;
  /** Keys and values of the texts it has read. */
  readonly cache: number;
  /** Numbers on their way through a layer. */
  readonly working: number;
  readonly vocabulary: number;
  /** Weights that lie in memory twice after loading; the system takes the copy of the file back when others need room. */
  readonly twice: number;
}

/** Tokens that are computed side by side; each of them has its own numbers on their way. */
const batch = 512;
/** The compute buffer grows with the model; a tenth of the weights covers it where its dimensions are not known. */
const leastBufferBytes = 150 * 2 ** 20;
/** Measured with vocabularies of 150 and of 260 thousand tokens. */
const bytesPerToken = 720;
const bytesPerMerge = 240;
/** What a context costs beside its numbers, which llama.cpp keeps for a whole batch: of the widest layer, or of all tokens there are. */
const contextBytes = 10 * 2 ** 20;

/** Estimates what a model takes with the given contexts, from what the head of its file says. */
export function estimateMemory(model: ModelNeed, contexts: readonly ContextUse[], on: "cpu" | "gpu" = "cpu"): MemoryEstimate {
  // Without a known architecture: about what a 7B with grouped attention takes, scaled by the weights.
  const perToken = model.keyValueBytesPerToken ?? Math.round(model.bytes / 80_000);
  const tokens = contexts.reduce((sum, { size, sequences }) => sum + Math.min(size, model.contextLength ?? size) * sequences, 0);
  const { dimensions } = model;
  const working = dimensions
    ? (contextBytes + batch * 4 * (Math.max(dimensions.vocabulary, 2 * dimensions.feedForward) + 2 * dimensions.embedding)) *
      contexts.length
    : Math.max(leastBufferBytes, model.bytes * 0.1);
  return {
    weights: model.bytes + (model.adapterBytes ?? 0),
    cache: perToken * tokens,
    working: Math.round(working),
    vocabulary: dimensions ? dimensions.vocabulary * bytesPerToken + dimensions.merges * bytesPerMerge : 0,
    twice: on === "cpu" ? (model.repackedBytes ?? 0) : 0,
  };
}

/** Bytes a model cannot do without while it runs: one text of so many tokens, or contexts as they are opened. An estimate. */
export function memoryNeed(model: ModelNeed, context: number | readonly ContextUse[]): number {
  const contexts = typeof context === "number" ? [{ size: context, sequences: 1 }] : context;
  const { weights, cache, working, vocabulary } = estimateMemory(model, contexts);
  return weights + cache + working + vocabulary;
}

/** Bytes models may take beside the system: two thirds of unified memory, else main memory less what a desktop needs, or the card's. */
export function memoryBudget(memory: MemoryOf): number {
  if (memory.limit) return memory.limit;
  if (memory.gpu.some((gpu) => gpu.unified)) return Math.round((memory.total * 2) / 3);
  const main = Math.max(memory.total - 3 * 2 ** 30, memory.total * 0.45);
  const card = Math.max(0, ...memory.gpu.map((gpu) => gpu.memory ?? 0));
  return Math.round(Math.max(main, card * 0.9));
}

/** True when something other than the CPU can hold this much. */
export function fitsOnGpu(memory: MemoryOf, need: number): boolean {
  if (memory.limit && need > memory.limit) return false;
  return memory.gpu.some((gpu) => (gpu.unified ? (memory.total * 2) / 3 : (gpu.memory ?? 0) * 0.9) >= need);
}
