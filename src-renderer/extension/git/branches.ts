import type * as vscodeApi from "vscode";
import { describeError } from "#core/base/errors";
import type { GitBranch } from "#core/contracts/git";
import { strings } from "../strings.ts";
import type { GitFeatures } from "./git.ts";
import type { Repository } from "./repository.ts";

const words = strings.git.branches;

/** Registers branches, what is stashed, and what is going on. */
export function registerBranches({ vscode, engine, repositories, command }: GitFeatures): void {
  const itemOf = (branch: GitBranch): vscodeApi.QuickPickItem & { branch: GitBranch } => ({
    label: `$(${branch.remote === undefined ? "git-branch" : "cloud"}) ${branch.name}`,
    description: branch.commit.slice(0, 8),
    detail: branch.subject,
    branch,
  });

  async function pick(repository: Repository, title: string, which: (branch: GitBranch) => boolean): Promise<GitBranch | undefined> {
    const branches = engine.git.branches({ root: repository.root });
    const items = branches.then((all) => all.filter(which).map(itemOf));
    return (await vscode.window.showQuickPick(items, { placeHolder: title, matchOnDescription: true, matchOnDetail: true }))?.branch;
  }

  async function create({ root, run }: Repository): Promise<void> {
    const asked = await vscode.window.showInputBox({ prompt: words.newName, validateInput: (text) => problemOf(text.trim()) });
    const branch = asked?.trim().replaceAll(/\s+/g, "-");
    if (branch) await run((signal) => engine.git.createBranch({ root, branch }, { signal }));
  }

  command("git.branch", async (argument) => {
    const repository = await repositories.choose(argument);
    if (repository) await create(repository);
  });
  command("git.checkout", async (argument) => {
    const repository = await repositories.choose(argument);
    if (repository === undefined) return;
    const { root } = repository;
    const createItem = { label: `$(plus) ${words.create}`, branch: undefined };
    const items = engine.git
      .branches({ root })
      .then((all) => [
        createItem,
        { label: words.local, kind: vscode.QuickPickItemKind.Separator, branch: undefined },
        ...all.filter(({ remote }) => remote === undefined).map(itemOf),
        { label: words.remote, kind: vscode.QuickPickItemKind.Separator, branch: undefined },
        ...all.filter(({ remote }) => remote !== undefined).map(itemOf),
      ]);
    const chosen = await vscode.window.showQuickPick<vscodeApi.QuickPickItem & { branch: GitBranch | undefined }>(items, {
      placeHolder: words.checkOut,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (chosen === createItem) return create(repository);
    const branch = chosen?.branch;
    if (branch !== undefined && !branch.current)
      await repository.run((signal) => engine.git.checkOut({ root, branch: branch.name }, { signal }));
  });
  command("git.merge", async (argument) => {
    const repository = await repositories.choose(argument);
    const branch = repository && (await pick(repository, words.merge, ({ current }) => !current));
    if (!branch) return;
    const { root } = repository;
    try {
      await repository.run((signal) => engine.git.merge({ root, branch: branch.name }, { signal }));
    } catch (error) {
      if (!repository.status()?.changes.some(({ conflict }) => conflict)) throw error;
      await vscode.commands.executeCommand("workbench.view.scm");
      await vscode.window.showWarningMessage(words.conflicts);
    }
  });
  command("git.deleteBranch", async (argument) => {
    const repository = await repositories.choose(argument);
    const branch = repository && (await pick(repository, words.delete, ({ current, remote }) => !current && remote === undefined));
    if (!branch) return;
    const { root } = repository;
    const remove = (force: boolean) =>
      repository.run((signal) => engine.git.deleteBranch({ root, branch: branch.name, force }, { signal }));
    try {
      await remove(false);
    } catch (error) {
      if (!/not (fully|yet) merged/.test(describeError(error).message)) throw error;
      const question = words.notMerged(branch.name);
      const chosen = await vscode.window.showWarningMessage(question, { modal: true }, words.deleteAnyway);
      if (chosen === words.deleteAnyway) await remove(true);
    }
  });

  for (const [id, how] of [
    ["git.abort", "abort"],
    ["git.continue", "proceed"],
  ] as const) {
    command(id, async (argument) => {
      const repository = await repositories.choose(argument);
      await repository?.run((signal) => engine.git[how]({ root: repository.root }, { signal }));
    });
  }

  command("git.stash", async (argument) => {
    const repository = await repositories.choose(argument);
    if (repository === undefined) return;
    const message = await vscode.window.showInputBox({ prompt: words.stashMessage });
    if (message !== undefined) await repository.run((signal) => engine.git.stash({ root: repository.root, message }, { signal }));
  });
  command("git.stashPop", async (argument) => {
    const repository = await repositories.choose(argument);
    if (repository === undefined) return;
    const { root } = repository;
    const stashes = await engine.git.stashes({ root });
    if (stashes.length === 0) return void vscode.window.showInformationMessage(words.noStash);
    const items = stashes.map(({ index, message }) => ({ label: `#${index}`, description: message, index }));
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: words.popStash });
    if (chosen) await repository.run((signal) => engine.git.popStash({ root, index: chosen.index }, { signal }));
  });
}

/** What Git would not take as the name of a branch (git-check-ref-format). Blanks become hyphens. */
function problemOf(name: string): string | undefined {
  return /^[-/.]|[/.]$|\.lock$|\.\.|\/\/|@\{|[~^:?*[\\]/.test(name) ? words.badName : undefined;
}
