import type * as vscodeApi from "vscode";
import type { Disposable } from "#core/base/disposable";
import { createEmitter } from "#core/base/emitter";
import type { GitChange, GitStatus } from "#core/contracts/git";
import { showError } from "../errors.ts";
import type { Features } from "../features.ts";
import { follow } from "../follow.ts";
import { strings } from "../strings.ts";
import { rowOf } from "./rows.ts";
import { statusBarOf } from "./status-bar.ts";
import { fileAddress, pathIn, versionAddress } from "./version-address.ts";

const words = strings.git;

/** The lists of the view, by the names that VS Code gives them. */
export type GroupId = "merge" | "index" | "workingTree";

/** A row of the view. */
export interface Row extends vscodeApi.SourceControlResourceState {
  readonly root: string;
  readonly change: GitChange;
  readonly group: GroupId;
}

/** One repository of the window, with its part of the source control view. */
export interface Repository extends Disposable {
  readonly root: string;
  readonly source: vscodeApi.SourceControl;
  /** As last read. */
  status(): GitStatus | undefined;
  /** What differs at a path. */
  changeAt(path: string): GitChange | undefined;
  /** True for a folder with something in it that differs. */
  hasChangesBelow(path: string): boolean;
  /** The path of a file from the root, empty for the root itself; undefined for one outside. */
  pathOf(uri: vscodeApi.Uri): string | undefined;
  /** Reads where it stands. Many calls at once are one. */
  refresh(): Promise<void>;
  /** Does something that changes it, one thing after another, shows that it is at work, and reads where it stands then. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  onChanged(listener: () => void): Disposable;
}

/** Milliseconds that changes on the disk may gather before Git is asked about them. */
const settling = 400;

/** Opens a repository of the window. */
export function openRepository(features: Features, root: string): Repository {
  const { vscode, engine } = features;
  const rootUri = vscode.Uri.file(root);
  const source = vscode.scm.createSourceControl("git", words.name, rootUri);
  source.acceptInputCommand = { command: "git.commit", title: words.commands.commit, arguments: [source] };
  source.quickDiffProvider = { provideOriginalResource: original };
  const groups = {
    merge: source.createResourceGroup("merge", words.groups.merge),
    index: source.createResourceGroup("index", words.groups.index),
    workingTree: source.createResourceGroup("workingTree", words.groups.workingTree),
  };
  groups.merge.hideWhenEmpty = true;
  groups.index.hideWhenEmpty = true;

  const changed = createEmitter<void>();
  const ended = new AbortController();
  let status: GitStatus | undefined;
  let byPath: ReadonlyMap<string, GitChange> = new Map();
  let folders: ReadonlySet<string> = new Set();
  let reading: Promise<void> | undefined;
  let again = false;
  let working: Promise<unknown> = Promise.resolve();
  let atWork = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let proposed: string | undefined;

  function pathOf(uri: vscodeApi.Uri): string | undefined {
    return uri.scheme === "file" ? pathIn(rootUri, uri) : undefined;
  }

  /** What the lines of a file are compared with, at the edge of its editor. Asked once for an editor, so it waits for an answer. */
  async function original(uri: vscodeApi.Uri): Promise<vscodeApi.Uri | undefined> {
    const path = pathOf(uri);
    if (!path || path.startsWith(".git/")) return undefined;
    if (status === undefined) await refresh();
    return status === undefined || byPath.get(path)?.unstaged === "untracked"
      ? undefined
      : versionAddress(vscode, { root, path, version: { staged: true } });
  }

  async function read(): Promise<void> {
    try {
      status = await engine.git.status({ root }, { signal: ended.signal });
    } catch (error) {
      // Deleted, or the engine is on its way back; the next change is looked at anew.
      if (!ended.signal.aborted && status === undefined) await showError(vscode, error);
      return;
    }
    if (!ended.signal.aborted) show(status);
  }

  function show(now: GitStatus): void {
    const unknownBefore = unknownFiles(byPath);
    byPath = new Map(now.changes.map((change) => [change.path, change]));
    folders = new Set(now.changes.flatMap(({ path }) => foldersOf(path)));
    const row = (group: GroupId) => (change: GitChange) => rowOf(vscode, root, change, group);
    groups.merge.resourceStates = now.changes.filter(({ conflict }) => conflict).map(row("merge"));
    groups.index.resourceStates = now.changes.filter(({ staged }) => staged).map(row("index"));
    groups.workingTree.resourceStates = now.changes.filter(({ unstaged }) => unstaged).map(row("workingTree"));
    source.count = now.changes.length + now.more;
    source.inputBox.placeholder = words.message(/mac/i.test(navigator.platform) ? "⌘Enter" : "Ctrl+Enter", now.branch);
    // What Git proposes goes into an empty box, and out of it again when that is over.
    if (now.proposedMessage !== proposed) {
      if (source.inputBox.value === (proposed ?? "")) source.inputBox.value = now.proposedMessage ?? "";
      proposed = now.proposedMessage;
    }
    showStatusBar();
    // What was unknown had nothing to be compared with, and is asked about again only by a new provider.
    if (unknownFiles(byPath) !== unknownBefore) source.quickDiffProvider = { provideOriginalResource: original };
    changed.emit();
  }

  function showStatusBar(): void {
    if (status) source.statusBarCommands = statusBarOf(source, status, atWork > 0, vscode.workspace.isTrusted);
  }

  function refresh(): Promise<void> {
    if (reading !== undefined) {
      again = true;
      return reading;
    }
    reading = (async () => {
      do {
        again = false;
        await read();
      } while (again && !ended.signal.aborted);
      reading = undefined;
    })();
    return reading;
  }

  function refreshSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void refresh();
    }, settling);
  }

  const files = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(rootUri, "**"));
  const onFile = (uri: vscodeApi.Uri) => {
    if (!uri.path.startsWith(`${rootUri.path}/.git/`)) refreshSoon();
  };
  const open = [
    files,
    files.onDidChange(onFile),
    files.onDidCreate(onFile),
    files.onDidDelete(onFile),
    follow((signal) => engine.git.changes({ root }, { signal }), refreshSoon),
    vscode.workspace.onDidGrantWorkspaceTrust(showStatusBar),
    ...Object.values(groups),
    source,
  ];
  void refresh();

  return {
    root,
    source,
    status: () => status,
    changeAt: (path) => byPath.get(path),
    hasChangesBelow: (path) => folders.has(path),
    pathOf,
    refresh,
    run(work) {
      atWork++;
      showStatusBar();
      const done = working.then(() => {
        const options = { location: vscode.ProgressLocation.SourceControl };
        return vscode.window.withProgress(options, () => work(ended.signal));
      });
      working = done.catch(() => {}).then(refresh);
      return done.finally(async () => {
        atWork--;
        await refresh();
        showStatusBar();
      });
    },
    onChanged: (listener) => changed.listen(listener),
    dispose() {
      ended.abort();
      clearTimeout(timer);
      for (const each of open) each.dispose();
    },
  };
}

/** The file of a row, as it lies on the disk. */
export function fileOf(vscode: typeof vscodeApi, { root, change }: Row): vscodeApi.Uri {
  return fileAddress(vscode, root, change.path);
}

/** The files that Git does not know, as one text to be compared. */
function unknownFiles(changes: ReadonlyMap<string, GitChange>): string {
  return [...changes.values()].flatMap(({ path, unstaged }) => (unstaged === "untracked" ? path : [])).join("\0");
}

/** The folders that a path lies in, from the root. */
function foldersOf(path: string): string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}
