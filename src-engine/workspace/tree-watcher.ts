import { type FSWatcher, watch as watchFolder } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Disposable } from "#core/base/disposable";
import type { FileChange } from "#core/contracts/workspace";
import { hasCode } from "../file-errors.ts";

/** How the watcher of a tree reports. */
export interface TreeListener {
  changed(change: FileChange): void;
  /** The tree can no longer be watched as a whole. */
  failed(error: unknown): void;
  /** True for entries that are passed over, with all that lies in them. */
  excluded(path: string): boolean;
}

/** How many folders are read at the same time while a tree is walked. */
const parallel = 16;

/** Events of one entry that come within this time, in milliseconds, are looked at once. */
const settling = 10;

interface Folder {
  readonly watcher: FSWatcher;
  /** The entries as last seen; true for a folder. */
  readonly entries: Map<string, boolean>;
}

/**
 * Watches a folder with all below it where the system offers that for single folders only, as Linux does. Keeps no
 * more than the names: a tree of 20,000 files costs neither the time nor the memory of asking for each of them.
 * Resolves once everything is watched. Links are entries like others and not followed.
 */
export async function watchTree(root: string, listener: TreeListener): Promise<Disposable> {
  const folders = new Map<string, Folder>();
  const pending = new Map<string, "content" | "name">();
  let timer: NodeJS.Timeout | undefined;
  let returning: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  let closed = false;

  function close(): void {
    closed = true;
    clearTimeout(timer);
    clearInterval(returning);
    for (const { watcher } of folders.values()) watcher.close();
    folders.clear();
  }

  function fail(error: unknown): void {
    if (closed) return;
    close();
    listener.failed(error);
  }

  function touch(path: string, what: "content" | "name"): void {
    if (closed || (path !== root && listener.excluded(path))) return;
    if (what === "name" || !pending.has(path)) pending.set(path, what);
    timer ??= setTimeout(() => {
      timer = undefined;
      const touched = [...pending];
      pending.clear();
      // One after another: what became of a folder must be known before what became of its content.
      working = working.then(async () => {
        const kinds = await kindsOf(touched.map(([changed]) => changed));
        for (const [index, [changed, kind]] of touched.entries()) if (!closed) await look(changed, kind, kinds[index]);
      });
      working.catch(fail);
    }, settling);
  }

  function open(folder: string): Folder | undefined {
    try {
      const watcher = watchFolder(folder, (event, name) => {
        if (name !== null) touch(join(folder, name), event === "rename" ? "name" : "content");
        // A folder tells of its own end under its own name; of all but the root the folder above tells as well.
        if (folder === root && (name === null || name === basename(root))) touch(root, "name");
      });
      watcher.on("error", (error) => {
        if (!hasCode(error, "ENOENT", "EPERM", "EACCES")) fail(error);
      });
      return { watcher, entries: new Map() };
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "EPERM")) return undefined;
      throw error;
    }
  }

  /** Watches a folder and those below it, level by level. */
  async function add(start: string): Promise<void> {
    let level = [start];
    while (level.length > 0 && !closed) {
      const next: string[] = [];
      for (let from = 0; from < level.length && !closed; from += parallel) {
        const inner = await Promise.all(level.slice(from, from + parallel).map(read));
        next.push(...inner.flat());
      }
      level = next;
    }
  }

  /** The folders in a folder. It is watched before it is read, so that nothing falls in between. */
  async function read(path: string): Promise<string[]> {
    if (folders.has(path)) return [];
    const folder = open(path);
    if (folder === undefined) return [];
    folders.set(path, folder);
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    const inner: string[] = [];
    for (const entry of entries) {
      const full = join(path, entry.name);
      if (listener.excluded(full)) continue;
      folder.entries.set(entry.name, entry.isDirectory());
      if (entry.isDirectory()) inner.push(full);
    }
    return inner;
  }

  /** Everything that is known below a path. */
  function known(path: string): Set<string> {
    const below = `${path}/`;
    const paths = new Set<string>();
    for (const [folder, { entries }] of folders) {
      if (folder === path || folder.startsWith(below)) for (const name of entries.keys()) paths.add(join(folder, name));
    }
    return paths;
  }

  function forget(path: string): void {
    const below = `${path}/`;
    for (const [folder, { watcher }] of folders) {
      if (folder !== path && !folder.startsWith(below)) continue;
      watcher.close();
      folders.delete(folder);
    }
  }

  /** Looks at a folder that is new, or has taken the place of another, and tells what is different now. */
  async function renew(path: string): Promise<void> {
    const before = known(path);
    forget(path);
    await add(path);
    const now = known(path);
    for (const gone of before) if (!now.has(gone)) listener.changed({ path: gone, type: "deleted" });
    for (const found of now) listener.changed({ path: found, type: before.has(found) ? "changed" : "added" });
  }

  async function look(path: string, kind: "content" | "name", isFolder: boolean | undefined): Promise<void> {
    if (path === root) return lookAtRoot(isFolder);
    const name = basename(path);
    const parent = folders.get(path.slice(0, -name.length - 1) || "/");
    if (parent === undefined) return;
    const before = parent.entries.get(name);
    if (isFolder === undefined) {
      if (before === undefined) return;
      parent.entries.delete(name);
      if (before) forget(path);
      listener.changed({ path, type: "deleted" });
      return;
    }
    parent.entries.set(name, isFolder);
    if (isFolder) {
      // A folder whose content changed tells so itself; one with a new name may be another folder than before.
      if (kind === "content" && before) return;
      listener.changed({ path, type: before === undefined ? "added" : "changed" });
      await renew(path);
    } else if (before) {
      forget(path);
      listener.changed({ path, type: "deleted" });
      listener.changed({ path, type: "added" });
    } else {
      listener.changed({ path, type: before === undefined ? "added" : "changed" });
    }
  }

  async function lookAtRoot(isFolder: boolean | undefined): Promise<void> {
    const inner = await lstat(join(root, basename(root))).catch(() => undefined);
    // The event was about an entry that bears the name of the root.
    if (isFolder && inner !== undefined && folders.has(root)) return;
    if (isFolder) {
      if (returning !== undefined) listener.changed({ path: root, type: "added" });
      clearInterval(returning);
      returning = undefined;
      await renew(root);
    } else if (returning === undefined) {
      forget(root);
      listener.changed({ path: root, type: "deleted" });
      // Nobody tells when a root comes back, so it is looked for.
      returning = setInterval(() => touch(root, "name"), 1000);
    }
  }

  try {
    await add(root);
  } catch (error) {
    close();
    throw error;
  }
  return { dispose: close };
}

/** Whether each path is a folder; undefined for what is not there. */
async function kindsOf(paths: readonly string[]): Promise<(boolean | undefined)[]> {
  const kinds: (boolean | undefined)[] = [];
  for (let from = 0; from < paths.length; from += parallel) {
    const stats = await Promise.all(paths.slice(from, from + parallel).map((path) => lstat(path).catch(() => undefined)));
    kinds.push(...stats.map((stat) => stat?.isDirectory()));
  }
  return kinds;
}
