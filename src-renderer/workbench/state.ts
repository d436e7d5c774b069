import { getService, IEditorService, IStorageService } from "@codingame/monaco-vscode-api";
import { IndexedDBStorageDatabase } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/storage/browser/storageService";
import getStorageServiceOverride, { StorageScope } from "@codingame/monaco-vscode-storage-service-override";
import type { Connection } from "../connection.ts";
import { createStateFile } from "./state-file.ts";
import { withTrustedFolders } from "./trust.ts";
import { emptyWorkspace } from "./windows.ts";

/** Values the workbench has as long as nobody changed them: no accounts in the activity bar, no chat set-up. */
const firstValues = {
  "workbench.activity.showAccounts": false,
  // There is no other machine to connect to, and the layout of the keyboard is the system's affair.
  "workbench.statusbar.hidden": JSON.stringify(["status.host", "status.workbench.keyboardLayout"]),
};

/**
 * The workbench's memory (open tabs, layout, recently used commands) in JSON files of the user's folder,
 * so that it is the same for the desktop and the browser version and for every window of a folder.
 */
export function stateServices(connection: Connection) {
  const folder = `${connection.start.userFolder}/state`;
  const database = (name: string, shared: boolean) => () => createStateFile(connection, `${folder}/${name}.json`, shared);
  // The memory that windows share with trusted folders in it; for this one there is no factory, and a database would be the browser's own.
  IndexedDBStorageDatabase.createApplicationSharedStorage = async () => ({
    ...withTrustedFolders(database("application-shared", true)(), connection.engine),
    name: "application-shared",
    hasPendingUpdate: false,
    clear: async () => undefined,
    dispose: () => undefined,
  });
  return getStorageServiceOverride({
    fallbackOverride: firstValues,
    databaseFactories: {
      [StorageScope.APPLICATION]: database("application", true),
      [StorageScope.PROFILE]: (_accessor, profile) => database(`profile-${profile.id}`, true)(),
      [StorageScope.WORKSPACE]: (_accessor, workspace) =>
        database(`workspace-${(emptyWorkspace(connection.start) ?? workspace).id}`, false)(),
    },
  });
}

/** Writes the memory soon after tabs change, so that a window that is killed comes back as it was. */
export async function keepStateFresh(): Promise<void> {
  const [editors, storage] = await Promise.all([getService(IEditorService), getService(IStorageService)]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void storage.flush(), 1000);
  };
  editors.onDidEditorsChange(soon);
  editors.onDidVisibleEditorsChange(soon);
}
