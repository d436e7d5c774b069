import { ILanguageService, StandaloneServices } from "@codingame/monaco-vscode-api/services";
import type * as vscodeApi from "vscode";
import type { Model } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import { showError } from "../errors.ts";
import type { Features } from "../features.ts";
import type { GhostTextSwitch } from "../ghost-text/switch.ts";
import { strings } from "../strings.ts";
import type { ModelStatus } from "./model-status.ts";

/** Registers the menu behind the status bar entry and the choice of a model. */
export function registerMenu(features: Features, status: ModelStatus, ghostSwitch: GhostTextSwitch): void {
  const { vscode, own } = features;
  own(vscode.commands.registerCommand("localcoder.menu", () => showMenu(features, ghostSwitch)));
  own(
    vscode.commands.registerCommand("localcoder.chooseModel", () =>
      chooseModel(features, status).catch((error) => showError(vscode, error)),
    ),
  );
  own(vscode.commands.registerCommand("localcoder.ghostText.toggle", () => ghostSwitch.toggle()));
  own(
    vscode.commands.registerCommand("localcoder.ghostText.toggleLanguage", () => {
      const language = vscode.window.activeTextEditor?.document.languageId;
      return language ? ghostSwitch.toggleLanguage(language) : undefined;
    }),
  );
}

async function showMenu({ vscode }: Features, ghostSwitch: GhostTextSwitch): Promise<void> {
  const { menu } = strings;
  const language = vscode.window.activeTextEditor?.document.languageId;
  const on = ghostSwitch.everywhere();
  const items: (vscodeApi.QuickPickItem & { command?: string; argument?: unknown })[] = [
    { label: `$(edit-sparkle) ${on ? menu.switchOff : menu.switchOn}`, command: "localcoder.ghostText.toggle" },
    ...(language && on
      ? [
          {
            label: `$(file-code) ${ghostSwitch.forLanguage(language) ? menu.switchOffFor(nameOfLanguage(language)) : menu.switchOnFor(nameOfLanguage(language))}`,
            command: "localcoder.ghostText.toggleLanguage",
          },
        ]
      : []),
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    { label: `$(chip) ${menu.chooseModel}`, command: "localcoder.chooseModel" },
    { label: `$(table) ${menu.models}`, command: "localcoder.models" },
    { label: `$(checklist) ${menu.setUp}`, command: "localcoder.setUp" },
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    { label: `$(history) ${menu.history}`, command: "localcoder.history" },
    { label: `$(globe) ${menu.network}`, command: "localcoder.network" },
    { label: `$(settings-gear) ${menu.settings}`, command: "workbench.action.openSettings", argument: "localcoder." },
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: menu.placeholder });
  if (chosen?.command) await vscode.commands.executeCommand(chosen.command, ...(chosen.argument ? [chosen.argument] : []));
}

/** The name of a language as people write it, for example "TypeScript" for "typescript". */
export function nameOfLanguage(id: string): string {
  return StandaloneServices.get(ILanguageService).getLanguageName(id) ?? id;
}

async function chooseModel(features: Features, status: ModelStatus): Promise<void> {
  const { vscode, engine } = features;
  const words = strings.chooseModel;
  const aboutModel = (model: Model) =>
    [model.used.length > 0 ? words.current : "", strings.models.sources[model.source]].filter(Boolean).join(" · ");
  const listed = status.refresh().then(() => {
    const here: (vscodeApi.QuickPickItem & { model?: string; other?: "file" | "get" })[] = status
      .models()
      .filter(({ state, file }) => state === "ready" && file)
      .map((model) => ({
        label: `${model.used.length > 0 ? "$(check) " : ""}${model.name}`,
        description: aboutModel(model),
        detail: [model.file ? formatBytes(model.file.bytes) : "", model.roles.map((role) => strings.models.roles[role]).join(", ")]
          .filter(Boolean)
          .join(" · "),
        model: model.id,
      }));
    return [
      ...here,
      { label: "", kind: vscode.QuickPickItemKind.Separator },
      { label: `$(file) ${words.fromFile}`, other: "file" as const },
      { label: `$(cloud-download) ${words.getMore}`, other: "get" as const },
    ];
  });
  const chosen = await vscode.window.showQuickPick(listed, { placeHolder: words.placeholder });
  if (!chosen) return;
  if (chosen.other === "get") return void vscode.commands.executeCommand("localcoder.models");
  const id = chosen.other === "file" ? await chooseFile(features) : chosen.model;
  if (!id) return;
  const used = await engine.models.use({ model: id });
  await status.refresh();
  vscode.window.setStatusBarMessage(words.chosen(used.name), 5000);
}

/** Lets the user choose a GGUF file: with the system's dialog, or in a browser with the workbench's own. */
export async function chooseFile({ desktop, start, vscode }: Features): Promise<string | undefined> {
  const title = strings.chooseModel.chooseFileTitle;
  if (start.browser) {
    const [uri] = (await vscode.window.showOpenDialog({ title, canSelectMany: false, filters: { GGUF: ["gguf"] } })) ?? [];
    return uri?.fsPath;
  }
  const [path] = await desktop.chooseFiles({ title, extensions: ["gguf"], multiple: false });
  return path;
}
