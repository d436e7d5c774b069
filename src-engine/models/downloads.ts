import { readdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createEmitter, type Emitter } from "#core/base/emitter";
import { describeError, isStopped, UserError } from "#core/base/errors";
import type { Download, Downloadable } from "#core/contracts/models";
import { countBytes } from "#core/models/ranges";
import type { Connections } from "../network/connections.ts";
import type { DownloadQueue } from "./download-queue.ts";
import { createPace } from "./pace.ts";
import { createHashing, freeBytes, type Hashing, type PartRecord, readPart, removePart } from "./part.ts";
import type { DownloadNetwork } from "./request.ts";
import { diskFailure, transfer } from "./transfer.ts";
import { untilWhole } from "./tries.ts";
import { writeChecksum } from "./verify.ts";

/** All downloads of a data folder; as many run at once as the settings say, the others wait. */
export interface Downloads {
  /** Starts or resumes; a download that runs or waits goes on as it is. */
  start(entry: Downloadable): void;
  pause(id: string): Promise<void>;
  /** Stops and deletes what has arrived. */
  discard(id: string): Promise<void>;
  list(): Download[];
  /** What a download that is known brings. */
  entry(id: string): Downloadable | undefined;
  /** Every change, at most some a second for each. */
  readonly changes: Emitter<Download>;
  /** Takes note of parts that an earlier run left, and of downloads that were wanted when it ended. */
  recover(): Promise<void>;
  /** Goes on with the downloads that were wanted when an earlier run ended. */
  resume(): void;
  dispose(): Promise<void>;
}

/** What the user decides about downloads. */
export interface DownloadLimits {
  /** Downloads that run at the same time. */
  readonly atOnce: number;
  /** Connections for each. */
  readonly connections: number;
  /** Bytes a second of all together; 0 is no limit. */
  readonly bytesPerSecond: number;
}

/** What {@link createDownloads} needs. The last three are for tests. */
export interface DownloadsOptions {
  readonly catalogue: readonly Downloadable[];
  readonly network: DownloadNetwork;
  readonly connections: Connections;
  readonly queue: DownloadQueue;
  limits(): DownloadLimits;
  /** What the user signs in with at the hub. */
  token(): Promise<string | undefined>;
  folder(): string;
  address(entry: Downloadable): URL;
  /** Reads the head of the whole part; throws when it is no model. */
  inspect(part: string, entry: Downloadable): Promise<void>;
  /** Loads the model and writes a few tokens; throws when it does not work. */
  test(entry: Downloadable, path: string, signal: AbortSignal): Promise<void>;
  readonly freeBytes?: (folder: string) => Promise<number>;
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly silence?: number;
}

interface Running {
  download: Download;
  readonly entry: Downloadable;
  /** Where it began: the setting may change while it runs. */
  readonly folder: string;
  abort: AbortController;
  /** Undefined until it is its turn. */
  work: Promise<void> | undefined;
  readonly hashing: Hashing;
  speedFrom: { time: number; bytes: number };
  emitted: number;
  later?: ReturnType<typeof setTimeout>;
}

const emitEveryMilliseconds = 200;

/** Creates the {@link Downloads} of an engine. */
export function createDownloads(options: DownloadsOptions): Downloads {
  const changes = createEmitter<Download>();
  const all = new Map<string, Running>();
  /** Ids of downloads that an earlier run was asked for. */
  const wantedBefore = new Set<string>();
  const partOf = ({ folder, entry }: Pick<Running, "folder" | "entry">) => join(folder, `${entry.file}.part`);
  const wait = options.wait ?? ((milliseconds, signal) => sleep(milliseconds, undefined, { signal }));
  const pace = createPace(() => options.limits().bytesPerSecond);
  let disposed = false;

  function update(running: Running, change: Partial<Download>): void {
    // One that was paused while it waited for its turn may have a successor by now.
    if (all.get(running.entry.id) !== running) return;
    running.download = { ...running.download, ...change };
    clearTimeout(running.later);
    running.later = undefined;
    running.emitted = Date.now();
    changes.emit(running.download);
  }

  /** What is to go on after a restart. */
  async function keepQueue(): Promise<void> {
    if (disposed) return;
    const wanted = [...all.values()].filter(({ download, entry }) => !isResting(download) || wantedBefore.has(entry.id));
    await options.queue.write(wanted.map(({ entry, folder }) => ({ entry, folder })));
  }

  function received(running: Running, bytes: number): void {
    const now = Date.now();
    const seconds = (now - running.speedFrom.time) / 1000;
    const speed = seconds > 0 ? Math.max(0, (bytes - running.speedFrom.bytes) / seconds) : 0;
    const left = speed > 0 ? (running.download.bytes - bytes) / speed : null;
    // What is whole is still read again for its hash.
    const state = bytes < running.download.bytes ? "downloading" : "verifying";
    const changed = running.download.state !== state;
    running.download = { ...running.download, state, received: bytes, speed, secondsLeft: left };
    // The speed is that of the last seconds: the beginning of the measurement follows.
    if (seconds > 8) running.speedFrom = { time: now - 4000, bytes: bytes - speed * 4 };
    // The last figure before a silence must be seen as well, hence the timer.
    if (changed || now - running.emitted >= emitEveryMilliseconds) update(running, {});
    else running.later ??= setTimeout(() => update(running, {}), emitEveryMilliseconds);
  }

  async function attempt(running: Running, several: number): Promise<PartRecord> {
    const { entry, abort } = running;
    return transfer({
      entry,
      address: options.address(entry),
      part: partOf(running),
      network: options.network,
      connections: options.connections,
      token: await options.token(),
      several,
      pace,
      hashing: running.hashing,
      signal: abort.signal,
      silence: options.silence ?? 60_000,
      freeBytes: options.freeBytes ?? freeBytes,
      began: ({ bytes, hashFrom }, here) => {
        update(running, { state: here < bytes ? "downloading" : "verifying", received: here, bytes, hashFrom, error: undefined });
        running.speedFrom = { time: Date.now(), bytes: here };
      },
      received: (bytes) => received(running, bytes),
    });
  }

  function fetch(running: Running): Promise<PartRecord> {
    return untilWhole({
      connections: options.limits().connections,
      signal: running.abort.signal,
      attempt: (several) => attempt(running, several),
      received: () => running.download.received,
      pausing({ code, message }) {
        const error = { code, message, hint: "It is tried again by itself." };
        update(running, { state: "waiting", speed: 0, secondsLeft: null, error });
      },
      wait,
    });
  }

  async function run(running: Running): Promise<void> {
    const { entry, folder, abort } = running;
    const path = join(folder, entry.file);
    const part = partOf(running);
    try {
      abort.signal.throwIfAborted();
      await refuseOther(path, entry);
      const { sha256, hashFrom } = await fetch(running);
      update(running, { state: "verifying", received: running.download.bytes, speed: 0, secondsLeft: null });
      await options.inspect(part, entry).catch(async (error) => {
        await removePart(part);
        throw error;
      });
      // The catalogue may not know it: then the hash that was checked stays beside the file.
      if (sha256 !== null && hashFrom === "hub") await writeChecksum(path, sha256);
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

  /** Begins what waits, as far as there is a place for it. */
  function begin(): void {
    if (disposed) return;
    const busy = [...all.values()].filter(({ work, download }) => work !== undefined && !isResting(download)).length;
    const waiting = [...all.values()].filter(({ work, download }) => work === undefined && !isResting(download));
    for (const running of waiting.slice(0, Math.max(0, options.limits().atOnce - busy))) {
      running.work = options.network
        .occasion(() => run(running))
        .finally(() => {
          void keepQueue();
          begin();
        });
    }
  }

  function put(entry: Downloadable, folder: string, download: Omit<Download, "id" | "name" | "speed" | "secondsLeft">): Running {
    const running: Running = {
      entry,
      folder,
      abort: new AbortController(),
      work: undefined,
      hashing: createHashing(),
      speedFrom: { time: Date.now(), bytes: download.received },
      emitted: 0,
      download: { id: entry.id, name: entry.name, speed: 0, secondsLeft: null, ...download },
    };
    all.delete(entry.id);
    all.set(entry.id, running);
    return running;
  }

  function start(entry: Downloadable): void {
    const known = all.get(entry.id);
    if (known && !isResting(known.download)) return;
    const before = known?.download.state === "done" ? undefined : known;
    wantedBefore.delete(entry.id);
    const running = put(entry, before?.folder ?? options.folder(), {
      state: "waiting",
      received: before?.download.received ?? 0,
      bytes: known?.download.bytes ?? entry.bytes,
      hashFrom: known?.download.hashFrom,
    });
    void keepQueue();
    update(running, {});
    begin();
  }

  function find(id: string): Running {
    const running = all.get(id);
    if (!running) throw new UserError("NOT_FOUND", "There is no such download.", "Look at the list of models.");
    return running;
  }

  async function pause(id: string): Promise<void> {
    const running = find(id);
    wantedBefore.delete(id);
    if (!isResting(running.download)) {
      running.abort.abort();
      // One that waits for its turn stands still already and must not wait for the others to say so.
      if (running.work === undefined) update(running, { state: "paused", error: undefined });
      else await running.work;
    }
    await keepQueue();
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
    entry: (id) => all.get(id)?.entry,
    list: () => [...all.values()].map((running) => running.download),
    changes,
    async recover() {
      for (const { entry, folder } of await options.queue.read()) {
        const part = await readPart(partOf({ entry, folder }));
        if (all.has(entry.id)) continue;
        wantedBefore.add(entry.id);
        const record = part?.record;
        put(entry, folder, {
          state: "paused",
          received: countBytes(part?.ranges ?? []),
          bytes: record?.bytes ?? entry.bytes,
          hashFrom: record?.hashFrom,
        });
      }
      const folder = options.folder();
      const files: string[] = await readdir(folder).catch(() => []);
      for (const file of files.filter((name) => name.endsWith(".part"))) {
        const part = await readPart(join(folder, file));
        const entry = options.catalogue.find((each) => `${each.file}.part` === file) ?? part?.record.entry;
        if (!part || !entry || `${entry.file}.part` !== file || all.has(entry.id)) continue;
        const { bytes, hashFrom } = part.record;
        put(entry, folder, { state: "paused", received: countBytes(part.ranges), bytes, hashFrom });
      }
    },
    resume() {
      for (const id of [...wantedBefore]) {
        const known = all.get(id);
        if (known) start(known.entry);
      }
    },
    async dispose() {
      const kept = keepQueue();
      disposed = true;
      const running = [...all.values()];
      for (const { abort } of running) abort.abort();
      await Promise.all([kept, ...running.map(({ work }) => work)]);
    },
  };
}

/** A file of this name that is not this model is somebody's own, and is not written over. */
async function refuseOther(path: string, entry: Downloadable): Promise<void> {
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
