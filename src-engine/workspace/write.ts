import { randomBytes } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { access, type FileHandle, open, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "#core/base/errors";
import { hasCode, withFileErrors } from "../file-errors.ts";
import { serialiseByPath } from "./serialise.ts";

const temporaryName = /^\.localcoder-[0-9a-f]{16}\.tmp$/;

/** True for the short-lived files that writing leaves beside the real ones; watchers pass over them. */
export function isTemporaryName(name: string): boolean {
  return temporaryName.test(name);
}

/** A name for a file or folder that will take the place of its neighbour. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.localcoder-${randomBytes(8).toString("hex")}.tmp`);
}

/** What a write may do: make a new file, replace one that is there, replace one marked read-only. */
export interface WriteOptions {
  readonly create: boolean;
  readonly overwrite: boolean;
  readonly unlock?: boolean;
  /** A new file is for this user alone. */
  readonly isPrivate?: boolean;
}

/**
 * Writes a file so that everybody sees either the old content or the new, even after a crash or on a full disk.
 * Mode and owner stay. Where a second name (hard link), a foreign owner or a closed folder would be lost or in
 * the way, the file is written in place, and put back as it was when that fails.
 * @param path a real path: links were followed before.
 */
export function writeFileSafely(path: string, content: Uint8Array, options: WriteOptions): Promise<void> {
  return serialiseByPath(path, () => withFileErrors(path, () => write(path, content, options)));
}

async function write(path: string, content: Uint8Array, options: WriteOptions): Promise<void> {
  const before = await stat(path).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (before === undefined) {
    if (!options.create)
      throw new UserError("NOT_FOUND", `There is no file at ${path}.`, "It may have been moved or deleted; save it anew.");
    return createFile(path, content, options);
  }
  if (before.isDirectory()) throw new UserError("IS_A_DIRECTORY", `${path} is a folder.`, "Choose another name.");
  if (!before.isFile())
    throw new UserError("UNSUPPORTED", `${path} is neither a file nor a folder, and is not written to.`, "Choose another name.");
  if (!options.overwrite)
    throw new UserError("ALREADY_EXISTS", `${path} exists already.`, "Choose another name, or allow it to be replaced.");
  const mode = await unlocked(path, before, options.unlock === true);
  if (before.nlink > 1 || !(await replaceFile(path, content, before, mode))) await overwriteInPlace(path, content);
}

// A rename would go around the mark, so it is looked at here; for root the system itself would not mind it.
async function unlocked(path: string, before: Stats, unlock: boolean): Promise<number> {
  const marked = (before.mode & 0o222) === 0;
  if (!marked) {
    await access(path, constants.W_OK);
    return before.mode;
  }
  if (!unlock) throw new UserError("READ_ONLY", `${path} is marked as read-only.`, "Remove the mark, or save under another name.");
  return before.mode | 0o200;
}

async function createFile(path: string, content: Uint8Array, { overwrite, isPrivate }: WriteOptions): Promise<void> {
  const mode = isPrivate ? 0o600 : 0o666;
  if (overwrite) {
    const temporary = temporaryBeside(path);
    await fill(temporary, content, mode, async () => {});
    await replace(temporary, path);
    return;
  }
  await fill(path, content, mode, async () => {});
  await synchroniseFolder(dirname(path));
}

/** False when a rename is not possible here and nothing was changed. */
async function replaceFile(path: string, content: Uint8Array, before: Stats, mode: number): Promise<boolean> {
  const temporary = temporaryBeside(path);
  let sameOwner = true;
  try {
    // Closed from the start: what nobody else may read is never open to them, not even until its mode is set.
    await fill(temporary, content, mode & 0o700, async (file) => {
      const now = await file.stat();
      if (now.uid !== before.uid || now.gid !== before.gid) {
        sameOwner = await file.chown(before.uid, before.gid).then(
          () => true,
          () => false,
        );
      }
      await file.chmod(mode & 0o7777);
    });
  } catch (error) {
    if (hasCode(error, "EACCES", "EPERM", "EROFS", "ENAMETOOLONG")) return false;
    throw error;
  }
  if (!sameOwner) {
    await unlink(temporary);
    return false;
  }
  try {
    await replace(temporary, path);
    return true;
  } catch (error) {
    // Windows refuses while somebody has the file open, some network disks always.
    if (hasCode(error, "EACCES", "EPERM", "EBUSY", "EEXIST", "ENOTSUP")) return false;
    throw error;
  }
}

async function fill(path: string, content: Uint8Array, mode: number, prepare: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(content);
    await prepare(file);
    await file.sync();
  } catch (error) {
    await file.close();
    await unlink(path).catch(() => {});
    throw error;
  }
  await file.close();
}

async function replace(temporary: string, path: string): Promise<void> {
  try {
    await renameWithPatience(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await synchroniseFolder(dirname(path));
}

/** A rename that outlasts virus scanners and indexers, which hold a new file open for a moment on Windows. */
export async function renameWithPatience(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (process.platform !== "win32" || attempt > 6 || !hasCode(error, "EPERM", "EACCES", "EBUSY")) throw error;
      await new Promise((resolve) => setTimeout(resolve, 15 * 2 ** attempt));
    }
  }
}

// Without this the new name may be missing after a power cut; where folders cannot be synchronised nothing is lost by not doing it.
async function synchroniseFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

async function overwriteInPlace(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, "r+");
  try {
    const old = await file.readFile();
    try {
      // Not truncated first: the room of the old content stays ours, so that it can always be put back.
      await writeAll(file, content);
    } catch (error) {
      await writeAll(file, old);
      throw error;
    }
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, content: Uint8Array): Promise<void> {
  let position = 0;
  while (position < content.length) {
    const { bytesWritten } = await file.write(content, position, content.length - position, position);
    position += bytesWritten;
  }
  await file.truncate(content.length);
  await file.sync();
}
