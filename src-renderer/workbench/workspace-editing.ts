import type { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { SyncDescriptor } from "@codingame/monaco-vscode-api/vscode/vs/platform/instantiation/common/descriptors";
import { IWorkspaceEditingService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/workspaces/common/workspaceEditing.service";
import { AbstractWorkspaceEditingService } from "@codingame/monaco-vscode-configuration-service-override/vscode/vs/workbench/services/workspaces/browser/abstractWorkspaceEditingService";

/** A window changes its workspace by being opened anew with it: the engine and the folder's memory then follow by themselves. */
class WorkspaceEditing extends AbstractWorkspaceEditingService {
  override async enterWorkspace(workspaceUri: URI): Promise<void> {
    const entered = await this.doEnterWorkspace(workspaceUri);
    if (entered) await this.hostService.openWindow([{ workspaceUri }], { forceReuseWindow: true });
  }
}

/** The service behind "Add Folder to Workspace" and "Save Workspace As". */
export function workspaceEditingServices() {
  return { [IWorkspaceEditingService.toString()]: new SyncDescriptor(WorkspaceEditing, [], true) };
}
