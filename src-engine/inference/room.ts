import { basename } from "node:path";
import { UserError } from "#core/base/errors";
import type { LoadOptions } from "#core/contracts/inference";
import type { ContextUse } from "#core/models/context-use";
import { formatMemory } from "#core/models/format";

/** What is to be brought into memory. */
export interface RoomRequest extends Pick<LoadOptions, "path" | "gpu" | "keyValueType" | "adapters"> {
  /** Which contexts; what computes decides about their size. */
  contexts(graphics: boolean): readonly ContextUse[];
  /** True when the weights are in memory already. */
  readonly loaded: boolean;
  /** Bytes that models of ours have on a graphics card now. */
  readonly onGraphics: number;
}

/** Bytes it takes, and bytes there would be for models if none of ours was in memory. Estimates. */
export interface Room {
  readonly needed: number;
  readonly available: number;
}

/** Models share the machine with the editor, the browser and whatever else is open. */
const share = 0.7;

/** Bytes all models together may take: what the setting says in MB, else a share of what is there. */
export function sharedBudget(setting: number, available: number): number {
  return setting > 0 ? setting * 2 ** 20 : available * share;
}

/** Contexts worth proposing where the one that was asked for is too large. */
const smallerContexts = [16_384, 8192, 4096, 2048, 1024];

/** Says with numbers why a model is refused, and what would go. `needAt` tells the bytes it takes with another context. */
export async function refusal(
  { path, contextSize, memory }: Pick<LoadOptions, "path" | "contextSize" | "memory">,
  { needed, budget, available }: { readonly needed: number; readonly budget: number; readonly available: number },
  needAt: (contextSize: number) => Promise<number>,
): Promise<UserError> {
  const allowed =
    memory > 0
      ? `the setting localcoder.inference.memory allows ${formatMemory(budget)}`
      : `models may take ${formatMemory(budget)} of the ${formatMemory(available)} that are free`;
  const message = `${basename(path)} needs about ${formatMemory(needed)} of memory, and ${allowed}.`;
  for (const smaller of smallerContexts) {
    if (smaller >= contextSize) continue;
    const less = await needAt(smaller);
    if (less > budget) continue;
    const hint = `With a context of ${smaller} tokens it takes ${formatMemory(less)}: set localcoder.inference.contextSize to ${smaller}.`;
    return new UserError("MODEL_DOES_NOT_FIT", message, hint);
  }
  const raise = memory > 0 ? "raise that setting" : "close other programs";
  return new UserError("MODEL_DOES_NOT_FIT", message, `Choose a smaller model, or ${raise}.`);
}
