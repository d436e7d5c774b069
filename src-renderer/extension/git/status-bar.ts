import type * as vscodeApi from "vscode";
import type { GitStatus } from "#core/contracts/git";
import { strings } from "../strings.ts";

const words = strings.git.statusBar;

/** What the status bar says of a repository: its branch, with marks for what is not committed, and how far its remote is apart. */
export function statusBarOf(source: vscodeApi.SourceControl, status: GitStatus, atWork: boolean, trusted: boolean): vscodeApi.Command[] {
  const { branch, commit, changes, operation, upstream, ahead, behind } = status;
  const marks = [
    changes.some(({ unstaged }) => unstaged !== undefined) ? "*" : "",
    changes.some(({ staged }) => staged !== undefined) ? "+" : "",
    changes.some(({ conflict }) => conflict !== undefined) ? "!" : "",
  ].join("");
  const name = branch ?? commit?.slice(0, 8) ?? "";
  const going = operation === undefined ? "" : ` (${words.operations[operation]})`;
  const checkOut = {
    command: trusted ? "git.checkout" : "workbench.view.scm",
    title: `$(git-branch) ${name}${marks}${going}`,
    tooltip: branch === undefined ? words.noBranch(name) : words.branch(branch),
    arguments: [source],
  };
  if (!trusted || branch === undefined || commit === undefined) return [checkOut];
  if (atWork) return [checkOut, { command: "", title: "$(sync~spin)", tooltip: words.working }];
  if (upstream === undefined)
    return [checkOut, { command: "git.publish", title: "$(cloud-upload)", tooltip: words.publish, arguments: [source] }];
  const apart = ahead || behind ? ` ${behind ?? 0}↓ ${ahead ?? 0}↑` : "";
  return [checkOut, { command: "git.sync", title: `$(sync)${apart}`, tooltip: words.sync(upstream), arguments: [source] }];
}
