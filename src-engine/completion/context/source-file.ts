import { constants } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isMachineMade } from "#core/context/exclusions";
import { isInside } from "../../workspace/paths.ts";

/** Bytes above which a file is not read: nobody wrote it by hand. */
const mostBytes = 200_000;

/** What identifies the text of a file without reading it. */
export interface FileStamp {
  readonly bytes: number;
  readonly modified: number;
}

/** The size and time of a file; undefined for what is no file, a link, or too large. */
export async function stampOf(file: string): Promise<FileStamp | undefined> {
  try {
    const stats = await lstat(file);
    return stats.isFile() && stats.size <= mostBytes && stats.size > 0 ? { bytes: stats.size, modified: stats.mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a file that a person wrote; undefined for binary, generated and unreadable ones, and for links. */
export async function readSource(file: string): Promise<string | undefined> {
  let handle: FileHandle | undefined;
  try {
    // A link that was put in its place since it was found is not followed.
    handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const { size } = await handle.stat();
    if (size > mostBytes) return undefined;
    const text = (await handle.readFile("utf8")).replace(/^\uFEFF/, "");
    return isMachineMade(text) ? undefined : text;
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/**
 * Where a file of a workspace lies once all links are followed, relative to it with `/` between parts; undefined where it lies
 * outside or is missing.
 */
export async function placeIn(root: string, path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    return isInside(root, real, true) && real !== root ? relative(root, real).split(sep).join("/") : undefined;
  } catch {
    return undefined;
  }
}

/** A path of a workspace as the system names it. */
export function pathIn(root: string, path: string): string {
  return join(root, ...path.split("/"));
}
