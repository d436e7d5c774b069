import type * as vscodeApi from "vscode";
import type { Model } from "#core/contracts/models";
import { chooseFile } from "../extension/choose-files.ts";
import type { Features } from "../extension/features.ts";
import { strings } from "../extension/strings.ts";

const words = strings.models.adapters;

/** Lets the user add an adapter to a model, or take one out. Answers what came of it, undefined when nothing was chosen. Throws what is wrong with the file. */
export async function chooseAdapters(features: Features, model: Model): Promise<string | undefined> {
  const { vscode, engine } = features;
  const { files } = await engine.models.adapters({ model: model.id });
  const items: (vscodeApi.QuickPickItem & { readonly without?: string })[] = [
    { label: `$(add) ${words.add}` },
    ...files.map((file) => ({ label: `$(trash) ${words.takeOut(file)}`, without: file })),
  ];
  const chosen = files.length === 0 ? items[0] : await vscode.window.showQuickPick(items, { placeHolder: words.placeholder(model.name) });
  if (!chosen) return undefined;
  const file = chosen.without === undefined ? await chooseFile(features) : undefined;
  if (chosen.without === undefined && !file) return undefined;
  const kept = files.filter((each) => each !== chosen.without && each !== file);
  await engine.models.setAdapters({ model: model.id, files: file ? [...kept, file] : kept });
  return file ? words.added : words.takenOut;
}
