import { MenuId, MenuRegistry } from "@codingame/monaco-vscode-api/vscode/vs/platform/actions/common/actions";
import { ContextKeyExpr } from "@codingame/monaco-vscode-api/vscode/vs/platform/contextkey/common/contextkey";
import type * as vscodeApi from "vscode";
import { type Disposable, toDisposable } from "#core/base/disposable";
import type { OwnAction } from "#core/contracts/assist";
import { windowWorkspace } from "../documents.ts";
import { showError } from "../errors.ts";
import type { Features } from "../features.ts";
import { follow } from "../follow.ts";
import { strings } from "../strings.ts";
import type { OfferedAction } from "./light-bulb.ts";
import type { RunnableAction } from "./runnable.ts";

const words = strings.ownActions;

/** The actions that the user and the folder have as files: commands, menus, and marks where their files have mistakes. */
export interface OwnActionsInWindow {
  /** Those that can be run, as the light bulb offers them. */
  readonly offered: () => readonly OfferedAction[];
  /** Lets one of them be chosen, and the folder be trusted where that is needed. */
  readonly choose: (isMeant: (action: OwnAction) => boolean) => Promise<OwnAction | undefined>;
}

/** Follows the files of actions for the life of the window. */
export function followOwnActions(features: Features, run: (action: RunnableAction) => Promise<void>): OwnActionsInWindow {
  const { engine, vscode, own } = features;
  const marks = own(vscode.languages.createDiagnosticCollection("localcoder-actions"));
  let registered: Disposable[] = [];
  let all: readonly OwnAction[] = [];
  const workspace = windowWorkspace(vscode);

  own(toDisposable(() => clear()));
  own(
    follow(
      (signal) => engine.assist.ownActions({ workspace }, { signal }),
      (list) => {
        all = list;
        clear();
        registered = runnable().flatMap(register);
        mark();
      },
    ),
  );
  own(vscode.commands.registerCommand("localcoder.ownActions", () => chooseAndRun().catch((error: unknown) => showError(vscode, error))));

  const runnable = () => all.filter(({ problems }) => problems.length === 0);

  function clear(): void {
    for (const one of registered) one.dispose();
    registered = [];
  }

  function register(action: OwnAction, index: number): Disposable[] {
    const id = commandOf(action);
    const title = { value: action.title, original: action.title };
    const command = { id, title, category: strings.commands.category };
    const when =
      action.languages.length === 0
        ? ContextKeyExpr.has("editorHasSelection")
        : ContextKeyExpr.and(
            ContextKeyExpr.has("editorHasSelection"),
            ContextKeyExpr.or(...action.languages.map((language) => ContextKeyExpr.equals("editorLangId", language))),
          );
    return [
      vscode.commands.registerCommand(id, () => start(action).catch((error: unknown) => showError(vscode, error))),
      MenuRegistry.appendMenuItem(MenuId.CommandPalette, { command, when: ContextKeyExpr.has("editorIsOpen") }),
      MenuRegistry.appendMenuItem(MenuId.EditorContext, { command: { id, title }, group: "1_localcoder", order: 50 + index, when }),
    ];
  }

  async function start(action: OwnAction): Promise<void> {
    if (!action.trusted && !(await trust(action))) return;
    await run(action);
  }

  /** A folder may come from anybody: what its actions say is shown before the first of them is run. */
  async function trust(action: OwnAction): Promise<boolean> {
    const folder = workspace ?? "";
    const answer = await vscode.window.showWarningMessage(
      words.untrusted(action.title),
      { modal: true, detail: words.untrustedDetail(folder) },
      words.trust,
      words.show,
    );
    if (answer === words.show) await open(action.file, 1);
    if (answer !== words.trust) return false;
    await engine.settings.trustFolder({ workspace: folder, trusted: true });
    return true;
  }

  /** Mistakes stand in the files themselves, as those of any other file do. */
  function mark(): void {
    marks.clear();
    for (const { file, problems } of all) {
      const found = problems.map(({ line, message }) => {
        const range = new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
        const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
        diagnostic.source = strings.product;
        return diagnostic;
      });
      if (found.length > 0) marks.set(vscode.Uri.file(file), found);
    }
  }

  async function chooseAndRun(): Promise<void> {
    const action = await choose(() => true);
    if (action !== undefined) await run(action);
  }

  async function choose(isMeant: (action: OwnAction) => boolean): Promise<OwnAction | undefined> {
    const rows = all.filter(isMeant).map((action) => ({
      label: action.title,
      description: action.from === "user" ? words.yours : action.trusted ? words.ofFolder : words.ofFolderUntrusted,
      detail: action.problems.map(({ line, message }) => words.problem(line, message)).join(" "),
      action,
    }));
    const chosen = await vscode.window.showQuickPick(rows, { placeHolder: rows.length > 0 ? words.choose : words.none });
    if (chosen === undefined) return undefined;
    const { action } = chosen;
    const [problem] = action.problems;
    if (problem !== undefined) await open(action.file, problem.line);
    return problem === undefined && (action.trusted || (await trust(action))) ? action : undefined;
  }

  async function open(file: string, line: number): Promise<vscodeApi.TextEditor> {
    const at = new vscode.Position(line - 1, 0);
    return vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
  }

  return {
    choose,
    offered: () => runnable().map((action) => ({ action, command: commandOf(action), languages: action.languages })),
  };
}

function commandOf({ id }: OwnAction): string {
  return `localcoder.${id.replaceAll(":", ".")}`;
}
