import type { FileChange } from "#core/contracts/workspace";

/** Gathers raw events of the disk into what changed in sum. */
export interface ChangeCollector {
  add(change: FileChange): void;
  /** What changed since the last call, the oldest first; children of a deleted folder are left out. */
  take(): FileChange[];
}

/** Creates a {@link ChangeCollector}. @param separator between the parts of paths. */
export function createChangeCollector(separator: string): ChangeCollector {
  const changes = new Map<string, FileChange["type"]>();
  return {
    add({ path, type }) {
      const before = changes.get(path);
      if (before === "added" && type === "deleted") changes.delete(path);
      else if (before === "added" && type === "changed") return;
      else if (before === "deleted" && type === "added") changes.set(path, "changed");
      else changes.set(path, type);
    },
    take() {
      const deleted = new Set([...changes].filter(([, type]) => type === "deleted").map(([path]) => path));
      const result = [...changes].filter(([path, type]) => type !== "deleted" || !hasAncestor(path, deleted, separator));
      changes.clear();
      return result.map(([path, type]) => ({ path, type }));
    },
  };
}

function hasAncestor(path: string, folders: ReadonlySet<string>, separator: string): boolean {
  for (let end = path.lastIndexOf(separator); end > 0; end = path.lastIndexOf(separator, end - 1)) {
    if (folders.has(path.slice(0, end))) return true;
  }
  return false;
}
