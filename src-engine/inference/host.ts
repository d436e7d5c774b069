import { statSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import type { Emitter } from "#core/base/emitter";
import { describeError, UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { Backends, GenerateEvent, GenerateRequest, InfillRequest, InfillResult, Loaded, LoadOptions } from "#core/contracts/inference";
import type { ModelState } from "#core/contracts/models";
import type { NetworkAttempt } from "#core/contracts/network";
import type { Settings } from "#core/settings/schema";
import type { ServedModel } from "../servers/servers.ts";
import type { InferenceConnection, OpenInference } from "./connection.ts";
import { toLoadError, toUserError, untilAborted } from "./failures.ts";
import { createLoadAttempts } from "./load-attempts.ts";
import { type MemoryNow, watchPressure } from "./pressure.ts";
import { createRoleStates } from "./role-states.ts";
import { createSeats, type Seat } from "./seats.ts";

/** A model file as the engine names it: what `models.forRole` answers. */
export interface ModelReference {
  readonly id: string;
  readonly name: string;
  /** The file; of a model on a server, its id. */
  readonly path: string;
  /** Missing for a file. */
  readonly served?: ServedModel;
  /** Only the stand-in for a model has it. */
  readonly echo?: true;
}

/** The one way to a model: starts the inference process, loads what is asked for, and survives its death. */
export interface Inference {
  /** Loads the model for the role, or resolves at once when it is loaded. Every other call does this by itself. */
  ensure(model: ModelReference, role: ModelRole, signal?: AbortSignal): Promise<Loaded>;
  /** Fills in the middle, for ghost text; `onPiece` hears each piece as it is written. Throws NO_FIM_TOKENS for a model that cannot. */
  infill(
    model: ModelReference,
    request: InfillRequest,
    signal?: AbortSignal,
    onPiece?: (piece: InfillResult["pieces"][number]) => void,
  ): Promise<InfillResult>;
  /** Reads the prompt of a place that will be asked for, in the background. Answers how many tokens that took. */
  prepare(model: ModelReference, request: InfillRequest, signal?: AbortSignal): Promise<{ readonly evaluated: number }>;
  /**
   * Answers messages as a stream that ends with `done`. Aborting the signal or leaving the loop stops the model.
   * Throws SELECTION_TOO_LONG, with counts, when the prompt leaves no room for an answer.
   */
  generate(
    model: ModelReference,
    role: ModelRole,
    request: GenerateRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<GenerateEvent, void, void>;
  /** Counts with the model's own tokenizer; loads the model if need be. */
  countTokens(model: ModelReference, role: ModelRole, text: string, signal?: AbortSignal): Promise<number>;
  /** Loads a model that will be asked soon, if there is room for it beside those that are there. Nobody waits for it, and no failure is told. */
  preload(model: ModelReference, role: ModelRole): Promise<void>;
  /** Bytes that each model in memory is estimated to take, by path. */
  inMemory(): ReadonlyMap<string, number>;
  /** Lets a model be loaded again that ended the process before. */
  forgive(path: string): void;
  /** Frees the memory of one model; without a path that of all, and ends the process. The next request loads it again. */
  unload(path?: string): Promise<void>;
  /** Tries the back ends of this machine without a model. */
  backends(): Promise<Backends>;
  /** Each change of the state of one role. Roles nobody asked for yet have no state here. */
  readonly states: Emitter<ModelState>;
  /** The last state of every role that was used. */
  current(): readonly ModelState[];
  dispose(): Promise<void>;
}

interface Process {
  readonly connection: InferenceConnection;
  /** Rejects when the process is gone, so that no call can wait for ever. */
  readonly gone: Promise<never>;
  readonly options: Pick<LoadOptions, "gpu" | "gpuLayers" | "threads" | "contextSize" | "keyValueType">;
  readonly loads: Map<string, Promise<Loaded | undefined>>;
  /** What those of the loads brought that are done. */
  readonly ready: Map<string, Loaded>;
  /** The files as they were when their load began. */
  readonly files: Map<string, string>;
}

/** A model that a request may use. */
interface Held {
  readonly running: Process;
  readonly loaded: Loaded;
}

/** So often a model that went meanwhile is asked for again. */
const mostTries = 5;

const stoppedHint = "Try again: the next request starts it anew.";

/** Creates the {@link Inference} of an engine. */
export function createInference({
  open,
  settings,
  onAttempt,
  attemptsFile,
  memoryNow = () => ({ available: availableMemory(), total: totalmem() }),
}: {
  readonly open: OpenInference;
  readonly settings: { current(): Settings };
  /** Told what the network gate of the inference process refused. */
  readonly onAttempt?: (attempt: NetworkAttempt) => void;
  /** Where it is remembered which loads ended the process. */
  readonly attemptsFile?: string;
  readonly memoryNow?: () => MemoryNow;
}): Inference {
  const states = createRoleStates();
  const seats = createSeats();
  const attempts = createLoadAttempts(attemptsFile);
  const pressure = watchPressure(memoryNow, () => void relieve());
  let current: Process | undefined;
  let starting: Promise<Process> | undefined;
  let active = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;
  /** Why the process is being ended on purpose; undefined when it dies by itself. */
  let ending: UserError | undefined;
  /** Set after a death while loading on a GPU: the CPU is used until the engine restarts. */
  let gpuFailure: string | undefined;

  function wantedOptions(): Process["options"] {
    const current = settings.current();
    return {
      gpu: gpuFailure === undefined ? current["localcoder.inference.gpu"] : "off",
      gpuLayers: current["localcoder.inference.gpuLayers"],
      threads: current["localcoder.inference.threads"],
      contextSize: current["localcoder.inference.contextSize"],
      keyValueType: current["localcoder.inference.keyValueType"],
    };
  }

  async function start(): Promise<Process> {
    const options = wantedOptions();
    const connection = await open();
    if (onAttempt) void follow(connection, onAttempt);
    const gone = connection.exited.then(({ reason }): never => {
      starting = undefined;
      current = undefined;
      const why = ending;
      ending = undefined;
      states.ended(why === undefined ? "The model process ended unexpectedly. The next request starts it anew." : undefined);
      throw why ?? new UserError("INFERENCE_STOPPED", `The model process ended unexpectedly (${reason}).`, stoppedHint);
    });
    gone.catch(() => {});
    current = { connection, gone, options, loads: new Map(), ready: new Map(), files: new Map() };
    return current;
  }

  async function end(why: UserError): Promise<void> {
    const running = await starting?.catch(() => undefined);
    if (running === undefined) return;
    ending = why;
    running.connection.kill();
    await running.connection.exited;
    await running.gone.catch(() => {});
  }

  async function process(): Promise<Process> {
    if (disposed) throw new UserError("ENGINE_GONE", "The engine is shutting down.");
    const running = await starting;
    if (running !== undefined) {
      const changed = JSON.stringify(running.options) !== JSON.stringify(wantedOptions());
      if (!changed || active > 1) return running;
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
  }

  /** Work of the process, or the reason why the process is gone. */
  async function alive<T>(running: Process, work: Promise<T>): Promise<T> {
    try {
      return await Promise.race([work, running.gone]);
    } catch (error) {
      // The wire closes a moment before the process has ended; only then is its reason known and can the next one start.
      if (describeError(error).code === "INFERENCE_STOPPED") {
        running.connection.kill();
        return running.gone;
      }
      throw error;
    }
  }

  async function load(running: Process, model: ModelReference, options: Omit<LoadOptions, "path" | "memory">): Promise<Loaded | undefined> {
    const memory = settings.current()["localcoder.inference.memory"];
    const stream = await running.connection.client.load({ path: model.path, memory, ...options });
    let shown = 0;
    for await (const event of { [Symbol.asyncIterator]: () => stream }) {
      if (event.type === "loaded") return event.loaded;
      if (event.type === "no-room") return undefined;
      // llama.cpp reports every tensor; a status bar wants steps that can be seen.
      if (event.progress < shown + 0.02) continue;
      shown = event.progress;
      states.update(model.path, { state: "loading", progress: shown });
    }
    throw new UserError("MODEL_LOAD_FAILED", `${model.name} could not be loaded.`, "Try again, or choose another model.");
  }

  /** Loads as the settings want it, or more safely where that ended the process before. Each load is begun once. */
  function begin(
    running: Process,
    model: ModelReference,
    use: "completion" | "chat",
    keep: readonly string[],
  ): Promise<Loaded | undefined> {
    const key = `${use}\0${model.path}`;
    const known = running.loads.get(key);
    if (known !== undefined) return known;
    const run = async () => {
      const { options, reason } = attempts.plan(model, running.options);
      try {
        const loaded = await alive(running, load(running, model, { ...options, use, keep: [...keep] }));
        return loaded && reason !== undefined ? { ...loaded, tried: [{ name: options.gpu, result: reason }, ...loaded.tried] } : loaded;
      } catch (error) {
        if (describeError(error).code === "INFERENCE_STOPPED") attempts.crashed(model.path, options);
        throw error;
      }
    };
    const loading = run();
    running.loads.set(key, loading);
    loading.then(
      (loaded) => {
        if (loaded === undefined) {
          running.loads.delete(key);
          return;
        }
        // A model that had to make room is loaded again when it is next asked for.
        for (const path of loaded.evicted) forget(running, path);
        running.ready.set(key, loaded);
        states.update(model.path, { state: "ready", backend: loaded.backend });
      },
      () => running.loads.delete(key),
    );
    return loading;
  }

  async function ensureLoaded(model: ModelReference, role: ModelRole, keep: readonly string[]): Promise<Held | undefined> {
    const running = await process();
    const use = role === "completion" ? "completion" : "chat";
    states.uses(role, model.path);
    await leaveReplaced(running, model.path);
    if (!running.loads.has(`${use}\0${model.path}`)) states.set({ role, model: model.name, state: "loading", progress: 0 });
    else if (states.of(role)?.model !== model.name) states.set({ role, model: model.name, state: "loading" });
    try {
      const loaded = await begin(running, model, use, keep);
      const state = states.of(role);
      if (loaded === undefined) {
        states.set({ role, model: model.name, state: "unloaded", reason: "Waits until the model that is at work is done." });
        return undefined;
      }
      if (state === undefined || state.state === "loading")
        states.set({ role, model: model.name, state: "ready", backend: loaded.backend });
      return {
        running,
        loaded: gpuFailure === undefined ? loaded : { ...loaded, tried: [{ name: "gpu", result: gpuFailure }, ...loaded.tried] },
      };
    } catch (error) {
      const failure = toLoadError(error, model.name);
      if (failure.code === "INFERENCE_STOPPED" && running.options.gpu !== "off" && gpuFailure === undefined) {
        gpuFailure = "The process ended while it loaded a model on the graphics card.";
        return ensureLoaded(model, role, keep);
      }
      if (failure.code !== "STOPPED") states.set({ role, model: model.name, state: "failed", reason: failure.message });
      throw failure.code === "INFERENCE_STOPPED"
        ? new UserError(
            "MODEL_LOAD_FAILED",
            `The model process ended while it loaded ${model.name}.`,
            "The next try is a safer one, with less memory. The file may be damaged as well: check it or choose another model.",
          )
        : failure;
    }
  }

  /** A file that was replaced since it was loaded is loaded anew, once nobody uses what was read of the old one. */
  async function leaveReplaced(running: Process, path: string): Promise<void> {
    const now = identityOf(path);
    const before = running.files.get(path);
    if (before !== undefined && before !== now && now !== undefined && !seats.inUse().includes(path)) await unloadOne(path);
    if (now !== undefined && !running.loads.has(`completion\0${path}`) && !running.loads.has(`chat\0${path}`)) running.files.set(path, now);
  }

  /** Waits for the model, and keeps it in memory until the seat is left. */
  function take(model: ModelReference, role: ModelRole, signal: AbortSignal | undefined): Promise<Seat<Held>> {
    const key = `${role === "completion" ? "completion" : "chat"}\0${model.path}`;
    return seats.take(
      { path: model.path, isReady: () => current?.ready.has(key) === true, load: (keep) => ensureLoaded(model, role, keep) },
      signal,
    );
  }

  /** Memory is short: models that nobody uses go, and with nobody at work the process as well. */
  async function relieve(): Promise<void> {
    if (current === undefined) return;
    if (active === 0) return end(new UserError("STOPPED", "The models were unloaded because memory is short."));
    const paths = new Set([...current.ready.keys()].map((key) => key.slice(key.indexOf("\0") + 1)));
    for (const path of paths) if (!seats.inUse().includes(path)) await unloadOne(path).catch(() => {});
  }

  async function unloadOne(path: string): Promise<void> {
    const running = await starting?.catch(() => undefined);
    if (running === undefined || !forget(running, path)) return;
    await alive(running, running.connection.client.unload({ path }));
  }

  /** Takes note that a model is no longer in memory. True when it was. */
  function forget({ loads, ready }: Process, path: string): boolean {
    const keys = [`completion\0${path}`, `chat\0${path}`].filter((key) => loads.delete(key));
    for (const key of keys) ready.delete(key);
    states.update(path, { state: "unloaded" });
    return keys.length > 0;
  }

  function armIdleUnload(): void {
    clearTimeout(idle);
    const minutes = settings.current()["localcoder.inference.idleUnloadMinutes"];
    if (minutes === 0 || disposed || starting === undefined) return;
    idle = setTimeout(() => {
      if (active === 0) void end(new UserError("STOPPED", "The model was unloaded after a time without requests."));
    }, minutes * 60_000);
    idle.unref();
  }

  /** Counts a request as active while it runs, whichever way it ends. */
  function track(): () => void {
    clearTimeout(idle);
    active += 1;
    return () => {
      active -= 1;
      if (active === 0) armIdleUnload();
    };
  }

  async function request<T>(
    model: ModelReference,
    role: ModelRole,
    signal: AbortSignal | undefined,
    run: (running: Process, loaded: Loaded) => Promise<T>,
  ): Promise<T> {
    const done = track();
    try {
      for (let tries = 1; ; tries += 1) {
        const seat = await take(model, role, signal);
        const { running, loaded } = seat.value;
        try {
          return await untilAborted(alive(running, run(running, loaded)), signal);
        } catch (error) {
          if (!wentMeanwhile(seat.value, model, error) || tries === mostTries) throw error;
        } finally {
          seat.leave();
        }
      }
    } catch (error) {
      throw toUserError(error);
    } finally {
      done();
    }
  }

  /**
   * True when the model was taken from memory between the moment it was asked for and the moment the request came there, which
   * happens while another one is being loaded. It is asked for again then.
   */
  function wentMeanwhile({ running }: Held, { path }: ModelReference, error: unknown): boolean {
    if (describeError(error).code !== "NO_MODEL") return false;
    if (running.ready.has(`completion\0${path}`) || running.ready.has(`chat\0${path}`)) forget(running, path);
    return true;
  }

  return {
    states: states.changes,
    current: states.current,

    ensure: (model, role, signal) => request(model, role, signal, async (_running, loaded) => loaded),

    infill(model, input, signal, onPiece) {
      return request(model, "completion", signal, async (running) => {
        const finish = states.begin("completion");
        let speed: number | undefined;
        try {
          const stream = await running.connection.client.infill({ ...input, model: model.path }, { signal });
          for await (const event of { [Symbol.asyncIterator]: () => stream }) {
            if (event.type === "piece") onPiece?.(event.piece);
            else {
              speed = event.result.tokensPerSecond;
              return event.result;
            }
          }
          throw new UserError("INFERENCE_STOPPED", "The model process gave no answer.", stoppedHint);
        } finally {
          finish(speed);
        }
      });
    },

    prepare(model, input, signal) {
      return request(model, "completion", signal, (running) =>
        running.connection.client.prepare({ ...input, model: model.path }, { signal }),
      );
    },

    async *generate(model, role, input, signal) {
      const done = track();
      let stream: AsyncIterator<GenerateEvent> | undefined;
      let speed: number | undefined;
      let finish: ReturnType<typeof states.begin> | undefined;
      let seat: Seat<Held> | undefined;
      const opened = async () => {
        for (let tries = 1; ; tries += 1) {
          const taken = await take(model, role, signal);
          seat = taken;
          const { running } = taken.value;
          const begun = states.begin(role);
          finish = begun;
          try {
            const call = running.connection.client.generate({ ...input, model: model.path }, { signal });
            const events: AsyncIterator<GenerateEvent> = await untilAborted(alive(running, call), signal);
            return { running, events };
          } catch (error) {
            if (!wentMeanwhile(taken.value, model, error) || tries === mostTries) throw error;
            begun(undefined);
            taken.leave();
          }
        }
      };
      try {
        const { running, events } = await opened();
        stream = events;
        while (true) {
          const next = await untilAborted(alive(running, events.next()), signal);
          if (next.done === true) return;
          if (next.value.type === "done") speed = next.value.tokensPerSecond;
          yield next.value;
        }
      } catch (error) {
        throw toUserError(error);
      } finally {
        // Not awaited: a process that hangs or is gone must not keep the caller here.
        void Promise.resolve(stream?.return?.()).catch(() => {});
        finish?.(speed);
        seat?.leave();
        done();
      }
    },

    countTokens(model, role, text, signal) {
      return request(model, role, signal, (running) => running.connection.client.countTokens({ model: model.path, text }, { signal }));
    },

    async backends() {
      const done = track();
      try {
        const running = await process();
        return await alive(running, running.connection.client.backends({ gpu: running.options.gpu }));
      } catch (error) {
        throw toUserError(error);
      } finally {
        done();
      }
    },

    async preload(model, role) {
      const done = track();
      try {
        const { loads } = await process();
        await ensureLoaded(
          model,
          role,
          [...loads.keys()].map((key) => key.slice(key.indexOf("\0") + 1)),
        );
      } catch {
        // Whoever asks the model next is told.
      } finally {
        done();
      }
    },

    forgive: attempts.forgive,

    inMemory() {
      const found = new Map<string, number>();
      for (const [key, { needed }] of current?.ready ?? []) {
        const path = key.slice(key.indexOf("\0") + 1);
        found.set(path, Math.max(needed, found.get(path) ?? 0));
      }
      return found;
    },

    async unload(path) {
      if (path !== undefined) return unloadOne(path);
      clearTimeout(idle);
      await end(new UserError("STOPPED", "The model was unloaded."));
    },

    async dispose() {
      disposed = true;
      pressure.dispose();
      clearTimeout(idle);
      await end(new UserError("ENGINE_GONE", "The engine is shutting down."));
    },
  };
}

/** Says whether a file is still the same one; undefined where it is not there. */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.ino} ${found.size} ${found.mtimeMs}`;
}

function availableMemory(): number {
  const { availableMemory: read } = globalThis.process as { availableMemory?: () => number };
  return read === undefined ? freemem() : read.call(globalThis.process);
}

/** Hands on what a process reports until it is gone. */
async function follow({ client }: InferenceConnection, onAttempt: (attempt: NetworkAttempt) => void): Promise<void> {
  try {
    for await (const attempt of await client.attempts()) onAttempt(attempt);
  } catch {
    // The process has ended, which everybody who waits for it is told elsewhere.
  }
}
