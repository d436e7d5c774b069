import type { ModelRole } from "../contracts/common.ts";
import type { CatalogueEntry, ModelFile } from "../contracts/models.ts";
import { memoryNeed } from "./fit.ts";
import { rolesOf } from "./model-file.ts";

/** A readable file on the disk with what the catalogue knows of it. */
export interface ChoosableModel {
  readonly file: ModelFile;
  readonly entry?: CatalogueEntry;
}

/** What decides when nobody chose. */
export interface ChoiceLimits {
  /** Bytes a model may take. */
  readonly budget: number;
  readonly contextSize: number;
  /** The catalogue id recommended for the role on this machine. */
  readonly recommended?: string;
  /** Billions of parameters of the recommended model: larger ones would be slower than wanted. */
  readonly parameters?: number;
}

/** The roles of a model: as the catalogue says, else as its file tells. */
export function rolesOfModel(model: ChoosableModel): ModelRole[] {
  return model.entry ? [...model.entry.roles] : rolesOf(model.file);
}

/** The best model for a role among those on the disk; never one that is only listed, and one that does not fit only if nothing does. */
export function chooseModel<T extends ChoosableModel>(models: readonly T[], role: ModelRole, limits: ChoiceLimits): T | undefined {
  const suitable = models.filter((model) => !model.entry?.listedOnly && rolesOfModel(model).includes(role));
  const recommended = suitable.find((model) => model.entry && model.entry.id === limits.recommended);
  if (recommended) return recommended;
  const rank = (model: T): readonly number[] => {
    const size = model.entry?.parameters ?? model.file.parameters ?? model.file.bytes / 6e8;
    const fits = memoryNeed(model.file, limits.contextSize) <= limits.budget;
    const small = limits.parameters === undefined || size <= limits.parameters * 1.1;
    // Those that fit and are quick enough: the largest of them. Otherwise the smallest is the one most likely to work.
    return [fits ? 1 : 0, small ? 1 : 0, small && fits ? size : -size, baseFits(model, role)];
  };
  return [...suitable].sort((one, other) => compare(rank(other), rank(one)))[0];
}

/** Base models stop by themselves when they fill in, instruct models follow instructions: each first where it is better. */
function baseFits(model: ChoosableModel, role: ModelRole): number {
  const base = model.entry ? model.entry.kind === "base" : !model.file.chatTemplate;
  return base === (role === "completion") ? 1 : 0;
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const difference = value - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
