import { Schemas } from "@codingame/monaco-vscode-api/vscode/vs/base/common/network";
import Severity from "@codingame/monaco-vscode-api/vscode/vs/base/common/severity";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import type {
  IOpenDialogOptions,
  IPickAndOpenOptions,
  ISaveDialogOptions,
} from "@codingame/monaco-vscode-api/vscode/vs/platform/dialogs/common/dialogs";
import { IDialogService, IFileDialogService } from "@codingame/monaco-vscode-api/vscode/vs/platform/dialogs/common/dialogs.service";
import { SyncDescriptor } from "@codingame/monaco-vscode-api/vscode/vs/platform/instantiation/common/descriptors";
import getDialogsServiceOverride from "@codingame/monaco-vscode-dialogs-service-override";
import { FileDialogService } from "@codingame/monaco-vscode-dialogs-service-override/vscode/vs/workbench/services/dialogs/browser/fileDialogService";
import { DialogService } from "@codingame/monaco-vscode-dialogs-service-override/vscode/vs/workbench/services/dialogs/common/dialogService";
import type { Connection } from "../connection.ts";
import { aboutText } from "./about.ts";

const words = { product: "LocalCoder", copy: "Copy", ok: "OK" };

/** Dialogs for files and folders: the system's on the desktop, the workbench's own in the browser. */
export function dialogServices(connection: Connection) {
  const service = connection.start.browser ? SimpleFileDialogs : nativeFileDialogs(connection);
  return {
    ...getDialogsServiceOverride(),
    [IDialogService.toString()]: new SyncDescriptor(dialogs(connection), undefined, true),
    [IFileDialogService.toString()]: new SyncDescriptor(service, undefined, true),
  };
}

function dialogs({ start }: Connection) {
  return class Dialogs extends DialogService {
    /** The workbench's own text has a commit and a date of somebody else's product, or "Unknown". */
    override async about(): Promise<void> {
      const detail = aboutText(start, navigator.userAgent);
      const copy = () => navigator.clipboard.writeText(`${words.product}\n${detail}`);
      await this.prompt({
        type: Severity.Info,
        message: words.product,
        detail,
        buttons: [{ label: words.copy, run: copy }],
        cancelButton: words.ok,
      });
    }
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
