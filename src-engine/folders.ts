import { statSync } from "node:fs";
import { chmod, lstat, mkdir } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { dirname } from "node:path";
import { UserError } from "#core/base/errors";
import { type DataFolders, dataFolders } from "#core/settings/folders";

/** Names this user's folders and creates them; throws DATA_FOLDER_UNUSABLE when one cannot be used. */
export async function openFolders(env: NodeJS.ProcessEnv = process.env): Promise<DataFolders> {
  const folders = dataFolders({ env, platform: process.platform, home: homedir() });
  for (const folder of Object.values(folders)) await createFolder(folder);
  await keepPrivate(folders.data);
  for (const folder of [folders.user, folders.cache, folders.logs]) await closeToOthers(folder);
  return folders;
}

async function createFolder(folder: string): Promise<void> {
  try {
    await createWithParents(folder);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === "ENOSPC" ? "the disk is full" : reasonOf(error);
    throw new UserError(
      "DATA_FOLDER_UNUSABLE",
      `The folder ${folder} cannot be created: ${reason}.`,
      "Make room or change its permissions, or set LOCALCODER_HOME to a folder you can write to.",
    );
  }
}

/** Like mkdir with `recursive`, which never comes back where a system answers that a folder with an existing parent has none (/proc). */
async function createWithParents(folder: string): Promise<void> {
  const create = () =>
    mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST" || !statSync(folder).isDirectory()) throw error;
    });
  try {
    await create();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(folder) === folder) throw error;
    await createWithParents(dirname(folder));
    await create();
  }
}

/**
 * The data folder holds the history and the engine's socket, so nobody else may enter it. A folder of another
 * user is refused: whoever owns a folder can put a socket of his own there and read what we send.
 */
async function keepPrivate(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const stat = await lstat(folder);
  const mine = userInfo().uid;
  if (!stat.isDirectory() || stat.uid !== mine) {
    throw new UserError(
      "DATA_FOLDER_UNUSABLE",
      stat.isDirectory() ? `The data folder ${folder} belongs to another user.` : `The data folder ${folder} is not a real folder.`,
      "Set LOCALCODER_HOME to a folder of your own.",
    );
  }
  if ((stat.mode & 0o077) !== 0) await chmod(folder, 0o700);
}

/** Settings, unsaved text and logs are nobody else's; a link, as some keep their settings behind, leads where its owner wants it. */
async function closeToOthers(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const stat = await lstat(folder);
  if (stat.isDirectory() && stat.uid === userInfo().uid && (stat.mode & 0o077) !== 0) await chmod(folder, 0o700);
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EACCES":
    case "EPERM":
      return "you may not write there";
    case "ENOENT":
      return "there is no such place";
    case "EROFS":
      return "the disk is read-only";
    case "ENOTDIR":
    case "EEXIST":
      return "a file of that name is in the way";
    default:
      return String((error as NodeJS.ErrnoException).code ?? "the system refused");
  }
}
