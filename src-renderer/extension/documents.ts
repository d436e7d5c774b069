import type * as vscodeApi from "vscode";

/** How the engine is told about a document: where it lies, its language and its workspace folder. */
export interface DocumentPlace {
  readonly path: string;
  readonly languageId: string;
  readonly workspace: string | undefined;
}

/** Describes a document to the engine. Untitled ones give their title, as the contract asks. */
export function placeOf(vscode: typeof vscodeApi, document: vscodeApi.TextDocument): DocumentPlace {
  return {
    path: document.uri.scheme === "file" ? document.uri.fsPath : document.uri.path,
    languageId: document.languageId,
    workspace: workspaceOf(vscode, document.uri),
  };
}

/** The workspace folder a document belongs to; a document outside of all has none. */
export function workspaceOf(vscode: typeof vscodeApi, uri: vscodeApi.Uri | undefined): string | undefined {
  const folder = uri ? vscode.workspace.getWorkspaceFolder(uri) : undefined;
  return folder?.uri.scheme === "file" ? folder.uri.fsPath : undefined;
}

/** The folder of this window, for settings and history that belong to it. */
export function windowWorkspace(vscode: typeof vscodeApi): string | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === "file" ? folder.uri.fsPath : undefined;
}

/** The last part of a folder's path, as windows and titles call it. */
export function nameOfFolder(folder: string): string {
  return folder.split(/[\\/]/).findLast((part) => part !== "") ?? folder;
}
