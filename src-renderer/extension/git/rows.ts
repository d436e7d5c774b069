import type * as vscodeApi from "vscode";
import type { GitChange, GitVersion } from "#core/contracts/git";
import { strings } from "../strings.ts";
import type { GroupId, Row } from "./repository.ts";
import { fileAddress, versionAddress } from "./version-address.ts";

const words = strings.git;

/** A row of the view: a click on it shows what changed. */
export function rowOf(vscode: typeof vscodeApi, root: string, change: GitChange, group: GroupId): Row {
  const state = group === "merge" ? change.conflict : group === "index" ? change.staged : change.unstaged;
  return {
    root,
    change,
    group,
    resourceUri: fileAddress(vscode, root, change.path),
    command: showChange(vscode, root, change, group),
    decorations: {
      strikeThrough: state === "deleted" || change.conflict === "both-deleted",
      tooltip: state === undefined ? "" : words.states[state],
    },
    contextValue: group,
  };
}

/** The command that shows what changed: two versions side by side, or the one there is. */
export function showChange(vscode: typeof vscodeApi, root: string, change: GitChange, group: GroupId): vscodeApi.Command {
  const { path, original, staged, unstaged } = change;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const file = fileAddress(vscode, root, path);
  const version = (of: string, wanted: GitVersion) => versionAddress(vscode, { root, path: of, version: wanted });
  const head = version(original ?? path, { commit: "HEAD" });
  const index = version(path, { staged: true });
  const open = (uri: vscodeApi.Uri, title: string) => command("vscode.open", uri, { preview: true }, title);
  const compare = (left: vscodeApi.Uri, right: vscodeApi.Uri, title: string) => command("vscode.diff", left, right, title);
  if (group === "merge") return open(file, name);
  if (group === "index") {
    if (staged === "added") return open(index, words.titles.index(name));
    if (staged === "deleted") return open(head, words.titles.deleted(name));
    return compare(head, index, words.titles.index(name));
  }
  if (unstaged === "deleted") return open(index, words.titles.deleted(name));
  if (unstaged === "untracked" || unstaged === "added") return open(file, name);
  return compare(index, file, words.titles.workingTree(name));
}

const command = (id: string, ...parameters: unknown[]): vscodeApi.Command => ({
  command: id,
  title: words.commands.openChange,
  arguments: parameters,
});
