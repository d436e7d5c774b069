import { getService, IWorkspaceTrustManagementService } from "@codingame/monaco-vscode-api";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import type { IStorageDatabase } from "@codingame/monaco-vscode-api/vscode/vs/base/parts/storage/common/storage";
import { WORKSPACE_TRUST_STORAGE_KEY } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/workspaces/common/workspaceTrust";
import type { Connection } from "../connection.ts";
import { follow } from "../extension/follow.ts";

const setting = "localcoder.trust.folders";

/**
 * The workbench's memory with the folders that the user's settings trust: they are the one list, for the window, the engine and the
 * terminal. Known before the workbench starts, so that a trusted folder never shows as a restricted one.
 */
export function withTrustedFolders(database: IStorageDatabase, engine: Connection["engine"]): IStorageDatabase {
  return {
    ...database,
    async getItems() {
      const [items, folders] = await Promise.all([database.getItems(), trustedFolders(engine)]);
      const uriTrustInfo = folders.map((folder) => ({ uri: URI.file(folder).toJSON(), trusted: true }));
      return new Map(items).set(WORKSPACE_TRUST_STORAGE_KEY, JSON.stringify({ uriTrustInfo }));
    },
  };
}

/** Keeps the workbench's list and the user's settings the same, whichever of them is changed. */
export async function followTrust({ engine }: Connection): Promise<void> {
  const management = await getService(IWorkspaceTrustManagementService);
  const shown = () => management.getTrustedUris().map((uri) => uri.fsPath);
  const isSame = (one: readonly string[], other: readonly string[]) =>
    JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());

  management.onDidChangeTrustedFolders(async () => {
    const wanted = shown();
    if (isSame(wanted, await trustedFolders(engine))) return;
    await engine.settings.write({ name: setting, value: wanted, scope: "user" });
  });
  const adopt = async () => {
    const folders = await trustedFolders(engine);
    if (!isSame(folders, shown())) await management.setTrustedUris(folders.map((folder) => URI.file(folder)));
  };
  follow(
    (signal) => engine.settings.changes(undefined, { signal }),
    () => void adopt(),
    () => void adopt(),
  );
}

async function trustedFolders(engine: Connection["engine"]): Promise<string[]> {
  return (await engine.settings.read({})).settings[setting];
}
