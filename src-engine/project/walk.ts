import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type FileKind, fileKindOf } from "#core/project/files";
import type { Exclusions } from "../completion/context/exclusions.ts";

/** A file that an index is to know. */
export interface FoundFile {
  readonly kind: FileKind;
  readonly bytes: number;
  readonly modified: number;
}

/** What a walk through a folder found. */
export interface Walk {
  readonly files: ReadonlyMap<string, FoundFile>;
  /** True where there are more files than are taken. */
  readonly full: boolean;
}

const mostFolders = 50_000;
/** Folders between which others get their turn. */
const slice = 20;

/**
 * Finds the files of a folder that nothing excludes, by their paths with `/` between parts; links are not followed. What lies
 * deep comes last, so that a limit hits that.
 */
export async function walk(root: string, exclusions: Exclusions, mostFiles: number, signal: AbortSignal): Promise<Walk> {
  const files = new Map<string, FoundFile>();
  const waiting = [""];
  for (const [index, folder] of waiting.entries()) {
    if (index % slice === 0) {
      await nextTurn();
      signal.throwIfAborted();
    }
    for (const { name, isFolder } of entriesOf(join(root, folder))) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const kind = isFolder ? undefined : fileKindOf(path);
      if (!isFolder && kind === undefined) continue;
      if (await exclusions.ofEntry(path, isFolder ? "folder" : "file")) continue;
      if (kind === undefined) {
        if (waiting.length >= mostFolders) return { files, full: true };
        waiting.push(path);
        continue;
      }
      const stats = statSync(join(root, path), { throwIfNoEntry: false });
      if (stats === undefined || stats.size === 0) continue;
      if (files.size >= mostFiles) return { files, full: true };
      files.set(path, { kind, bytes: stats.size, modified: stats.mtimeMs });
    }
  }
  return { files, full: false };
}

function entriesOf(folder: string): { readonly name: string; readonly isFolder: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    // Gone meanwhile, or not ours to read.
    return [];
  }
}
