import { readdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { createEmitter, type Emitter } from "#core/base/emitter";
import { describeError, isStopped, UserError } from "#core/base/errors";
import type { CatalogueEntry, Download } from "#core/contracts/models";
import { type DownloadNetwork, PassingFailure } from "./request.ts";
import { diskFailure, freeBytes, readPartRecord, removePart, transfer } from "./transfer.ts";

/** All downloads of a data folder; one runs at a time, the others wait. */
export interface Downloads {
  /** Starts or resumes; a download that runs or waits goes on as it is. */
  start(entry: CatalogueEntry): void;
  pause(id: string): Promise<void>;
  /** Stops and deletes what has arrived. */
  discard(id: string): Promise<void>;
  list(): Download[];
  /** Every change, at most some a second for each. */
  readonly changes: Emitter<Download>;
  /** Takes note of parts that an earlier run left. */
  recover(): Promise<void>;
  dispose(): Promise<void>;
}

/** What {@link createDownloads} needs. The last three are for tests. */
export interface DownloadsOptions {
  readonly catalogue: readonly CatalogueEntry[];
  readonly network: DownloadNetwork;
  folder(): string;
  address(entry: CatalogueEntry): URL;
  /** Reads the head of the whole part; throws when it is no model. */
  inspect(part: string, entry: CatalogueEntry): Promise<void>;
  /** Loads the model and writes a few tokens; throws when it does not work. */
  test(entry: CatalogueEntry, path: string, signal: AbortSignal): Promise<void>;
  readonly freeBytes?: (folder: string) => Promise<number>;
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly silence?: number;
}

interface Running {
  download: Download;
  readonly entry: CatalogueEntry;
  /** Where it began: the setting may change while it runs. */
  readonly folder: string;
  abort: AbortController;
  work: Promise<void>;
  speedFrom: { time: number; bytes: number };
  emitted: number;
  later?: ReturnType<typeof setTimeout>;
}

/** Waits between attempts when the connection fails, in milliseconds; a byte that arrives starts the row anew. */
const retryDelays = [1000, 2000, 5000, 10_000, 20_000, 30_000];
const emitEveryMilliseconds = 200;

/** Creates the {@link Downloads} of an engine. */
export function createDownloads(options: DownloadsOptions): Downloads {
  const changes = createEmitter<Download>();
  const all = new Map<string, Running>();
  let queue: Promise<void> = Promise.resolve();
  const partOf = ({ folder, entry }: Pick<Running, "folder" | "entry">) => join(folder, `${entry.file}.part`);
  const wait = options.wait ?? delay;

  function update(running: Running, change: Partial<Download>): void {
    // One that was paused while it waited for its turn may have a successor by now.
    if (all.get(running.entry.id) !== running) return;
    running.download = { ...running.download, ...change };
    clearTimeout(running.later);
    running.later = undefined;
    running.emitted = Date.now();
    changes.emit(running.download);
  }

  function received(running: Running, bytes: number): void {
    const now = Date.now();
    const seconds = (now - running.speedFrom.time) / 1000;
    const speed = seconds > 0 ? (bytes - running.speedFrom.bytes) / seconds : 0;
    const left = speed > 0 ? (running.download.bytes - bytes) / speed : null;
    running.download = { ...running.download, state: "downloading", received: bytes, speed: Math.max(0, speed), secondsLeft: left };
    // The speed is that of the last seconds: the beginning of the measurement follows.
    if (seconds > 8) running.speedFrom = { time: now - 4000, bytes: bytes - speed * 4 };
    // The last figure before a silence must be seen as well, hence the timer.
    if (now - running.emitted >= emitEveryMilliseconds) update(running, {});
    else running.later ??= setTimeout(() => update(running, {}), emitEveryMilliseconds);
  }

  async function attempt(running: Running): Promise<void> {
    const { entry, abort } = running;
    await transfer({
      entry,
      address: options.address(entry),
      part: partOf(running),
      network: options.network,
      signal: abort.signal,
      silence: options.silence ?? 60_000,
      freeBytes: options.freeBytes ?? freeBytes,
      began: ({ bytes, hashFrom }, from) => {
        update(running, { state: from > 0 ? "verifying" : "downloading", bytes, hashFrom, error: undefined });
        running.speedFrom = { time: Date.now(), bytes: Number.NaN };
      },
      received: (bytes) => {
        if (Number.isNaN(running.speedFrom.bytes)) running.speedFrom = { time: Date.now(), bytes };
        received(running, bytes);
      },
    });
  }

  /** Tries until it is whole, as long as failures may pass and each row of attempts brings something. */
  async function fetch(running: Running): Promise<void> {
    let failures = 0;
    for (;;) {
      const before = running.download.received;
      try {
        return await attempt(running);
      } catch (error) {
        if (!(error instanceof PassingFailure)) throw error;
        if (running.download.received > before) failures = 0;
        // Where nothing ever came, waiting for long would only hide that.
        const pause = failures < (running.download.received > 0 ? retryDelays.length : 2) ? retryDelays[failures] : undefined;
        failures++;
        if (pause === undefined || (error.afterSeconds ?? 0) > 120) throw error.error;
        const { code, message } = error.error;
        update(running, { state: "waiting", speed: 0, secondsLeft: null, error: { code, message, hint: "It is tried again by itself." } });
        await wait(Math.max(pause, (error.afterSeconds ?? 0) * 1000), running.abort.signal);
      }
    }
  }

  async function run(running: Running): Promise<void> {
    const { entry, folder, abort } = running;
    const path = join(folder, entry.file);
    const part = partOf(running);
    try {
      abort.signal.throwIfAborted();
      await refuseOther(path, entry);
      await fetch(running);
      update(running, { state: "verifying", received: running.download.bytes, speed: 0, secondsLeft: null });
      await options.inspect(part, entry).catch(async (error) => {
        await removePart(part);
        throw error;
      });
      await rename(part, path);
      await removePart(part);
      update(running, { state: "testing", path });
      await options.test(entry, path, abort.signal);
      update(running, { state: "done" });
    } catch (error) {
      if (abort.signal.aborted || isStopped(error)) {
        // The file is whole by now and stays: only its test was stopped.
        update(running, running.download.path ? { state: "done" } : { state: "paused", speed: 0, secondsLeft: null, error: undefined });
      } else {
        update(running, {
          state: "failed",
          speed: 0,
          secondsLeft: null,
          error: describeError(diskFailure(error, entry.name, folder) ?? error),
        });
      }
    }
  }

  function start(entry: CatalogueEntry): void {
    const known = all.get(entry.id);
    if (known && !isResting(known.download)) return;
    const received = known?.download.state === "done" ? 0 : (known?.download.received ?? 0);
    const bytes = known?.download.bytes ?? entry.bytes;
    const running: Running = {
      entry,
      folder: options.folder(),
      abort: new AbortController(),
      work: Promise.resolve(),
      speedFrom: { time: Date.now(), bytes: received },
      emitted: 0,
      download: { id: entry.id, state: "waiting", received, bytes, speed: 0, secondsLeft: null, hashFrom: known?.download.hashFrom },
    };
    all.set(entry.id, running);
    update(running, {});
    running.work = queue.then(() => run(running));
    queue = running.work;
  }

  function find(id: string): Running {
    const running = all.get(id);
    if (!running) throw new UserError("NOT_FOUND", "There is no such download.", "Look at the list of models.");
    return running;
  }

  async function pause(id: string): Promise<void> {
    const running = find(id);
    if (isResting(running.download)) return;
    running.abort.abort();
    // One that waits for its turn stands still already and must not wait for the others to say so.
    if (running.download.state === "waiting") update(running, { state: "paused", error: undefined });
    else await running.work;
  }

  return {
    start,
    pause,
    async discard(id) {
      const running = find(id);
      await pause(id);
      all.delete(id);
      const { path } = running.download;
      if (path !== undefined) return;
      await removePart(partOf(running));
      const gone: Download = { ...running.download, state: "paused", received: 0 };
      changes.emit(gone);
    },
    list: () => [...all.values()].map((running) => running.download),
    changes,
    async recover() {
      const folder = options.folder();
      const files: string[] = await readdir(folder).catch(() => []);
      for (const entry of options.catalogue) {
        if (all.has(entry.id) || !files.includes(`${entry.file}.part`)) continue;
        const part = partOf({ folder, entry });
        const record = await readPartRecord(part);
        const found = await stat(part).catch(() => undefined);
        if (!record || !found || all.has(entry.id)) continue;
        all.set(entry.id, {
          entry,
          folder,
          abort: new AbortController(),
          work: Promise.resolve(),
          speedFrom: { time: 0, bytes: 0 },
          emitted: 0,
          download: {
            id: entry.id,
            state: "paused",
            received: found.size,
            bytes: record.bytes,
            speed: 0,
            secondsLeft: null,
            hashFrom: record.hashFrom,
          },
        });
      }
    },
    async dispose() {
      for (const running of all.values()) running.abort.abort();
      await queue;
    },
  };
}

/** A file of this name that is not this model is somebody's own, and is not written over. */
async function refuseOther(path: string, entry: CatalogueEntry): Promise<void> {
  if (!(await stat(path).catch(() => undefined))) return;
  throw new UserError(
    "ALREADY_EXISTS",
    `Another file called ${entry.file} lies where ${entry.name} is to be kept.`,
    `Move or rename it, then download again: ${path}`,
  );
}

function isResting({ state }: Download): boolean {
  return state === "paused" || state === "failed" || state === "done";
}

function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new UserError("STOPPED", "Stopped."));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
