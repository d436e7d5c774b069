import type { LoadOptions } from "../contracts/inference.ts";
import type { ContextUse } from "./context-use.ts";
import { estimateMemory, type ModelNeed } from "./fit.ts";

/** How keys and values of a context are kept. */
export type KeyValueType = LoadOptions["keyValueType"];

/** Memory of a key or a value beside that of the usual kind with 16 bits. */
export const keyValueShare: Readonly<Record<KeyValueType, number>> = { f16: 1, q8_0: 0.53, q4_0: 0.28 };

/** Bytes a model takes with these contexts; where it is loaded already, those of the contexts and adapters alone. An estimate. */
export function memoryWith(model: ModelNeed, contexts: readonly ContextUse[], keyValueType: KeyValueType, loaded = false): number {
  const { weights, cache, working, vocabulary } = estimateMemory(model, contexts);
  return (loaded ? (model.adapterBytes ?? 0) : weights + vocabulary) + cache * keyValueShare[keyValueType] + working;
}
