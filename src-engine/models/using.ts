import { UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { ModelFile } from "#core/contracts/models";
import { rolesOfModel } from "#core/models/choose";
import { type MemoryOf, memoryNeed } from "#core/models/fit";
import { formatMemory } from "#core/models/format";
import type { FoundModel } from "./discover.ts";
import { leastContext } from "./getting.ts";
import { nameOf } from "./merge.ts";
import { cannotFillIn, suitsNoRole } from "./served.ts";

/** A found model whose head could be read; throws what is wrong with any other. */
export function readable(found: FoundModel): FoundModel & { readonly file: ModelFile } {
  if (found.file) return { ...found, file: found.file };
  throw new UserError(found.problem.code, found.problem.message, found.problem.hint);
}

/** The roles a model is to be chosen for, checked: ghost text needs tokens for filling in the middle. */
export function rolesToUse(model: FoundModel & { readonly file: ModelFile }, asked: readonly ModelRole[] | undefined): ModelRole[] {
  const suited = rolesOfModel(model);
  const embeds = suited.includes("embedding");
  // A model of vectors writes nothing, and one that writes gives vectors that tell nothing.
  const roles = (asked ?? suited).filter((role) => (role === "embedding") === embeds);
  if (asked?.includes("completion") && !model.file.fillInTheMiddle) {
    throw cannotFillIn(nameOf(model));
  }
  const usable = roles.filter((role) => role !== "completion" || model.file.fillInTheMiddle);
  if (usable.length > 0) return usable;
  if (embeds) throw writesNothing(nameOf(model));
  if (asked?.includes("embedding")) {
    throw new UserError(
      "UNSUPPORTED",
      `${nameOf(model)} writes text; it gives no vectors that tell what texts mean.`,
      "Choose an embedding model, for example Nomic Embed Text.",
    );
  }
  throw suitsNoRole(nameOf(model));
}

/** For a model of vectors that is asked for text. */
export function writesNothing(name: string): UserError {
  return new UserError("UNSUPPORTED", `${name} gives vectors and writes no text.`, "Choose a model that writes.");
}

/** Throws for a model that this machine could not even hold. */
export function refuseTooLargeToUse(model: FoundModel & { readonly file: ModelFile }, { total, gpu }: MemoryOf): void {
  const need = memoryNeed(model.file, leastContext);
  if (need <= Math.max(total, ...gpu.map((each) => each.memory ?? 0))) return;
  throw new UserError(
    "MODEL_DOES_NOT_FIT",
    `${nameOf(model)} takes about ${formatMemory(need)} of memory, and this machine has ${formatMemory(total)}.`,
    "Choose a smaller model.",
  );
}
