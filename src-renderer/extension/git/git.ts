import { ExtensionHostKind, registerExtension } from "@codingame/monaco-vscode-api/extensions";
import type * as vscodeApi from "vscode";
import { describeError } from "#core/base/errors";
import { registerQuickDiff } from "../../workbench/quick-diff.ts";
import { showError } from "../errors.ts";
import type { Features } from "../features.ts";
import { registerBranches } from "./branches.ts";
import { registerChanges } from "./changes.ts";
import { registerCommits } from "./commits.ts";
import { registerConflicts } from "./conflicts.ts";
import { registerDecorations } from "./decorations.ts";
import { registerFileHistory } from "./file-history.ts";
import { registerLines } from "./lines.ts";
import { gitManifest } from "./manifest.ts";
import { registerRemotes } from "./remotes.ts";
import { openRepository, type Repository } from "./repository.ts";
import { versionScheme } from "./version-address.ts";
import { registerVersions } from "./versions.ts";

/** The repositories of the window. */
export interface Repositories {
  all(): readonly Repository[];
  /** The one that a file lies in, or a version of it. */
  of(uri: vscodeApi.Uri | undefined): Repository | undefined;
  /** The one a command is about: that of its argument, the only one, that of the open file, or the one the user picks. */
  choose(argument: unknown): Promise<Repository | undefined>;
}

/** What the parts of our Git extension get. */
export interface GitFeatures extends Features {
  readonly repositories: Repositories;
  /** Registers a command whose failure is told once, in one sentence. */
  readonly command: (id: string, run: (...parameters: unknown[]) => Promise<unknown>) => void;
}

/** Registers source control by Git: the repositories of the window's folders, found by the engine. */
export async function registerGit(window: Features): Promise<Repositories> {
  const { getApi } = registerExtension(gitManifest(window.start.version), ExtensionHostKind.LocalProcess, { system: true });
  const vscode = await getApi();
  const open = new Map<string, Repository>();
  const repositories = repositoriesOf(vscode, open);
  const features: GitFeatures = {
    ...window,
    vscode,
    repositories,
    command: (id, run) =>
      window.own(
        vscode.commands.registerCommand(id, (...parameters: unknown[]) =>
          run(...parameters).catch((error: unknown) => showError(vscode, error)),
        ),
      ),
  };
  const { engine, own, command } = features;
  const versions = registerVersions(features);
  const decorations = registerDecorations(features, repositories.of);

  let finding = Promise.resolve();
  /** Roots of repositories around the folders of this window, which are opened when the user says so. */
  let outside: string[] = [];
  const openedOutside = new Set<string>();

  /** Looks for repositories anew. */
  function find(): Promise<void> {
    finding = finding.then(findNow).catch((error: unknown) => showError(vscode, error));
    return finding;
  }

  async function findNow(): Promise<void> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file" && isEnabled(uri));
    const roots = new Set<string>();
    const above = new Set<string>();
    let state = "none";
    for (const { uri } of folders) {
      try {
        for (const { root, outside: isAbove } of await engine.git.find({ path: uri.fsPath })) {
          if (isAbove && !openedOutside.has(root)) above.add(root);
          else roots.add(root);
        }
      } catch (error) {
        const { code } = describeError(error);
        if (code === "UNSUPPORTED") state = "missing";
        else if (code !== "NOT_FOUND" && code !== "OUTSIDE_WORKSPACE") throw error;
      }
    }
    outside = [...above];
    for (const [root, repository] of open) {
      if (roots.has(root)) continue;
      repository.dispose();
      open.delete(root);
    }
    for (const root of roots) {
      if (open.has(root)) continue;
      const repository = openRepository(features, root);
      repository.onChanged(() => {
        versions.changed();
        decorations.changed(repository);
        tellOperation();
      });
      open.set(root, repository);
    }
    if (open.size > 0) state = "found";
    else if (outside.length > 0) state = "outside";
    if (folders.length === 0) state = "no folder";
    await vscode.commands.executeCommand("setContext", "localcoder.git", state);
  }

  function isEnabled(uri: vscodeApi.Uri): boolean {
    return vscode.workspace.getConfiguration("git", uri).get("enabled", true);
  }

  function tellOperation(): void {
    const any = [...open.values()].some((repository) => repository.status()?.operation !== undefined);
    void vscode.commands.executeCommand("setContext", "localcoder.git.operation", any);
  }

  command("git.init", async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    if (folder === undefined) return;
    await engine.git.initialise({ root: folder.uri.fsPath });
    await find();
  });
  command("git.openParent", async () => {
    for (const root of outside) {
      await engine.workspace.open({ path: root });
      openedOutside.add(root);
    }
    await find();
  });
  command("git.refresh", async () => {
    await find();
    await Promise.all([...open.values()].map((repository) => repository.refresh()));
  });
  const quickDiff = own(
    await registerQuickDiff((address) => void vscode.commands.executeCommand("git.openChange", vscode.Uri.parse(address))),
  );
  registerChanges(features);
  registerLines(features, quickDiff);
  registerCommits(features);
  registerBranches(features);
  registerRemotes(features);
  registerConflicts(features);
  registerFileHistory(features);

  own(vscode.workspace.onDidChangeWorkspaceFolders(find));
  own(vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("git.enabled") && find()));
  // A repository may have been made in a terminal.
  own(vscode.window.onDidChangeWindowState(({ focused }) => focused && open.size === 0 && find()));
  const made = own(vscode.workspace.createFileSystemWatcher("**/.git/HEAD"));
  own(made.onDidCreate(find));
  own(made.onDidDelete(find));
  own({
    dispose() {
      for (const repository of open.values()) repository.dispose();
    },
  });
  void find();
  return repositories;
}

function repositoriesOf(vscode: typeof vscodeApi, open: ReadonlyMap<string, Repository>): Repositories {
  const all = () => [...open.values()];
  /** The innermost, where one lies in another. */
  const of = (uri: vscodeApi.Uri | undefined) => {
    const file = uri?.scheme === versionScheme ? uri.with({ scheme: "file", query: "" }) : uri;
    if (file === undefined) return undefined;
    const around = all().filter((repository) => repository.pathOf(file) !== undefined);
    return around.sort((one, other) => other.root.length - one.root.length)[0];
  };
  return {
    all,
    of,
    async choose(argument) {
      const named = argument as Partial<vscodeApi.SourceControl & vscodeApi.Uri> | undefined;
      const source = all().find((repository) => repository.source === argument || sameRoot(repository, named?.rootUri));
      const known = source ?? of(vscode.window.activeTextEditor?.document.uri);
      if (known !== undefined || open.size < 2) return known ?? all()[0];
      const items = all().map((repository) => ({ label: vscode.workspace.asRelativePath(repository.root), repository }));
      return (await vscode.window.showQuickPick(items))?.repository;
    },
  };
}

function sameRoot({ source }: Repository, rootUri: vscodeApi.Uri | undefined): boolean {
  return rootUri !== undefined && source.rootUri?.toString() === rootUri.toString();
}
