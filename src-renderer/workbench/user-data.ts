import { Schemas } from "@codingame/monaco-vscode-api/vscode/vs/base/common/network";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { registerCustomProvider } from "@codingame/monaco-vscode-files-service-override";
import type { WindowStart } from "#core/contracts/desktop";
import type { Connection } from "../connection.ts";
import { createFileSystem, type PathMapping } from "./file-system.ts";
import type { Roots } from "./roots.ts";

/** Below this path of the scheme `vscode-userdata` the workbench keeps settings, keybindings, snippets, backups and local history. */
const userHome = "/User";

/**
 * Registers the disk for ordinary files, and the folder of the user for what the workbench itself keeps:
 * every window, and the browser version, so share it.
 */
export function registerFileSystems(connection: Connection, roots: Roots): void {
  registerCustomProvider(
    Schemas.file,
    createFileSystem(connection, roots, { toPath: (uri) => uri.fsPath, toUri: (path) => URI.file(path) }),
  );
  registerCustomProvider(Schemas.vscodeUserData, createFileSystem(connection, roots, userDataMapping(connection.start)));
}

/** How the workbench's addresses of user data and paths in the user's folder correspond. */
export function userDataMapping({ userFolder, settingsFile }: Pick<WindowStart, "userFolder" | "settingsFile">): PathMapping {
  const folder = URI.file(userFolder);
  const settings = `${userHome}/settings.json`;
  return {
    toPath: (uri) =>
      settingsFile !== undefined && uri.path === settings
        ? settingsFile
        : folder.with({ path: folder.path + uri.path.slice(userHome.length) }).fsPath,
    toUri: (path) =>
      URI.from({
        scheme: Schemas.vscodeUserData,
        path: path === settingsFile ? settings : userHome + URI.file(path).path.slice(folder.path.length),
      }),
  };
}
