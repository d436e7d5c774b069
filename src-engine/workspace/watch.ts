import { readFile } from "node:fs/promises";
import { basename, relative, sep } from "node:path";
import { type FSWatcher, watch as openWatcher } from "chokidar";
import { UserError } from "#core/base/errors";
import type { FileChange } from "#core/contracts/workspace";
import { createChangeCollector } from "./changes.ts";
import { fileError, hasCode } from "./errors.ts";
import { compileGlobs } from "./globs.ts";
import { isTemporaryName } from "./write.ts";

/** Events that come within this time, in milliseconds, travel together. */
const batchTime = 40;

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
  const stop = () => wake();
  signal?.addEventListener("abort", stop);
  const watcher = openTree(request);
  watcher.on("all", (event, path) => {
    const type = types[event];
    if (type === undefined || isTemporaryName(basename(path))) return;
    changes.add({ path: request.path + path.slice(request.real.length), type });
    timer ??= setTimeout(flush, batchTime);
  });
  watcher.on("ready", () => {
    waiting.unshift([]);
    wake();
  });
  watcher.on("error", (error) => {
    if (hasCode(error, "ENOENT", "EACCES", "EPERM", "ELOOP")) return;
    failure ??= error;
    wake();
  });
  try {
    while (!signal?.aborted) {
      const batch = waiting.shift();
      if (batch !== undefined) yield batch;
      else if (failure !== undefined) throw await watchError(failure, request.path);
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    clearTimeout(timer);
    await watcher.close();
  }
}

function openTree(request: WatchRequest): FSWatcher {
  const excluded = compileGlobs(request.excludes, request.path.replaceAll("\\", "/"));
  return openWatcher(request.real, {
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    // Our own writes are one rename; joining others' delete-and-create is the collector's work, which is quicker.
    atomic: false,
    depth: request.recursive ? undefined : 0,
    ignored: (path) => excluded(relative(request.real, path).replaceAll("\\", "/")),
  });
}

async function watchError(error: unknown, path: string): Promise<unknown> {
  if (!hasCode(error, "ENOSPC", "EMFILE", "ENFILE")) return fileError(error, path);
  const limit = await readFile("/proc/sys/fs/inotify/max_user_watches", "utf8").catch(() => "");
  return new UserError(
    "TOO_LARGE",
    `${path} has more folders than this system lets a program watch${limit.trim() && ` (${limit.trim()} in all)`}, so changes made outside are not seen.`,
    "Exclude folders in the setting files.watcherExclude, or raise the limit: " +
      "echo fs.inotify.max_user_watches=524288 | sudo tee /etc/sysctl.d/60-localcoder.conf && sudo sysctl --system",
  );
}
