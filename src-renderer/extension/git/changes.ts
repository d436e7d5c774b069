import type * as vscodeApi from "vscode";
import { strings } from "../strings.ts";
import type { GitFeatures } from "./git.ts";
import { fileOf, type Repository, type Row } from "./repository.ts";
import { showChange } from "./rows.ts";
import { fileAddress } from "./version-address.ts";

const words = strings.git;

/** Registers what is done with files: stage, unstage, discard, and look at. */
export function registerChanges({ vscode, engine, repositories, command }: GitFeatures): void {
  /** The rows a command is about: those selected, or the file in the editor. */
  function rowsOf(parameters: readonly unknown[]): Row[] {
    const rows = parameters.flat().filter((each): each is Row => isRow(each));
    if (rows.length > 0) return rows;
    const uri =
      parameters.find((each): each is vscodeApi.Uri => each instanceof vscode.Uri) ?? vscode.window.activeTextEditor?.document.uri;
    const repository = repositories.of(uri);
    const path = uri && repository?.pathOf(uri.with({ scheme: "file", query: "" }));
    const change = path === undefined ? undefined : repository?.changeAt(path);
    if (repository === undefined || change === undefined) return [];
    const group = change.conflict ? "merge" : change.unstaged ? "workingTree" : "index";
    return [{ root: repository.root, change, group, resourceUri: fileAddress(vscode, repository.root, change.path) }];
  }

  async function change(rows: readonly Row[], how: "stage" | "unstage" | "discard"): Promise<void> {
    for (const repository of repositories.all()) {
      const paths = rows.filter(({ root }) => root === repository.root).flatMap((row) => pathsOf(row, how));
      if (paths.length > 0) await repository.run((signal) => engine.git[how]({ root: repository.root, paths }, { signal }));
    }
  }

  /** All rows of the groups a command is about: one group of the view, or those named of a repository. */
  async function rowsIn(argument: unknown, ...groups: Row["group"][]): Promise<Row[]> {
    const states = (argument as Partial<vscodeApi.SourceControlResourceGroup> | undefined)?.resourceStates;
    if (states !== undefined) return states.filter(isRow);
    const repository = await repositories.choose(argument);
    return (repository?.status()?.changes ?? []).flatMap((each) =>
      groups
        .filter((group) => (group === "merge" ? each.conflict : group === "index" ? each.staged : each.unstaged))
        .map((group) => ({ root: repository?.root ?? "", change: each, group, resourceUri: vscode.Uri.file(each.path) })),
    );
  }

  async function discard(rows: readonly Row[]): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    const unknown = rows.filter(({ change: { unstaged } }) => unstaged === "untracked");
    const name = first.change.path.slice(first.change.path.lastIndexOf("/") + 1);
    const message =
      rows.length === 1
        ? unknown.length === 1
          ? words.discard.deleteOne(name)
          : words.discard.one(name)
        : words.discard.many(rows.length, unknown.length);
    const button = rows.length === unknown.length ? words.discard.delete : words.discard.button;
    const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail: words.discard.forGood }, button);
    if (chosen === button) await change(rows, "discard");
  }

  command("git.stage", async (...parameters) => {
    const rows = rowsOf(parameters);
    const unresolved = rows.filter(({ group }) => group === "merge");
    if (unresolved.length > 0 && !(await areResolved(unresolved))) return;
    await change(rows, "stage");
  });
  command("git.unstage", async (...parameters) => change(rowsOf(parameters), "unstage"));
  command("git.clean", async (...parameters) => discard(rowsOf(parameters).filter(({ group }) => group === "workingTree")));
  command("git.stageAll", async (argument) => change(await rowsIn(argument, "workingTree"), "stage"));
  command("git.unstageAll", async (argument) => change(await rowsIn(argument, "index"), "unstage"));
  command("git.cleanAll", async (argument) => discard(await rowsIn(argument, "workingTree")));

  /** Asks where the marks of a conflict still stand in a file. */
  async function areResolved(rows: readonly Row[]): Promise<boolean> {
    for (const row of rows) {
      const text = await vscode.workspace.openTextDocument(fileOf(vscode, row)).then(
        (document) => document.getText(),
        () => "",
      );
      if (!/^(<{7}|>{7}) /m.test(text)) continue;
      const chosen = await vscode.window.showWarningMessage(words.marksLeft(row.change.path), { modal: true }, words.stageAnyway);
      if (chosen !== words.stageAnyway) return false;
    }
    return true;
  }

  command("git.openChange", async (...parameters) => {
    for (const { root, change: each, group } of rowsOf(parameters)) {
      const shown = showChange(vscode, root, each, group);
      await vscode.commands.executeCommand(shown.command, ...(shown.arguments ?? []));
    }
  });
  command("git.openFile", async (...parameters) => {
    for (const row of rowsOf(parameters)) await vscode.window.showTextDocument(fileOf(vscode, row), { preview: true });
  });
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && "change" in value && "root" in value;
}

/** Both names of a file that was renamed, where the renaming itself is taken back. */
function pathsOf({ change: { path, original, staged } }: Row, how: "stage" | "unstage" | "discard"): string[] {
  return how === "unstage" && staged === "renamed" && original !== undefined ? [path, original] : [path];
}

/** True when a repository has something that could be committed. */
export function hasStaged(repository: Repository): boolean {
  return repository.status()?.changes.some(({ staged }) => staged !== undefined) ?? false;
}
