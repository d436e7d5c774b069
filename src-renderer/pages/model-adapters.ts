import type * as vscodeApi from "vscode";
import type { AdapterList, Model } from "#core/contracts/models";
import { type AdapterUse, adapterUses } from "#core/models/adapter-file";
import { formatBytes } from "#core/models/format";
import { chooseFile } from "../extension/choose-files.ts";
import { nameOfFolder, windowWorkspace } from "../extension/documents.ts";
import type { Features } from "../extension/features.ts";
import { strings } from "../extension/strings.ts";

const words = strings.models.adapters;

/** Where an adapter is used: for one use of the model or all, in one folder or everywhere. */
interface Place {
  readonly use: AdapterUse | undefined;
  readonly folder: string | undefined;
}

/** What can be chosen: it answers what came of it, undefined when nothing was. */
interface Item extends vscodeApi.QuickPickItem {
  run(): Promise<string | undefined>;
}

/** Lets the user add an adapter to a model, or take one out. Answers what came of it, undefined when nothing was chosen. Throws what is wrong with the file. */
export async function chooseAdapters(features: Features, model: Model): Promise<string | undefined> {
  const { vscode, engine } = features;
  const lists = await engine.models.adapters({ model: model.id });
  const workspace = windowWorkspace(vscode);
  // The folder by its real path, as the lists have it.
  const here = workspace === undefined ? undefined : (await engine.models.folderChoices({ folder: workspace })).folder;
  const set = async (said: string, list: Omit<Parameters<typeof engine.models.setAdapters>[0], "model">) => {
    await engine.models.setAdapters({ model: model.id, ...list });
    return said;
  };
  const add: Item = { label: `$(add) ${words.add}`, run: () => addAdapter(features, model, lists, here) };
  const takeOut = lists.flatMap(({ use, folder, files, checks }): Item[] => {
    const description = placeText({ use, folder });
    if (files.length === 0) {
      return [{ label: `$(discard) ${words.asElsewhere}`, description, run: () => set(words.asElsewhereNow, { files, use, folder }) }];
    }
    return files.map((file, index) => ({
      label: `$(trash) ${words.takeOut(file)}`,
      description,
      detail: checks[index]?.text,
      run: () => set(words.takenOut, { files: files.filter((each) => each !== file), use, folder }),
    }));
  });
  const none: Item[] =
    here === undefined || !lists.some(({ folder }) => folder === undefined) || lists.some(({ folder }) => folder === here)
      ? []
      : [
          {
            label: `$(circle-slash) ${words.none(nameOfFolder(here))}`,
            detail: words.noneDetail,
            run: () => set(words.noneThere, { files: [], none: true, folder: here }),
          },
        ];
  const placeHolder = words.placeholder(model.name);
  const chosen = lists.length === 0 ? add : await vscode.window.showQuickPick([add, ...takeOut, ...none], { placeHolder });
  return chosen?.run();
}

/** Looks at the file first, so that what is wrong with it is said before anything is asked. */
async function addAdapter(
  features: Features,
  model: Model,
  lists: readonly AdapterList[],
  folder: string | undefined,
): Promise<string | undefined> {
  const { vscode, engine } = features;
  const file = await chooseFile(features);
  if (!file) return undefined;
  const { name, bytes } = await engine.models.inspectAdapter({ model: model.id, file });
  const places: Place[] = [undefined, folder]
    .slice(0, folder === undefined ? 1 : 2)
    .flatMap((where) => [undefined, ...adapterUses].map((use) => ({ use, folder: where })));
  const items = places.map((place) => ({
    label: `${place.folder === undefined ? "$(extensions)" : "$(folder)"} ${placeText(place)}`,
    detail: place.use !== undefined || place.folder !== undefined ? words.instead : "",
    place,
  }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: words.where(name, formatBytes(bytes)) });
  if (!chosen) return undefined;
  const { place } = chosen;
  const before = lists.find((list) => list.use === place.use && list.folder === place.folder)?.files ?? [];
  await engine.models.setAdapters({ model: model.id, files: [...before.filter((each) => each !== file), file], ...place });
  return words.added;
}

/** What an adapter is used for, and where, in words. */
function placeText({ use, folder }: Pick<AdapterList, "use" | "folder">): string {
  const name = words.uses[use ?? "all"];
  return folder === undefined ? words.forUse(name) : words.forUseIn(name, nameOfFolder(folder));
}
