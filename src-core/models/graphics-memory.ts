import type { ContextUse } from "./context-use.ts";
import { estimateMemory, type ModelNeed } from "./fit.ts";
import { type KeyValueType, keyValueShare } from "./memory-with.ts";

/** The weights of a model, layer by layer, as its head tells. */
export interface LayeredModel extends ModelNeed {
  /** Bytes of the weights of each layer, the first one first; empty where that is not known. */
  readonly layerBytes: readonly number[];
  /** Bytes of what turns the last layer into tokens. */
  readonly outputBytes: number;
}

/**
 * Bytes that lie on a graphics card with so many layers there; -1 is all. By llama.cpp's rules: the output is the first that goes there,
 * then the layers from the last one back, each with its keys and values; the tokens' own weights stay in main memory. Undefined where the
 * layers are not known.
 */
export function memoryOnCard(
  model: LayeredModel,
  contexts: readonly ContextUse[],
  keyValueType: KeyValueType,
  gpuLayers: number,
): number | undefined {
  const { layerBytes, outputBytes } = model;
  if (layerBytes.length === 0) return undefined;
  if (gpuLayers === 0) return 0;
  const first = gpuLayers < 0 ? 0 : Math.max(0, layerBytes.length - gpuLayers + 1);
  const weights = layerBytes.slice(first).reduce((sum, bytes) => sum + bytes, outputBytes);
  const { cache, working } = estimateMemory(model, contexts, "gpu");
  const share = (layerBytes.length - first) / layerBytes.length;
  return Math.round(weights + cache * keyValueShare[keyValueType] * share + working);
}
