import { constants, type Dirent, type Stats } from "node:fs";
import {
  access,
  chmod,
  copyFile,
  cp,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  unlink,
} from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "#core/base/errors";
import type { FileStat } from "#core/contracts/workspace";
import { fileError, hasCode, withFileErrors } from "../file-errors.ts";
import { isInside } from "./paths.ts";
import { renameWithPatience, temporaryBeside } from "./write.ts";

/** Most bytes handed out at once; more are read in parts. */
export const readLimit = 512 * 1024 * 1024;

const dangling: Omit<FileStat, "created" | "modified"> = { type: "unknown", link: true, size: 0, readOnly: false };

/** The kind of an entry as contracts name it. */
export function typeOf(entry: Stats | Dirent): FileStat["type"] {
  return entry.isFile() ? "file" : entry.isDirectory() ? "directory" : "unknown";
}

/** What lies at a real path. `entry` is the name as it stands in its folder, links not followed. */
export async function statFile(entry: string, target: string | undefined): Promise<FileStat> {
  return withFileErrors(entry, async () => {
    const own = await lstat(entry);
    const times = (stats: Stats) => ({ created: Math.max(0, stats.birthtimeMs), modified: Math.max(0, stats.mtimeMs) });
    if (own.isSymbolicLink()) {
      // A link that leads nowhere, in a circle or out of the workspace is shown, but not what is behind it.
      const behind = target === undefined ? undefined : await stat(target).catch(() => undefined);
      if (behind === undefined) return { ...dangling, ...times(own) };
      return { ...(await factsOf(target ?? entry, behind)), ...times(behind), link: true };
    }
    return { ...(await factsOf(entry, own)), ...times(own), link: false };
  });
}

async function factsOf(path: string, stats: Stats): Promise<Pick<FileStat, "type" | "size" | "readOnly">> {
  const type = typeOf(stats);
  if (type !== "file") return { type, size: type === "directory" ? stats.size : 0, readOnly: false };
  const writable =
    (stats.mode & 0o222) !== 0 &&
    (await access(path, constants.W_OK).then(
      () => true,
      (error: unknown) => !hasCode(error, "EACCES", "EPERM", "EROFS"),
    ));
  return { type, size: stats.size, readOnly: !writable };
}

/** The entries of a folder; `behind` names the target of a link, or undefined where it may not or cannot be followed. */
export async function listFolder(
  path: string,
  behind: (entry: string) => Promise<string | undefined>,
): Promise<{ name: string; type: FileStat["type"]; link: boolean }[]> {
  const entries = await withFileErrors(path, () => readdir(path, { withFileTypes: true }));
  return Promise.all(
    entries.map(async (entry) => {
      const link = entry.isSymbolicLink();
      const type = typeOf(entry);
      if (type !== "unknown") return { name: entry.name, type, link };
      // A link, or a disk that does not tell types in a listing.
      const target = link ? await behind(join(path, entry.name)) : join(path, entry.name);
      const stats = target === undefined ? undefined : await stat(target).catch(() => undefined);
      return { name: entry.name, type: stats ? typeOf(stats) : "unknown", link };
    }),
  );
}

/** Reads a file or a part of it. Pipes, devices and sockets are refused instead of waited for. */
export async function readFile(path: string, offset?: number, length?: number): Promise<Blob> {
  return withFileErrors(path, async () => {
    // Without O_NONBLOCK the opening of a pipe would wait for somebody to write; with O_NOFOLLOW a link that was
    // put here after the check is not followed.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    try {
      const stats = await file.stat();
      if (stats.isDirectory()) throw new UserError("IS_A_DIRECTORY", `${path} is a folder.`, "Name a file in it.");
      if (!stats.isFile()) throw new UserError("UNSUPPORTED", `${path} is neither a file nor a folder, and is not read.`, "Open a file.");
      if (offset === undefined && length === undefined && stats.size <= readLimit) return new Blob([await file.readFile()]);
      const start = offset ?? 0;
      const wanted = Math.max(0, Math.min(length ?? Number.POSITIVE_INFINITY, stats.size - start));
      if (wanted > readLimit) {
        throw new UserError(
          "TOO_LARGE",
          `${path} has ${Math.ceil(stats.size / 1024 / 1024)} MB; at most ${readLimit / 1024 / 1024} MB are read at once.`,
          "Read it in parts.",
        );
      }
      const bytes = Buffer.allocUnsafe(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await file.read(bytes, filled, wanted - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return new Blob([bytes.subarray(0, filled)]);
    } finally {
      await file.close();
    }
  });
}

/** Makes one folder, with `isPrivate` for this user alone; the one above must exist. */
export async function createFolder(path: string, isPrivate: boolean): Promise<void> {
  await withFileErrors(path, () => mkdir(path, isPrivate ? 0o700 : 0o777));
}

/** Closes what was copied here to everybody else, with all that is in it. */
export async function keepToUser(path: string): Promise<void> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return;
  await chmod(path, stats.mode & 0o700);
  if (stats.isDirectory()) for (const name of await readdir(path)) await keepToUser(join(path, name));
}

/** Removes a file, a link (never what it points to) or a folder. */
export async function removeEntry(path: string, recursive: boolean): Promise<void> {
  await withFileErrors(path, async () => {
    const stats = await lstat(path);
    if (!stats.isDirectory()) return unlink(path);
    if (!recursive) return rmdir(path);
    await rm(path, { recursive: true, maxRetries: 3 });
  });
}

/** Renames or moves, also to another disk. What is replaced disappears only when the new one is in its place. */
export async function renameEntry(from: string, to: string, overwrite: boolean): Promise<void> {
  await withFileErrors(from, () => lstat(from));
  refuseIntoItself(from, to);
  await withFileErrors(to, async () => {
    await makeWay(from, to, overwrite, async () => {
      try {
        await renameWithPatience(from, to);
      } catch (error) {
        if (!hasCode(error, "EXDEV")) throw error;
        await copyInto(from, to);
        await rm(from, { recursive: true, maxRetries: 3 });
      }
    });
  });
}

/** Copies a file or a folder with everything in it. Links are copied as links. */
export async function copyEntry(from: string, to: string, overwrite: boolean): Promise<void> {
  await withFileErrors(from, () => lstat(from));
  refuseIntoItself(from, to);
  await withFileErrors(to, () => makeWay(from, to, overwrite, () => copyInto(from, to)));
}

function refuseIntoItself(from: string, to: string): void {
  if (from !== to && isInside(from, to, true))
    throw new UserError("BAD_INPUT", `${from} cannot be put into itself.`, "Choose another place.");
}

/** Puts what stands at `to` aside while the work runs, and back when it fails. */
async function makeWay(from: string, to: string, overwrite: boolean, work: () => Promise<void>): Promise<void> {
  const [source, target] = await Promise.all([lstat(from), lstat(to).catch(() => undefined)]);
  if (target === undefined) return work();
  // On disks that do not tell upper from lower case, Name.ts and name.ts are one entry; this renames it.
  const same = source.ino === target.ino && source.dev === target.dev && source.ino !== 0;
  if (same && from !== to && from.toLowerCase() === to.toLowerCase()) return work();
  if (same && from === to) return;
  if (!overwrite) throw new UserError("ALREADY_EXISTS", `${to} exists already.`, "Choose another name, or allow it to be replaced.");
  if (!source.isDirectory() && !target.isDirectory()) {
    // The system replaces one file by another in one step, except where both are names of the same one.
    if (same) await unlink(to);
    return work();
  }
  const aside = temporaryBeside(to);
  await rename(to, aside);
  try {
    await work();
  } catch (error) {
    await rm(to, { recursive: true, force: true }).catch(() => {});
    await rename(aside, to);
    throw error;
  }
  await rm(aside, { recursive: true, force: true, maxRetries: 3 });
}

/** Copies beside the target first, so that nobody sees half of it. */
async function copyInto(from: string, to: string): Promise<void> {
  const temporary = temporaryBeside(to);
  try {
    const stats = await lstat(from);
    if (stats.isSymbolicLink()) await symlink(await readlink(from), temporary);
    else if (stats.isDirectory()) await cp(from, temporary, { recursive: true, verbatimSymlinks: true, preserveTimestamps: false });
    else if (stats.isFile()) await copyFile(from, temporary, constants.COPYFILE_FICLONE);
    else throw new UserError("UNSUPPORTED", `${from} is neither a file nor a folder, and cannot be copied.`, "Leave it out.");
    await renameWithPatience(temporary, to);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw fileError(error, hasCode(error, "EACCES", "EPERM") ? from : to);
  }
}
