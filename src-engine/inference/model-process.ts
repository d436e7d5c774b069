import { basename } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describeError, UserError } from "#core/base/errors";
import type { Loaded, LoadOptions } from "#core/contracts/inference";
import type { NetworkAttempt } from "#core/contracts/network";
import type { Settings } from "#core/settings/schema";
import type { InferenceConnection, OpenInference } from "./connection.ts";
import { fileIdentity } from "./file-identity.ts";
import { killedForMemory } from "./killed-for-memory.ts";
import type { RoleStates } from "./role-states.ts";

/** A process that runs models, with what is known of it. */
export interface ModelProcess {
  readonly connection: InferenceConnection;
  /** Rejects when the process is gone, so that no call can wait for ever. */
  readonly gone: Promise<never>;
  readonly options: Pick<LoadOptions, "gpu" | "gpuLayers" | "threads" | "contextSize" | "keyValueType">;
  readonly loads: Map<string, Promise<Loaded | undefined>>;
  /** What those of the loads brought that are done. */
  readonly ready: Map<string, Loaded>;
  /** The files as they were when their load began: their own identity in the first line, that of their adapters after it. */
  readonly files: Map<string, string>;
}

/** Starts the process when somebody needs it, and survives its death. */
export interface ModelProcesses {
  /** The one that runs, else a new one. One whose settings are others by now is ended, unless somebody is at work. */
  get(): Promise<ModelProcess>;
  /** The one that runs, if there is one. */
  current(): ModelProcess | undefined;
  /** The same, where it may be starting just now. */
  running(): Promise<ModelProcess | undefined>;
  /** Work of the process, or the reason why the process is gone. */
  alive<T>(running: ModelProcess, work: Promise<T>): Promise<T>;
  /** Ends the process on purpose; whoever waits for it is told why. */
  end(why: UserError): Promise<void>;
  /** Nothing is started any more. */
  close(): Promise<void>;
  /** Computes on the processor until the engine restarts, because of a death while loading on a graphics card. */
  leaveGraphics(reason: string): void;
  /** Why graphics cards were left. */
  graphicsFailure(): string | undefined;
}

/** What {@link createModelProcesses} needs. */
export interface ModelProcessesOptions {
  readonly open: OpenInference;
  readonly settings: { current(): Settings };
  readonly states: Pick<RoleStates, "ended">;
  /** True when requests run beside the one that asks. */
  othersAtWork(): boolean;
  /** Told what the network gate of the process refused. */
  readonly onAttempt?: (attempt: NetworkAttempt) => void;
}

/** What threads left is kept before the process ends; who closes the program does not wait longer for that. */
const longestKeeping = 2000;

/** What to do when the process ended. */
export const stoppedHint = "Try again: the next request starts it anew.";

/** The same, where the system took it because others needed the memory. */
const ranOutHint = "Close other programs or choose a smaller model, and try again.";

/** Creates the {@link ModelProcesses} of an engine; one runs at a time. */
export function createModelProcesses({ open, settings, states, othersAtWork, onAttempt }: ModelProcessesOptions): ModelProcesses {
  let current: ModelProcess | undefined;
  let starting: Promise<ModelProcess> | undefined;
  let closed = false;
  /** Why the process is being ended on purpose; undefined when it dies by itself. */
  let ending: UserError | undefined;
  let graphicsFailure: string | undefined;

  function wantedOptions(): ModelProcess["options"] {
    const current = settings.current();
    return {
      gpu: graphicsFailure === undefined ? current["localcoder.inference.gpu"] : "off",
      gpuLayers: current["localcoder.inference.gpuLayers"],
      threads: current["localcoder.inference.threads"],
      contextSize: current["localcoder.inference.contextSize"],
      keyValueType: current["localcoder.inference.keyValueType"],
    };
  }

  async function start(): Promise<ModelProcess> {
    const options = wantedOptions();
    const files = new Map<string, string>();
    const killedBefore = killedForMemory();
    const connection = await open();
    if (onAttempt) void follow(connection, onAttempt);
    const gone = connection.exited.then(({ reason }): never => {
      starting = undefined;
      current = undefined;
      const why = ending;
      ending = undefined;
      const ranOut = reason === "SIGKILL" && (killedForMemory() ?? 0) > (killedBefore ?? 0);
      const cause = causeOfDeath(files) ?? (ranOut ? "The system ended the model process, because memory ran out." : undefined);
      states.ended(why === undefined ? `${cause ?? "The model process ended unexpectedly."} The next request starts it anew.` : undefined);
      const message = cause ?? `The model process ended unexpectedly (${reason}).`;
      throw why ?? new UserError("INFERENCE_STOPPED", message, ranOut ? ranOutHint : stoppedHint);
    });
    gone.catch(() => {});
    current = { connection, gone, options, loads: new Map(), ready: new Map(), files };
    return current;
  }

  const running = async () => starting?.catch(() => undefined);

  /** While what threads left is kept, nobody asks the process any more. */
  let leaving: Promise<void> | undefined;

  function end(why: UserError): Promise<void> {
    const leave = async () => {
      const process = await running();
      if (process === undefined) return;
      ending = why;
      const { client, exited, kill } = process.connection;
      const kept = client.keep().catch(() => {});
      await Promise.race([kept, wait(longestKeeping, undefined, { ref: false }), exited]);
      kill();
      await exited;
      await process.gone.catch(() => {});
    };
    leaving ??= leave().finally(() => {
      leaving = undefined;
    });
    return leaving;
  }

  return {
    async get() {
      await leaving;
      if (closed) throw new UserError("ENGINE_GONE", "The engine is shutting down.");
      const process = await starting;
      if (process !== undefined) {
        const changed = JSON.stringify(process.options) !== JSON.stringify(wantedOptions());
        if (!changed || othersAtWork()) return process;
        await end(new UserError("STOPPED", "The model is loaded anew because its settings changed."));
      }
      if (starting === undefined) {
        const attempt = start();
        starting = attempt;
        attempt.catch(() => {
          if (starting === attempt) starting = undefined;
        });
      }
      return starting;
    },
    current: () => current,
    running,
    async alive(process, work) {
      try {
        return await Promise.race([work, process.gone]);
      } catch (error) {
        // The wire closes a moment before the process has ended; only then is its reason known and can the next one start.
        if (describeError(error).code === "INFERENCE_STOPPED") {
          process.connection.kill();
          return process.gone;
        }
        throw error;
      }
    },
    end,
    close() {
      closed = true;
      return end(new UserError("ENGINE_GONE", "The engine is shutting down."));
    },
    leaveGraphics(reason) {
      graphicsFailure ??= reason;
    },
    graphicsFailure: () => graphicsFailure,
  };
}

/** A model is read from its file while it computes: where somebody cuts or overwrites that, the system ends the process. */
function causeOfDeath(files: ReadonlyMap<string, string>): string | undefined {
  const changed = [...files].find(([path, before]) => fileIdentity(path) !== before.split("\n")[0])?.[0];
  return changed && `The model process ended because ${basename(changed)} was changed or removed while it was in use.`;
}

/** Hands on what a process reports until it is gone. */
async function follow({ client }: InferenceConnection, onAttempt: (attempt: NetworkAttempt) => void): Promise<void> {
  try {
    for await (const attempt of await client.attempts()) onAttempt(attempt);
  } catch {
    // The process has ended, which everybody who waits for it is told elsewhere.
  }
}
