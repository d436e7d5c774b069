import { rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeError, isStopped, UserError } from "#core/base/errors";
import type { Downloadable } from "#core/contracts/models";
import type { Connections } from "../network/connections.ts";
import type { DownloadProgress } from "./download-progress.ts";
import type { Pace } from "./pace.ts";
import { freeBytes, type Hashing, type PartRecord, partPath, removePart } from "./part.ts";
import type { DownloadNetwork } from "./request.ts";
import { diskFailure, transfer } from "./transfer.ts";
import { untilWhole } from "./tries.ts";
import { writeChecksum } from "./verify.ts";

/** What all downloads are run with. The last three are for tests. */
export interface DownloadRunOptions {
  readonly network: DownloadNetwork;
  readonly connections: Connections;
  limits(): { readonly connections: number };
  /** What the user signs in with at the hub. */
  token(): Promise<string | undefined>;
  address(entry: Downloadable): URL;
  /** Reads the head of the whole part; throws when it is no model. */
  inspect(part: string, entry: Downloadable): Promise<void>;
  /** Loads the model and writes a few tokens; throws when it does not work. */
  test(entry: Downloadable, path: string, signal: AbortSignal): Promise<void>;
  readonly freeBytes?: (folder: string) => Promise<number>;
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly silence?: number;
}

/** One download on its way. */
export interface DownloadRun {
  readonly entry: Downloadable;
  /** Where it began: the setting may change while it runs. */
  readonly folder: string;
  readonly progress: DownloadProgress;
  readonly hashing: Hashing;
  readonly signal: AbortSignal;
  /** Shared by all that run. */
  readonly pace: Pace;
}

/** Runs a download to a model that was tested, or to a state that says why not: paused or failed. */
export async function runDownload(run: DownloadRun, options: DownloadRunOptions): Promise<void> {
  const { entry, folder, progress, signal } = run;
  const path = join(folder, entry.file);
  const part = partPath(run);
  try {
    signal.throwIfAborted();
    await refuseOther(path, entry);
    const { sha256, hashFrom } = await fetchWhole(run, options);
    progress.update({ state: "verifying", received: progress.current().bytes, speed: 0, secondsLeft: null });
    await options.inspect(part, entry).catch(async (error) => {
      await removePart(part);
      throw error;
    });
    // The catalogue may not know it: then the hash that was checked stays beside the file.
    if (sha256 !== null && hashFrom === "hub") await writeChecksum(path, sha256);
    await rename(part, path);
    await removePart(part);
    progress.update({ state: "testing", path });
    await options.test(entry, path, signal);
    progress.update({ state: "done" });
  } catch (error) {
    if (signal.aborted || isStopped(error)) {
      // The file is whole by now and stays: only its test was stopped.
      progress.update(progress.current().path ? { state: "done" } : { state: "paused", speed: 0, secondsLeft: null, error: undefined });
    } else {
      progress.update({
        state: "failed",
        speed: 0,
        secondsLeft: null,
        error: describeError(diskFailure(error, entry.name, folder) ?? error),
      });
    }
  }
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

function fetchWhole(run: DownloadRun, options: DownloadRunOptions): Promise<PartRecord> {
  const { progress, signal } = run;
  return untilWhole({
    connections: options.limits().connections,
    signal,
    attempt: (several) => attempt(run, several, options),
    received: () => progress.current().received,
    pausing({ code, message }) {
      const error = { code, message, hint: "It is tried again by itself." };
      progress.update({ state: "waiting", speed: 0, secondsLeft: null, error });
    },
    wait: options.wait ?? ((milliseconds, aborted) => sleep(milliseconds, undefined, { signal: aborted })),
  });
}

async function attempt(run: DownloadRun, several: number, options: DownloadRunOptions): Promise<PartRecord> {
  const { entry, progress, hashing, signal, pace } = run;
  return transfer({
    entry,
    address: options.address(entry),
    part: partPath(run),
    network: options.network,
    connections: options.connections,
    token: await options.token(),
    several,
    pace,
    hashing,
    signal,
    silence: options.silence ?? 60_000,
    freeBytes: options.freeBytes ?? freeBytes,
    began: ({ bytes, hashFrom }, here) => {
      progress.update({ state: here < bytes ? "downloading" : "verifying", received: here, bytes, hashFrom, error: undefined });
      progress.measure(here);
    },
    received: progress.received,
  });
}
