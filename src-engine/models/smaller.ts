import type { ModelRole } from "#core/contracts/common";
import type { CatalogueEntry, Machine, SlowModel } from "#core/contracts/models";
import { rolesOfModel } from "#core/models/choose";
import { clearlySmaller, nextSmaller } from "#core/models/tiers";
import type { ModelReference } from "../inference/host.ts";
import type { FoundModel } from "./discover.ts";
import type { Library } from "./library.ts";
import { nameOf } from "./merge.ts";

/** The next smaller model for a role: one on this machine, else the one to download. */
export async function smallerModel(
  { id, path }: Pick<ModelReference, "id" | "path">,
  role: ModelRole,
  { library, catalogue }: { readonly library: Pick<Library, "find" | "known">; readonly catalogue: readonly CatalogueEntry[] },
): Promise<SlowModel["smaller"] | undefined> {
  if (role === "embedding" || role === "router") return undefined;
  const parameters = (await library.find(path))?.file?.parameters;
  const here = smallerHere(await library.known(), role, parameters);
  if (here) return { id: here.entry?.id ?? here.path, name: nameOf(here), bytes: here.bytes, present: true };
  const entry = nextSmaller(catalogue, role, { id, parameters });
  return entry && { id: entry.id, name: entry.name, bytes: entry.bytes, present: false };
}

/** The largest model on this machine that suits the role and is clearly smaller. */
function smallerHere(found: readonly FoundModel[], role: ModelRole, parameters: number | undefined): FoundModel | undefined {
  if (parameters === undefined) return undefined;
  const sizeOf = (model: FoundModel) => model.file?.parameters ?? Number.POSITIVE_INFINITY;
  const suits = (model: FoundModel) =>
    model.file !== undefined && !model.entry?.listedOnly && rolesOfModel({ file: model.file, entry: model.entry }).includes(role);
  return [...found]
    .filter((model) => suits(model) && sizeOf(model) <= parameters * clearlySmaller)
    .sort((one, other) => sizeOf(other) - sizeOf(one))[0];
}

/** A model that is too slow, as it stands among the problems of the machine. */
export function slowProblem({ reason, smaller }: SlowModel): Machine["problems"][number] {
  return {
    message: reason,
    hint: smaller.present
      ? `${smaller.name} is smaller and on this machine: use it.`
      : `${smaller.name} is smaller and faster: download it.`,
  };
}
