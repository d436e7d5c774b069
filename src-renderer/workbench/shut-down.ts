import { getService } from "@codingame/monaco-vscode-api";
import { CancellationToken } from "@codingame/monaco-vscode-api/vscode/vs/base/common/cancellation";
import { ConfirmResult } from "@codingame/monaco-vscode-api/vscode/vs/platform/dialogs/common/dialogs";
import { IFileDialogService } from "@codingame/monaco-vscode-api/vscode/vs/platform/dialogs/common/dialogs.service";
import { WillSaveStateReason } from "@codingame/monaco-vscode-api/vscode/vs/platform/storage/common/storage";
import { IStorageService } from "@codingame/monaco-vscode-api/vscode/vs/platform/storage/common/storage.service";
import { IFilesConfigurationService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/filesConfiguration/common/filesConfigurationService.service";
import type { IWorkingCopy } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/workingCopy/common/workingCopy";
import { IWorkingCopyBackupService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/workingCopy/common/workingCopyBackup.service";
import { IWorkingCopyService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/workingCopy/common/workingCopyService.service";
import type { Connection } from "../connection.ts";

let running: Promise<void> | undefined;

/** Puts everything unsaved in safety and closes the window; a second request while it runs changes nothing. */
export function shutDown(connection: Connection): Promise<void> {
  running ??= closeSafely(connection).finally(() => {
    running = undefined;
  });
  return running;
}

async function closeSafely({ desktop }: Connection): Promise<void> {
  if (await keepSafe()) await desktop.closeWindow();
}

/**
 * Makes the page ready to go; false when the user wants to stay. The workbench for the browser cannot wait for anything
 * when its page is unloaded. Here the window waits for us, so backups are written first (hot exit), or the user is asked
 * where that is switched off or does not work.
 */
export async function keepSafe(): Promise<boolean> {
  const [workingCopies, storage, configuration] = await Promise.all([
    getService(IWorkingCopyService),
    getService(IStorageService),
    getService(IFilesConfigurationService),
  ]);
  const modified = workingCopies.modifiedWorkingCopies;
  const kept = configuration.isHotExitEnabled && (await backUp(modified));
  if (!kept && modified.length > 0 && !(await askAbout(modified))) return false;
  await storage.flush(WillSaveStateReason.SHUTDOWN);
  return true;
}

/** Writes a backup of everything unsaved; false when one of them could not be written. */
async function backUp(workingCopies: readonly IWorkingCopy[]): Promise<boolean> {
  const backups = await getService(IWorkingCopyBackupService);
  const results = await Promise.allSettled(
    workingCopies.map(async (copy) => {
      const { content, meta } = await copy.backup(CancellationToken.None);
      // A version of its own: without one, an older backup of the same text counts as good enough.
      await backups.backup(copy, content, Date.now(), meta);
    }),
  );
  return results.every((result) => result.status === "fulfilled");
}

/** Asks whether to save; false when the window is to stay open. */
async function askAbout(workingCopies: readonly IWorkingCopy[]): Promise<boolean> {
  const dialogs = await getService(IFileDialogService);
  const answer = await dialogs.showSaveConfirm(workingCopies.map((copy) => copy.resource));
  if (answer === ConfirmResult.CANCEL) return false;
  if (answer === ConfirmResult.SAVE) {
    const saved = await Promise.all(workingCopies.map((copy) => copy.save()));
    return saved.every(Boolean);
  }
  await Promise.all(workingCopies.map((copy) => copy.revert({ soft: true })));
  return true;
}
