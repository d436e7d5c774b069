import { getService } from "@codingame/monaco-vscode-api";
import { IContextKeyService } from "@codingame/monaco-vscode-api/vscode/vs/platform/contextkey/common/contextkey.service";

/** What the build for browsers says it cannot do without a remote machine, and what this window can: its disk is real. */
const abilities = ["openFolderWorkspaceSupport", "emptyWorkspaceSupport", "enterMultiRootWorkspaceSupport"];

/** Brings back the commands and menu entries for folders and workspaces. */
export async function declareAbilities(): Promise<void> {
  const keys = await getService(IContextKeyService);
  for (const ability of abilities) keys.createKey(ability, true);
}
