import { readFile, stat } from "node:fs/promises";
import { basename, sep } from "node:path";
import { watch as watchWithChokidar } from "chokidar";
import { type Disposable, toDisposable } from "#core/base/disposable";
import { UserError } from "#core/base/errors";
import { compileGlobs } from "#core/base/globs";
import type { FileChange } from "#core/contracts/workspace";
import { fileError, hasCode } from "../file-errors.ts";
import { createChangeCollector } from "./changes.ts";
import { type TreeListener, watchTree } from "./tree-watcher.ts";
import { isTemporaryName } from "./write.ts";

/** Events that come within this time, in milliseconds, travel together. */
const batchTime = 30;

/** Most changes in one batch; a checkout of another branch comes as several. */
const batchSize = 2000;

/** What to watch. `real` is where the path leads once links are followed; changes are told below `path`. */
export interface WatchRequest {
  readonly path: string;
  readonly real: string;
  readonly recursive: boolean;
  readonly excludes: readonly string[];
}

const types: Readonly<Record<string, FileChange["type"]>> = {
  add: "added",
  addDir: "added",
  change: "changed",
  unlink: "deleted",
  unlinkDir: "deleted",
};

/**
 * Changes below a path until the signal aborts or the stream is closed. The first batch is empty: it says that from
 * here on nothing is missed. Links are watched as links, so that a circle of them ends.
 */
export async function* watchPath(request: WatchRequest, signal?: AbortSignal): AsyncGenerator<FileChange[], void, void> {
  const changes = createChangeCollector(sep);
  const waiting: FileChange[][] = [];
  let failure: unknown;
  let wake = () => {};
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    const all = changes.take();
    for (let start = 0; start < all.length; start += batchSize) waiting.push(all.slice(start, start + batchSize));
    if (all.length > 0) wake();
  };
  const excluded = compileGlobs(request.excludes, request.path.replaceAll("\\", "/"), process.platform);
  const listener: TreeListener = {
    changed({ path, type }) {
      if (isTemporaryName(basename(path))) return;
      changes.add({ path: request.path + path.slice(request.real.length), type });
      timer ??= setTimeout(flush, batchTime);
    },
    failed(error) {
      failure ??= error;
      wake();
    },
    excluded: (path) => path.length > request.real.length && excluded(path.slice(request.real.length + 1).replaceAll("\\", "/")),
  };
  const stop = () => wake();
  signal?.addEventListener("abort", stop);
  let watcher: Disposable | undefined;
  try {
    watcher = await openWatcher(request, listener);
    yield [];
    while (!signal?.aborted) {
      const batch = waiting.shift();
      if (batch !== undefined) yield batch;
      else if (failure !== undefined) throw failure;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } catch (error) {
    throw await watchError(error, request.path);
  } finally {
    signal?.removeEventListener("abort", stop);
    clearTimeout(timer);
    watcher?.dispose();
  }
}

async function openWatcher({ real, recursive }: WatchRequest, listener: TreeListener): Promise<Disposable> {
  const stats = await stat(real).catch(() => undefined);
  // Linux has no watcher for a whole tree, and chokidar makes up for it by asking for every file in it.
  if (process.platform === "linux" && recursive && stats?.isDirectory()) return watchTree(real, listener);
  const watcher = watchWithChokidar(real, {
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    // Our own writes are one rename; joining others' delete-and-create is the collector's work, which is quicker.
    atomic: false,
    depth: recursive ? undefined : 0,
    ignored: listener.excluded,
  });
  watcher.on("all", (event, path) => {
    const type = types[event];
    if (type !== undefined) listener.changed({ path, type });
  });
  watcher.on("error", (error) => {
    if (!hasCode(error, "ENOENT", "EACCES", "EPERM", "ELOOP")) listener.failed(error);
  });
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return toDisposable(() => void watcher.close());
}

async function watchError(error: unknown, path: string): Promise<unknown> {
  if (hasCode(error, "EMFILE", "ENFILE"))
    // No path in it: who has many folders open hears it once.
    return new UserError(
      "TOO_LARGE",
      "This system watches no more files and folders, so changes made outside are not seen everywhere.",
      `Quit programs that watch folders${process.platform === "linux" ? `, or raise the limit: ${raising("max_user_instances=1024")}` : "."}`,
    );
  if (!hasCode(error, "ENOSPC")) return fileError(error, path);
  const limit = await readFile("/proc/sys/fs/inotify/max_user_watches", "utf8").catch(() => "");
  return new UserError(
    "TOO_LARGE",
    `${path} has more folders than this system lets a program watch${limit.trim() && ` (${limit.trim()} in all)`}, so changes made outside are not seen.`,
    `Exclude folders in the setting files.watcherExclude, or raise the limit: ${raising("max_user_watches=524288")}`,
  );
}

/** The command that raises a limit of Linux for watchers, now and after each start. */
const raising = (limit: string) => `echo fs.inotify.${limit} | sudo tee /etc/sysctl.d/60-localcoder.conf && sudo sysctl --system`;
