import type { AdapterList } from "#core/contracts/models";
import { adapterKey, adapterListsIn } from "#core/models/adapter-file";
import { changeFolderChoice } from "#core/settings/folder-choices";
import type { FoundModel } from "./discover.ts";
import { realFolder } from "./folder-choices.ts";
import type { ModelSettings } from "./models.ts";

const everywhere = "localcoder.models.adapters";
const inFolders = "localcoder.models.workspaces";

/** The adapters that settings tell of a model: those for all folders first. */
export function adapterLists(settings: Pick<ModelSettings, "current">, { entry, path }: Pick<FoundModel, "entry" | "path">): AdapterList[] {
  const current = settings.current();
  return [
    ...adapterListsIn(current[everywhere]),
    ...Object.entries(current[inFolders]).flatMap(([folder, one]) => adapterListsIn(one.adapters, folder)),
  ]
    .filter(({ model }) => model === path || model === entry?.id)
    .map((list) => ({ ...list, model: entry?.id ?? path }));
}

/** A list to be written: with `none` an empty one is kept, and says that the model has no adapters there although elsewhere it has some. */
export type AdapterChoice = Pick<AdapterList, "use" | "folder" | "files"> & { readonly none?: boolean };

/** Writes such a list in the place of the one that was there; an empty one is left out where it does not say that there are none. */
export async function writeAdapterList(
  settings: ModelSettings,
  { entry, path }: Pick<FoundModel, "entry" | "path">,
  { use, folder, files, none = false }: AdapterChoice,
): Promise<void> {
  const id = entry?.id ?? path;
  const changed = (before: Readonly<Record<string, string[]>> = {}): Record<string, string[]> => {
    const others = Object.entries(before).filter(([key]) => key !== adapterKey(id, use) && key !== adapterKey(path, use));
    return Object.fromEntries(files.length > 0 || none ? [...others, [adapterKey(id, use), [...files]] as const] : others);
  };
  if (folder === undefined) {
    await settings.write({ name: everywhere, value: changed(settings.current()[everywhere]), scope: "user" });
    return;
  }
  const real = await realFolder(folder);
  const choices = settings.current()[inFolders];
  const value = changeFolderChoice(choices, real, { adapters: changed(choices[real]?.adapters) });
  await settings.write({ name: inFolders, value, scope: "user" });
}
