import { Schemas } from "@codingame/monaco-vscode-api/vscode/vs/base/common/network";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import type {
  IOpenDialogOptions,
  IPickAndOpenOptions,
  ISaveDialogOptions,
} from "@codingame/monaco-vscode-api/vscode/vs/platform/dialogs/common/dialogs";
import { IFileDialogService } from "@codingame/monaco-vscode-api/vscode/vs/platform/dialogs/common/dialogs.service";
import { SyncDescriptor } from "@codingame/monaco-vscode-api/vscode/vs/platform/instantiation/common/descriptors";
import getDialogsServiceOverride from "@codingame/monaco-vscode-dialogs-service-override";
import { FileDialogService } from "@codingame/monaco-vscode-dialogs-service-override/vscode/vs/workbench/services/dialogs/browser/fileDialogService";
import type { Connection } from "../connection.ts";

/** Dialogs for files and folders: the system's on the desktop, the workbench's own in the browser. */
export function dialogServices(connection: Connection) {
  const service = connection.start.browser ? SimpleFileDialogs : nativeFileDialogs(connection);
  return {
    ...getDialogsServiceOverride(),
    [IFileDialogService.toString()]: new SyncDescriptor(service, undefined, true),
  };
}

class SimpleFileDialogs extends FileDialogService {
  // The engine's disk is not one that the browser's own pickers know.
  protected override shouldUseSimplified(): boolean {
    return true;
  }
}

function nativeFileDialogs({ desktop }: Connection) {
  return class NativeFileDialogs extends FileDialogService {
    override async pickFileAndOpen(options: IPickAndOpenOptions): Promise<void> {
      const files = await desktop.chooseFiles({});
      if (files.length === 0) return;
      await this.hostService.openWindow(
        files.map((path) => ({ fileUri: URI.file(path) })),
        { forceNewWindow: options.forceNewWindow },
      );
    }

    override async pickFolderAndOpen(options: IPickAndOpenOptions): Promise<void> {
      const folder = await desktop.chooseFolder();
      if (!folder) return;
      await this.hostService.openWindow([{ folderUri: URI.file(folder) }], { forceNewWindow: options.forceNewWindow });
    }

    /** "Open…" on a Mac takes both; folders are the more usual wish. */
    override pickFileFolderAndOpen(options: IPickAndOpenOptions): Promise<void> {
      return this.pickFolderAndOpen(options);
    }

    override async pickWorkspaceAndOpen(options: IPickAndOpenOptions): Promise<void> {
      const [file] = await desktop.chooseFiles({ extensions: ["code-workspace"], multiple: false });
      if (!file) return;
      await this.hostService.openWindow([{ workspaceUri: URI.file(file) }], { forceNewWindow: options.forceNewWindow });
    }

    override pickFileToSave(defaultUri: URI): Promise<URI | undefined> {
      return this.showSaveDialog({ defaultUri });
    }

    override async showSaveDialog({ defaultUri }: ISaveDialogOptions): Promise<URI | undefined> {
      const suggestion = defaultUri?.scheme === Schemas.file ? defaultUri.fsPath : defaultUri?.path.split("/").at(-1);
      const path = await desktop.chooseSave({ suggestion });
      return path ? URI.file(path) : undefined;
    }

    override async showOpenDialog(options: IOpenDialogOptions): Promise<URI[] | undefined> {
      if (options.canSelectFolders && !options.canSelectFiles) {
        const folder = await desktop.chooseFolder();
        return folder ? [URI.file(folder)] : undefined;
      }
      const extensions = (options.filters ?? []).flatMap((filter) => filter.extensions).filter((extension) => extension !== "*");
      const files = await desktop.chooseFiles({ title: options.title, extensions, multiple: options.canSelectMany ?? false });
      return files.length > 0 ? files.map((path) => URI.file(path)) : undefined;
    }
  };
}
