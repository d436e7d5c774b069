import type * as vscodeApi from "vscode";
import { strings } from "../strings.ts";
import { hasStaged } from "./changes.ts";
import type { GitFeatures } from "./git.ts";
import type { Repository } from "./repository.ts";

const words = strings.git;

/** Registers commits: made, amended and taken back. */
export function registerCommits({ vscode, engine, repositories, command }: GitFeatures): void {
  async function commit(argument: unknown, { all, amend }: { all: boolean; amend: boolean }): Promise<void> {
    const repository = await repositories.choose(argument);
    if (repository === undefined || !(await saveFirst(repository))) return;
    const { root } = repository;
    const changes = repository.status()?.changes ?? [];
    if (changes.some(({ conflict }) => conflict)) return void vscode.window.showErrorMessage(words.conflictsLeft);
    const stageFirst = all || (!amend && !hasStaged(repository));
    const paths = changes.filter(({ unstaged }) => unstaged).map(({ path }) => path);
    const merging = repository.status()?.operation !== undefined;
    if (!amend && !hasStaged(repository) && paths.length === 0 && !merging) return void vscode.window.showInformationMessage(words.nothing);
    if (stageFirst && !all && paths.length > 0 && !(await maySmartCommit())) return;
    const message = await messageOf(repository, amend);
    if (message === undefined) return;
    await repository.run(async (signal) => {
      if (stageFirst && paths.length > 0) await engine.git.stage({ root, paths }, { signal });
      await engine.git.commit({ root, message, all: false, amend }, { signal });
      repository.source.inputBox.value = "";
    });
  }

  /** Asks whether everything is committed where nothing is staged. */
  async function maySmartCommit(): Promise<boolean> {
    const configuration = vscode.workspace.getConfiguration("git");
    if (configuration.get("enableSmartCommit")) return true;
    const { question, yes, always } = words.smartCommit;
    const chosen = await vscode.window.showWarningMessage(question, { modal: true }, yes, always);
    if (chosen === always) await configuration.update("enableSmartCommit", true, vscode.ConfigurationTarget.Global);
    return chosen !== undefined;
  }

  /** Asks about files whose text is not on the disk yet; false where the commit is given up. */
  async function saveFirst(repository: Repository): Promise<boolean> {
    const unsaved = vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && repositories.of(uri) === repository);
    if (unsaved.length === 0) return true;
    const { question, save, without } = words.unsaved;
    const chosen = await vscode.window.showWarningMessage(question(unsaved.length), { modal: true }, save, without);
    if (chosen !== save) return chosen === without;
    const staged = hasStaged(repository);
    const saved = await Promise.all(unsaved.map((document) => document.save()));
    if (saved.includes(false)) return false;
    // What was staged of them is staged again as it is now.
    const paths = staged ? unsaved.flatMap(({ uri }) => stagedPath(repository, uri)) : [];
    if (paths.length > 0) await repository.run((signal) => engine.git.stage({ root: repository.root, paths }, { signal }));
    else await repository.refresh();
    return true;
  }

  async function messageOf(repository: Repository, amend: boolean): Promise<string | undefined> {
    const written = repository.source.inputBox.value.trim();
    if (written !== "") return written;
    const value = amend ? (await engine.git.lastMessage({ root: repository.root })).message : "";
    if (value.includes("\n")) return value;
    const asked = await vscode.window.showInputBox({ value, prompt: words.askMessage, ignoreFocusOut: true });
    return asked?.trim() || undefined;
  }

  command("git.commit", (argument) => commit(argument, { all: false, amend: false }));
  command("git.commitAll", (argument) => commit(argument, { all: true, amend: false }));
  command("git.commitAmend", (argument) => commit(argument, { all: false, amend: true }));
  command("git.undoCommit", async (argument) => {
    const repository = await repositories.choose(argument);
    await repository?.run(async (signal) => {
      const { message } = await engine.git.undoCommit({ root: repository.root }, { signal });
      if (repository.source.inputBox.value === "") repository.source.inputBox.value = message;
    });
  });
}

function stagedPath(repository: Repository, uri: vscodeApi.Uri): string[] {
  const path = repository.pathOf(uri);
  return path !== undefined && repository.changeAt(path)?.staged ? [path] : [];
}
