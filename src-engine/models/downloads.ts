import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createEmitter, type Emitter } from "#core/base/emitter";
import { UserError } from "#core/base/errors";
import type { Download, Downloadable } from "#core/contracts/models";
import { countBytes } from "#core/models/ranges";
import { createDownloadProgress } from "./download-progress.ts";
import type { DownloadQueue } from "./download-queue.ts";
import { type DownloadRun, type DownloadRunOptions, runDownload } from "./download-run.ts";
import { createPace } from "./pace.ts";
import { createHashing, partPath, readPart, removePart } from "./part.ts";

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

/** What {@link createDownloads} needs. */
export interface DownloadsOptions extends DownloadRunOptions {
  readonly catalogue: readonly Downloadable[];
  readonly queue: DownloadQueue;
  limits(): DownloadLimits;
  folder(): string;
}

interface Running extends DownloadRun {
  readonly abort: AbortController;
  /** Undefined until it is its turn. */
  work: Promise<void> | undefined;
}

/** Creates the {@link Downloads} of an engine. */
export function createDownloads(options: DownloadsOptions): Downloads {
  const changes = createEmitter<Download>();
  const all = new Map<string, Running>();
  /** Ids of downloads that an earlier run was asked for. */
  const wantedBefore = new Set<string>();
  const pace = createPace(() => options.limits().bytesPerSecond);
  let disposed = false;

  /** What is to go on after a restart. */
  async function keepQueue(): Promise<void> {
    if (disposed) return;
    const wanted = [...all.values()].filter((running) => !isResting(running) || wantedBefore.has(running.entry.id));
    await options.queue.write(wanted.map(({ entry, folder }) => ({ entry, folder })));
  }

  /** Begins what waits, as far as there is a place for it. */
  function begin(): void {
    if (disposed) return;
    const busy = [...all.values()].filter((running) => running.work !== undefined && !isResting(running)).length;
    const waiting = [...all.values()].filter((running) => running.work === undefined && !isResting(running));
    for (const running of waiting.slice(0, Math.max(0, options.limits().atOnce - busy))) {
      running.work = options.network
        .occasion(() => runDownload(running, options))
        .finally(() => {
          void keepQueue();
          begin();
        });
    }
  }

  function put(entry: Downloadable, folder: string, download: Omit<Download, "id" | "name" | "speed" | "secondsLeft">): Running {
    const abort = new AbortController();
    const first: Download = { id: entry.id, name: entry.name, speed: 0, secondsLeft: null, ...download };
    const running: Running = {
      ...{ entry, folder, abort, signal: abort.signal, pace },
      work: undefined,
      hashing: createHashing(),
      progress: createDownloadProgress(first, (changed) => {
        // One that was paused while it waited for its turn may have a successor by now.
        if (all.get(entry.id) === running) changes.emit(changed);
      }),
    };
    all.delete(entry.id);
    all.set(entry.id, running);
    return running;
  }

  function start(entry: Downloadable): void {
    const known = all.get(entry.id);
    if (known && !isResting(known)) return;
    const earlier = known?.progress.current();
    const before = earlier?.state === "done" ? undefined : known;
    wantedBefore.delete(entry.id);
    const running = put(entry, before?.folder ?? options.folder(), {
      state: "waiting",
      received: before?.progress.current().received ?? 0,
      bytes: earlier?.bytes ?? entry.bytes,
      hashFrom: earlier?.hashFrom,
    });
    void keepQueue();
    running.progress.update({});
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
    if (!isResting(running)) {
      running.abort.abort();
      // One that waits for its turn stands still already and must not wait for the others to say so.
      if (running.work === undefined) running.progress.update({ state: "paused", error: undefined });
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
      const download = running.progress.current();
      if (download.path !== undefined) return;
      await removePart(partPath(running));
      const gone: Download = { ...download, state: "paused", received: 0 };
      changes.emit(gone);
    },
    entry: (id) => all.get(id)?.entry,
    list: () => [...all.values()].map(({ progress }) => progress.current()),
    changes,
    async recover() {
      for (const { entry, folder } of await options.queue.read()) {
        const part = await readPart(partPath({ entry, folder }));
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

function isResting({ progress }: Running): boolean {
  const { state } = progress.current();
  return state === "paused" || state === "failed" || state === "done";
}
