import type * as vscodeApi from "vscode";
import { describeError, isStopped } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { Model } from "#core/contracts/models";
import { nameOfFolder, windowWorkspace } from "../extension/documents.ts";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { formatNumber, formatPercent, strings } from "../extension/strings.ts";
import type { ModelActions } from "./model-actions.ts";
import { chooseAdapters } from "./model-adapters.ts";

const words = strings.models.row;

/** What the menu of a row needs beside the connection. */
export interface MenuPage {
  readonly features: Features;
  readonly actions: ModelActions;
  compare(model: Model): void;
}

type Item = vscodeApi.QuickPickItem & { run?: () => unknown };

/** Everything else that can be done with a model on this machine; `tell` shows in its row what becomes of it. */
export async function openModelMenu(model: Model, tell: (text: string) => void, { features, actions, compare }: MenuPage): Promise<void> {
  const { vscode, engine, desktop, start } = features;
  const path = model.file?.path ?? "";
  const named = { model: model.id };
  const folder = windowWorkspace(vscode);
  const separator: Item = { label: "", kind: vscode.QuickPickItemKind.Separator };
  const items: Item[] = [
    ...(model.roles.length > 0 ? [{ label: `$(check-all) ${words.useFor}`, run: () => useFor(model, features, actions) }] : []),
    ...(model.roles.length > 0 && folder !== undefined
      ? [{ label: `$(folder) ${words.useInFolder}`, run: () => useFor(model, features, actions, folder) }]
      : []),
    model.inMemory === undefined
      ? {
          label: `$(play) ${words.load}`,
          run: () => during(words.loading, () => engine.models.load({ role: loadRole(model), model: model.id })),
        }
      : { label: `$(debug-stop) ${words.unload}`, run: () => during("", () => engine.models.unload(named)) },
    ...(model.roles.includes("embedding")
      ? []
      : [
          { label: `$(dashboard) ${words.measure}`, run: () => during("", measure) },
          { label: `$(split-horizontal) ${words.compare}`, run: () => compare(model) },
          { label: `$(extensions) ${words.adapters}`, run: () => during("", () => chooseAdapters(features, model)) },
        ]),
    separator,
    { label: `$(verified) ${words.verify}`, run: () => during("", verify) },
    ...(start.browser ? [] : [{ label: `$(folder-opened) ${words.reveal}`, run: () => during("", () => desktop.reveal({ path })) }]),
    { label: `$(copy) ${words.copyPath}`, description: path, run: () => vscode.env.clipboard.writeText(path) },
    ...(model.deletable ? [separator, { label: `$(trash) ${words.remove}`, run: () => actions.remove(model) }] : []),
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: words.placeholder(model.name) });
  await chosen?.run?.();

  /** Works, says so in the row, and what came of it. */
  async function during(text: string, work: () => Promise<unknown>): Promise<void> {
    tell(text);
    try {
      const outcome = await work();
      tell(typeof outcome === "string" ? outcome : "");
    } catch (error) {
      tell(isStopped(error) ? "" : describeError(error).message);
      void showError(vscode, error);
    }
    await actions.refresh();
  }

  async function measure(): Promise<string> {
    for await (const event of await engine.models.bench(named)) {
      if (event.type === "step") tell(words.measuring[event.step]);
      else {
        const { loadMilliseconds, firstTokenMilliseconds, promptTokensPerSecond, tokensPerSecond } = event.bench;
        const seconds = (milliseconds: number) => `${formatNumber(milliseconds / 1000)} s`;
        const first = seconds(firstTokenMilliseconds.cold);
        return words.measured(seconds(loadMilliseconds), first, formatNumber(promptTokensPerSecond), formatNumber(tokensPerSecond));
      }
    }
    return "";
  }

  async function verify(): Promise<string> {
    for await (const event of await engine.models.verify(named)) {
      if (event.type === "progress") tell(words.reading(Math.floor((event.read / event.bytes) * 100)));
      else {
        const { matches, expectedFrom, sha256 } = event.verification;
        return matches === false ? words.differs(sha256) : `${words.matches[expectedFrom]} ${words.sum(sha256)}`;
      }
    }
    return formatPercent(1);
  }
}

/** The use a model is loaded for: what it is in use for, else what it suits first. */
function loadRole({ used, roles }: Model): ModelRole {
  return used[0] ?? roles[0] ?? "general";
}

async function useFor(model: Model, { vscode }: Features, actions: ModelActions, folder?: string): Promise<void> {
  const possible: readonly ModelRole[] = model.roles.includes("embedding")
    ? ["embedding"]
    : [...(model.file?.fillInTheMiddle ? (["completion"] as const) : []), "code", "general", "router"];
  const now = (folder === undefined ? model.used : model.usedInFolder) ?? [];
  const items = possible.map((role) => ({ label: strings.models.roles[role], role, picked: now.includes(role) }));
  const placeHolder = folder === undefined ? words.useForTitle(model.name) : words.useInFolderTitle(model.name, nameOfFolder(folder));
  const chosen = await vscode.window.showQuickPick(items, { canPickMany: true, placeHolder });
  if (!chosen || chosen.length === 0) return;
  await actions.use(
    model.id,
    chosen.map(({ role }) => role),
    folder,
  );
}
