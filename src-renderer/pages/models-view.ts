import type * as vscodeApi from "vscode";
import type { Model } from "#core/contracts/models";
import type { Features } from "../extension/features.ts";
import type { ModelStatus } from "../extension/status/model-status.ts";
import { strings } from "../extension/strings.ts";
import { downloadText, sizeText } from "./model-actions.ts";
import { sourceText } from "./model-source.ts";

const words = strings.models;

/** Models that the view lists; the page has the others. */
const most = 100;

/** The Models view of the activity bar: what is on this machine and what is on its way. The page has the rest. */
export function registerModelsView({ vscode, own }: Features, status: ModelStatus): void {
  const changed = own(new vscode.EventEmitter<undefined>());
  own(status.changes.listen(() => changed.fire(undefined)));
  own(vscode.commands.registerCommand("localcoder.models.refresh", () => status.refresh()));

  const provider: vscodeApi.TreeDataProvider<Model | Left> = {
    onDidChangeTreeData: changed.event,
    getChildren: (parent) => (parent ? [] : listed(status)),
    getTreeItem(model) {
      if ("left" in model) {
        const rest = new vscode.TreeItem(words.moreThere(model.left));
        rest.command = { command: "localcoder.models", title: words.title };
        return rest;
      }
      const download = status.downloads().find(({ id, state }) => id === model.id && state !== "done");
      const item = new vscode.TreeItem(model.name);
      item.id = model.id;
      item.description = download
        ? downloadText(download)
        : [model.used.length > 0 ? words.used : words.states[model.state], sizeText(model)].join(" · ");
      item.tooltip = [
        model.name,
        item.description,
        model.used.length > 0 && words.inUse(model.used.map((role) => words.roles[role]).join(", ")),
        sourceText(model),
        model.reason,
        model.file?.path,
      ]
        .filter(Boolean)
        .join("\n");
      item.iconPath = new vscode.ThemeIcon(iconOf(model, download !== undefined));
      item.command = { command: "localcoder.models", title: words.title };
      return item;
    },
  };
  own(vscode.window.registerTreeDataProvider("localcoder.models.view", provider));
}

/** The models that the view has no place for. */
interface Left {
  readonly left: number;
}

/** What is here or coming; with nothing of both, the recommended one. */
function listed(status: ModelStatus): (Model | Left)[] {
  const here = status.models().filter(({ state }) => state !== "available");
  if (here.length === 0) return status.models().filter(({ recommended }) => recommended);
  return here.length > most ? [...here.slice(0, most), { left: here.length - most }] : here;
}

function iconOf(model: Model, downloading: boolean): string {
  if (model.state === "damaged") return "error";
  if (downloading || model.state === "available") return "cloud-download";
  return model.used.length > 0 ? "check" : "chip";
}
