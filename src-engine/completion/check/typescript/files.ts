import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname } from "node:path/posix";

/** Reads a workspace for the checker: what lies below its folder, and of that no more than is good for the machine. */
export interface Files {
  /** Undefined for what is not there, lies outside or is too long. */
  read(path: string): string | undefined;
  exists(path: string): boolean;
  folderExists(path: string): boolean;
  entries(path: string): { readonly files: readonly string[]; readonly directories: readonly string[] };
  /** When a file was changed, in milliseconds; 0 for none. */
  changed(path: string): number;
  realPath(path: string): string;
}

/** What is in a folder. */
interface Listing {
  readonly files: ReadonlySet<string>;
  readonly directories: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
}

const longestFile = 2_000_000;
/** Milliseconds for which a folder is taken to be as it was: finding modules asks for thousands of files that are not there. */
const fresh = 5_000;

/** Creates {@link Files} for a folder, links followed no further than it. */
export function createFiles(root: string): Files {
  const realRoot = realPathOf(root) ?? root;
  const isInside = (path: string, folder: string) => path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
  const listings = new Map<string, Listing | undefined>();
  const targets = new Map<string, string | undefined>();
  let began = 0;

  /** Everything is looked at anew together, so that one look is of one time. */
  function forgetOld(): void {
    if (Date.now() - began < fresh) return;
    began = Date.now();
    listings.clear();
    targets.clear();
  }

  function listing(folder: string): Listing | undefined {
    forgetOld();
    if (!listings.has(folder)) listings.set(folder, isFolder(folder) ? list(folder) : undefined);
    return listings.get(folder);
  }

  function isFolder(folder: string): boolean {
    if (folder === root) return true;
    if (!isInside(folder, root)) return false;
    const parent = listing(dirname(folder));
    const name = basename(folder);
    return parent?.directories.has(name) === true || (parent?.links.has(name) === true && kindOfTarget(folder) === "folder");
  }

  function isFile(path: string): boolean {
    if (!isInside(path, root)) return false;
    const parent = listing(dirname(path));
    const name = basename(path);
    return parent?.files.has(name) === true || (parent?.links.has(name) === true && kindOfTarget(path) === "file");
  }

  /** A link is followed only to where the workspace allows. */
  function kindOfTarget(path: string): "file" | "folder" | undefined {
    const target = targetOf(path);
    if (target === undefined || !isInside(target, realRoot)) return undefined;
    const found = statSync(target, { throwIfNoEntry: false });
    return found?.isFile() ? "file" : found?.isDirectory() ? "folder" : undefined;
  }

  function targetOf(path: string): string | undefined {
    if (!targets.has(path)) targets.set(path, realPathOf(path));
    return targets.get(path);
  }

  return {
    read(path) {
      if (!isFile(path)) return undefined;
      try {
        return statSync(path).size > longestFile ? undefined : readFileSync(path, "utf8");
      } catch {
        return undefined;
      }
    },
    exists: isFile,
    folderExists: isFolder,
    entries(path) {
      const found = listing(path);
      return { files: [...(found?.files ?? [])].sort(), directories: [...(found?.directories ?? [])].sort() };
    },
    changed(path) {
      if (!isFile(path)) return 0;
      return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    },
    realPath(path) {
      const target = isInside(path, root) ? targetOf(path) : undefined;
      if (target === undefined) return path;
      // A folder that was opened by a link, or by another way of writing its drive, goes on being called so.
      return isInside(target, realRoot) ? root + target.slice(realRoot.length) : target;
    },
  };
}

function list(folder: string): Listing | undefined {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const named = (is: (entry: (typeof entries)[number]) => boolean) => new Set(entries.filter(is).map((entry) => entry.name));
    return {
      files: named((entry) => entry.isFile()),
      directories: named((entry) => entry.isDirectory()),
      links: named((entry) => entry.isSymbolicLink()),
    };
  } catch {
    return undefined;
  }
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path).replaceAll("\\", "/");
  } catch {
    return undefined;
  }
}
