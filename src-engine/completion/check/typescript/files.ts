import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";

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

const longestFile = 2_000_000;

/** Creates {@link Files} for the folders named, links followed no further than them. */
export function createFiles(roots: readonly string[]): Files {
  const allowed = [...new Set(roots.flatMap((root) => [root, realPath(root)]))].map((root) => root.replace(/\/+$/, ""));
  const isInside = (path: string) => allowed.some((root) => path === root || path.startsWith(`${root}/`));

  function stat(path: string) {
    if (!isInside(path)) return undefined;
    try {
      // A link is followed only to where the workspace allows.
      return isInside(realPath(path)) ? statSync(path, { throwIfNoEntry: false }) : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    read(path) {
      const found = stat(path);
      if (!found?.isFile() || found.size > longestFile) return undefined;
      try {
        return readFileSync(path, "utf8");
      } catch {
        return undefined;
      }
    },
    exists: (path) => stat(path)?.isFile() ?? false,
    folderExists: (path) => stat(path)?.isDirectory() ?? false,
    entries(path) {
      if (!isInside(path)) return { files: [], directories: [] };
      try {
        const found = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
        return {
          files: found.filter((entry) => entry.isFile()).map((entry) => entry.name),
          directories: found.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
        };
      } catch {
        return { files: [], directories: [] };
      }
    },
    changed: (path) => stat(path)?.mtimeMs ?? 0,
    realPath,
  };
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path).replaceAll("\\", "/");
  } catch {
    return path;
  }
}
