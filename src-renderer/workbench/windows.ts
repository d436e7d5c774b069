import { Schemas } from "@codingame/monaco-vscode-api/vscode/vs/base/common/network";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { isFolderToOpen, isWorkspaceToOpen } from "@codingame/monaco-vscode-api/vscode/vs/platform/window/common/window";
import type { IWorkspaceProvider } from "@codingame/monaco-vscode-api/vscode/vs/workbench/browser/web.api";
import type { WindowStart, WindowTarget } from "#core/contracts/desktop";
import { targetToQuery } from "#core/desktop/address";
import type { Connection } from "../connection.ts";
import type { PathMapping } from "./file-system.ts";
import { keepSafe } from "./shut-down.ts";
import { userDataMapping } from "./user-data.ts";

/** What this window shows, and how it opens others. */
export function createWorkspaceProvider({ desktop, start }: Connection): IWorkspaceProvider {
  return {
    workspace: workspaceOf(start.target),
    // Means that it may be opened at all; what it may do is decided in trust.ts.
    trusted: true,
    async open(workspace, options) {
      const reuse = options?.reuse ?? false;
      const target = toTarget(workspace, options?.payload, userDataMapping(start));
      if (start.browser) return openTab(target, reuse);
      if (!reuse || (await keepSafe())) await desktop.openWindow({ target, reuse });
      return true;
    },
  };
}

/** In the browser a window is a tab, and its address says what it shows; false when the browser does not allow another one. */
function openTab(target: WindowTarget, reuse: boolean): boolean {
  const address = new URL(targetToQuery(target) || "?", window.location.href).href;
  if (!reuse) return window.open(address) !== null;
  window.location.assign(address);
  return true;
}

/** What the workbench calls a window without a folder. Each has a name of its own, or they would restore each other's tabs. */
export function emptyWorkspace({ target }: WindowStart): { readonly id: string } | undefined {
  return target.workspace || !target.emptyWindow ? undefined : { id: `empty-window-${target.emptyWindow}` };
}

function workspaceOf(target: WindowTarget): IWorkspaceProvider["workspace"] {
  if (!target.workspace) return undefined;
  const uri = URI.file(target.workspace);
  return target.workspace.endsWith(".code-workspace") ? { workspaceUri: uri } : { folderUri: uri };
}

function toTarget(workspace: IWorkspaceProvider["workspace"], payload: object | undefined, mapping: PathMapping): WindowTarget {
  const files = filesOf(payload);
  // A workspace without a name lies in the user's folder, which the workbench reaches by a scheme of its own.
  const pathOf = (uri: URI) => (uri.scheme === Schemas.vscodeUserData ? mapping.toPath(uri) : uri.fsPath);
  if (workspace && isFolderToOpen(workspace)) return { workspace: pathOf(workspace.folderUri), files };
  if (workspace && isWorkspaceToOpen(workspace)) return { workspace: pathOf(workspace.workspaceUri), files };
  return { files };
}

/** The workbench hands files for a new window over as pairs of names and addresses. */
function filesOf(payload: object | undefined): WindowTarget["files"] {
  if (!Array.isArray(payload)) return [];
  const pairs = payload as [string, string][];
  return pairs.filter(([name]) => name === "openFile").map(([, address]) => ({ path: URI.parse(address).fsPath }));
}
