import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { SyncDescriptor } from "@codingame/monaco-vscode-api/vscode/vs/platform/instantiation/common/descriptors";
import { getWorkspaceIdentifier } from "@codingame/monaco-vscode-api/vscode/vs/platform/workspaces/common/workspaceIdentifier";
import type { IRecentlyOpened } from "@codingame/monaco-vscode-api/vscode/vs/platform/workspaces/common/workspaces";
import { IWorkspacesService } from "@codingame/monaco-vscode-api/vscode/vs/platform/workspaces/common/workspaces.service";
import { BrowserWorkspacesService } from "@codingame/monaco-vscode-configuration-service-override/vscode/vs/workbench/services/workspaces/browser/workspacesService";
import type { Connection } from "../connection.ts";

/** The list of recent folders is kept by the process that owns the windows, because its menu shows it too. */
export function recentServices({ desktop }: Connection) {
  class Recent extends BrowserWorkspacesService {
    override async getRecentlyOpened(): Promise<IRecentlyOpened> {
      const [{ files }, paths] = await Promise.all([super.getRecentlyOpened(), desktop.recent()]);
      return {
        files,
        workspaces: paths.map((path) =>
          path.endsWith(".code-workspace") ? { workspace: getWorkspaceIdentifier(URI.file(path)) } : { folderUri: URI.file(path) },
        ),
      };
    }

    override async removeRecentlyOpened(paths: URI[]): Promise<void> {
      await Promise.all(paths.map((uri) => desktop.forgetRecent({ path: uri.fsPath })));
      await super.removeRecentlyOpened(paths);
    }

    override async clearRecentlyOpened(): Promise<void> {
      await desktop.clearRecent();
      await super.clearRecentlyOpened();
    }
  }
  return { [IWorkspacesService.toString()]: new SyncDescriptor(Recent, [], true) };
}
