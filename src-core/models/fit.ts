/** Memory a machine has for models. */
export interface MemoryOf {
  /** Bytes of main memory. */
  readonly total: number;
  /** Graphics processors; `memory` in bytes, `unified` when it is the main memory itself. */
  readonly gpu: readonly { readonly memory?: number; readonly unified: boolean }[];
}

/** What is known of a model's appetite. */
export interface ModelNeed {
  readonly bytes: number;
  readonly keyValueBytesPerToken?: number;
  readonly contextLength?: number;
}

/** The compute buffer grows with the model; a tenth of the weights covers it, and small models need some in any case. */
const leastBufferBytes = 150 * 2 ** 20;

/** Bytes a model takes while it runs: weights, key-value cache for the context, compute buffer. An estimate. */
export function memoryNeed(model: ModelNeed, contextSize: number): number {
  const context = Math.min(contextSize, model.contextLength ?? contextSize);
  // Without a known architecture: about what a 7B with grouped attention takes, scaled by the weights.
  const perToken = model.keyValueBytesPerToken ?? Math.round(model.bytes / 80_000);
  return Math.round(model.bytes + perToken * context + Math.max(leastBufferBytes, model.bytes * 0.1));
}

/** Bytes models may take beside the system: two thirds of unified memory, else main memory less what a desktop needs, or the card's. */
export function memoryBudget(memory: MemoryOf): number {
  if (memory.gpu.some((gpu) => gpu.unified)) return Math.round((memory.total * 2) / 3);
  const main = Math.max(memory.total - 3 * 2 ** 30, memory.total * 0.45);
  const card = Math.max(0, ...memory.gpu.map((gpu) => gpu.memory ?? 0));
  return Math.round(Math.max(main, card * 0.9));
}

/** True when something other than the CPU can hold this much. */
export function fitsOnGpu(memory: MemoryOf, need: number): boolean {
  return memory.gpu.some((gpu) => (gpu.unified ? (memory.total * 2) / 3 : (gpu.memory ?? 0) * 0.9) >= need);
}
