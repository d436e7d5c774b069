import { ILanguageService, StandaloneServices } from "@codingame/monaco-vscode-api/services";
import type * as vscodeApi from "vscode";
import type { WaitingRequests } from "../assist/waiting-requests.ts";
import { showError } from "../errors.ts";
import type { Features } from "../features.ts";
import type { EngineNews } from "../ghost-text/news.ts";
import type { Confidence, ExcludedPath, GhostTextSwitch } from "../ghost-text/switch.ts";
import { formatTime, strings } from "../strings.ts";
import { chooseModel } from "./choose-model.ts";
import type { ModelStatus } from "./model-status.ts";

const pauseMinutes = 10;

type Item = vscodeApi.QuickPickItem & { command?: string; argument?: unknown };

/** Registers the menu behind the status bar entry and the choice of a model. */
export function registerMenu(
  features: Features,
  status: ModelStatus,
  ghostSwitch: GhostTextSwitch,
  engineNews: EngineNews,
  waiting: WaitingRequests,
): void {
  const { vscode, engine, own } = features;
  const document = () => vscode.window.activeTextEditor?.document;
  const showErrors = (work: Promise<unknown>) => work.catch((error) => showError(vscode, error));
  const commands: Readonly<Record<string, () => unknown>> = {
    "localcoder.menu": () => showMenu(features, ghostSwitch, engineNews, waiting.count()),
    "localcoder.chooseModel": () => showErrors(chooseModel(features, status)),
    "localcoder.ghostText.toggle": () => ghostSwitch.toggle(),
    "localcoder.ghostText.toggleLanguage": () => {
      const language = document()?.languageId;
      return language ? ghostSwitch.toggleLanguage(language) : undefined;
    },
    "localcoder.ghostText.toggleFolder": () => togglePath("folder"),
    "localcoder.ghostText.toggleFile": () => togglePath("file"),
    "localcoder.ghostText.pause": () => showErrors(engine.completion.pause({ minutes: pauseMinutes })),
    "localcoder.ghostText.resume": () => showErrors(engine.completion.pause({ minutes: 0 })),
    "localcoder.ghostText.confidence": () => chooseConfidence(features, ghostSwitch),
  };
  for (const [command, run] of Object.entries(commands)) own(vscode.commands.registerCommand(command, run));

  function togglePath(which: "file" | "folder"): Promise<void> | undefined {
    const active = document();
    const path = active && ghostSwitch.pathsOf(active)?.[which];
    return path && ghostSwitch.togglePattern(path.pattern);
  }
}

async function showMenu({ vscode }: Features, ghostSwitch: GhostTextSwitch, engineNews: EngineNews, waiting: number): Promise<void> {
  const { menu } = strings;
  const on = ghostSwitch.everywhere();
  const pausedUntil = engineNews.pausedUntil();
  const separator: Item = { label: "", kind: vscode.QuickPickItemKind.Separator };
  const pause: Item =
    pausedUntil === undefined
      ? { label: `$(debug-pause) ${menu.pause}`, command: "localcoder.ghostText.pause" }
      : {
          label: `$(debug-start) ${menu.resume}`,
          description: strings.status.pausedGhostTextShort(formatTime(pausedUntil)),
          command: "localcoder.ghostText.resume",
        };
  const items: Item[] = [
    ...(waiting > 0 ? [{ label: `$(watch) ${strings.waitingRequests.menu(waiting)}`, command: "localcoder.waitingRequests" }] : []),
    { label: `$(edit-sparkle) ${on ? menu.switchOff : menu.switchOn}`, command: "localcoder.ghostText.toggle" },
    ...(on ? [...itemsForHere(vscode, ghostSwitch), pause] : []),
    {
      label: `$(settings) ${menu.confidence}`,
      description: strings.confidence.names[ghostSwitch.confidence()],
      command: "localcoder.ghostText.confidence",
    },
    separator,
    { label: `$(list-unordered) ${menu.requests}`, command: "localcoder.ghostText.requests" },
    { label: `$(graph) ${menu.statistics}`, command: "localcoder.ghostText.statistics" },
    separator,
    { label: `$(chip) ${menu.chooseModel}`, command: "localcoder.chooseModel" },
    { label: `$(table) ${menu.models}`, command: "localcoder.models" },
    { label: `$(checklist) ${menu.setUp}`, command: "localcoder.setUp" },
    separator,
    { label: `$(history) ${menu.history}`, command: "localcoder.history" },
    { label: `$(globe) ${menu.network}`, command: "localcoder.network" },
    { label: `$(settings-gear) ${menu.settings}`, command: "workbench.action.openSettings", argument: "localcoder." },
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: menu.placeholder });
  if (chosen?.command) await vscode.commands.executeCommand(chosen.command, ...(chosen.argument ? [chosen.argument] : []));
}

/** What switches ghost text for the language, the folder and the file of the active editor. */
function itemsForHere(vscode: Features["vscode"], ghostSwitch: GhostTextSwitch): Item[] {
  const { menu } = strings;
  const document = vscode.window.activeTextEditor?.document;
  if (!document) return [];
  const language = nameOfLanguage(document.languageId);
  const items: Item[] = [
    {
      label: `$(file-code) ${ghostSwitch.forLanguage(document.languageId) ? menu.switchOffFor(language) : menu.switchOnFor(language)}`,
      command: "localcoder.ghostText.toggleLanguage",
    },
  ];
  const paths = ghostSwitch.pathsOf(document);
  if (!paths) return items;
  const { file, folder } = paths;
  if (ghostSwitch.excludes(document) && !file.excluded && !folder.excluded) {
    const argument = "localcoder.completion.exclude";
    return [
      ...items,
      { label: `$(exclude) ${menu.excludedByPattern}`, detail: menu.excludedDetail, command: "workbench.action.openSettings", argument },
    ];
  }
  const label = (icon: string, path: ExcludedPath) =>
    `$(${icon}) ${path.excluded ? menu.switchOnIn(path.shown) : menu.switchOffIn(path.shown)}`;
  const folderItem: Item = { label: label("folder", folder), command: "localcoder.ghostText.toggleFolder" };
  const fileItem: Item = { label: label("file", file), command: "localcoder.ghostText.toggleFile" };
  // Where the folder is off, the file has nothing more to switch off.
  return [...items, folderItem, ...(folder.excluded && !file.excluded ? [] : [fileItem])];
}

const confidences: readonly Confidence[] = ["quieter", "balanced", "bolder"];

async function chooseConfidence({ vscode }: Features, ghostSwitch: GhostTextSwitch): Promise<void> {
  const words = strings.confidence;
  const current = ghostSwitch.confidence();
  const items = confidences.map((confidence) => ({
    label: `${confidence === current ? "$(check) " : ""}${words.names[confidence]}`,
    description: confidence === current ? words.current : "",
    detail: words.details[confidence],
    confidence,
  }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: words.placeholder });
  if (chosen) await ghostSwitch.setConfidence(chosen.confidence);
}

/** The name of a language as people write it, for example "TypeScript" for "typescript". */
export function nameOfLanguage(id: string): string {
  return StandaloneServices.get(ILanguageService).getLanguageName(id) ?? id;
}
