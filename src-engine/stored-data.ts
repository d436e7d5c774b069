import { lstat, readdir, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { UserError } from "#core/base/errors";
import type { DataFolders } from "#core/settings/folders";
import { type StoredPart, storedParts } from "#core/settings/stored";
import { takeLock } from "./ownership/lock.ts";

/** A part of what is stored, as it is on the disk now. */
export interface StoredAmount {
  readonly part: StoredPart;
  readonly place: string;
  readonly files: number;
  readonly bytes: number;
  /** Files and folders that others than the user may read, which is never meant. */
  readonly open: readonly string[];
}

/** Measures every part. What is not there counts nothing. */
export async function storedData(folders: DataFolders): Promise<StoredAmount[]> {
  return Promise.all(
    storedParts.map(async (part) => {
      const found = { files: 0, bytes: 0, open: [] as string[] };
      for (const path of await pathsOf(part, folders)) await measure(path, found, part.id !== "models");
      return { part, place: placeOf(part, folders), ...found };
    }),
  );
}

/** Names in our folders that belong to no part: there should be none. */
export async function unknownData(folders: DataFolders): Promise<string[]> {
  const known = new Set(Object.values(folders));
  const parts = storedParts.filter(({ folder }) => folder === "data");
  const names = await readdir(folders.data).catch(() => []);
  return names
    .map((name) => join(folders.data, name))
    .filter((path) => !known.has(path))
    .filter((path) => !parts.some(({ names: of = [] }) => of.some((pattern) => matches(pattern, path.slice(folders.data.length + 1)))));
}

/** Deletes parts for good. Throws ENGINE_BUSY while a window, a server or a command has the data folder. */
export async function wipeData(parts: readonly StoredPart[], folders: DataFolders): Promise<void> {
  const lock = takeLock(join(folders.data, "owner.lock"));
  if (lock === undefined)
    throw new UserError("ENGINE_BUSY", "LocalCoder is running, so nothing was deleted.", "Close its windows and servers, and try again.");
  try {
    for (const part of parts)
      for (const path of await pathsOf(part, folders))
        if (!path.startsWith(join(folders.data, "owner.lock"))) await rm(path, { recursive: true, force: true });
  } finally {
    lock.dispose();
  }
}

/** Where a part lies, for people: a folder, or names in it. */
function placeOf({ folder, names }: StoredPart, folders: DataFolders): string {
  const [only, ...more] = names ?? [];
  const at = folderOf(folder, folders);
  return only !== undefined && more.length === 0 ? join(at, only) : at;
}

function folderOf(folder: StoredPart["folder"], folders: DataFolders): string {
  return folder === "temporary" ? tmpdir() : folders[folder];
}

async function pathsOf({ folder, names }: StoredPart, folders: DataFolders): Promise<string[]> {
  const at = folderOf(folder, folders);
  const found = await readdir(at).catch(() => []);
  const paths = found
    .filter((name) => names === undefined || names.some((pattern) => matches(pattern, name)))
    .map((name) => join(at, name));
  if (folder !== "temporary") return paths;
  // On Unix everybody has that folder together.
  const owners = await Promise.all(paths.map((path) => lstat(path).catch(() => undefined)));
  return paths.filter((_path, index) => process.platform === "win32" || owners[index]?.uid === userInfo().uid);
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

async function measure(path: string, found: { files: number; bytes: number; open: string[] }, isPrivate: boolean): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return;
  if (stats.isDirectory()) {
    for (const name of await readdir(path).catch(() => [])) await measure(join(path, name), found, isPrivate);
    return;
  }
  found.files += 1;
  found.bytes += stats.size;
  if (isPrivate && process.platform !== "win32" && stats.isFile() && (stats.mode & 0o077) !== 0) found.open.push(path);
}
