import type { Emitter } from "#core/base/emitter";
import { describeError, UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { Backends, GenerateEvent, GenerateRequest, InfillRequest, InfillResult, Loaded, LoadOptions } from "#core/contracts/inference";
import type { ModelState } from "#core/contracts/models";
import type { NetworkAttempt } from "#core/contracts/network";
import type { Settings } from "#core/settings/schema";
import type { InferenceConnection, OpenInference } from "./connection.ts";
import { toLoadError, toUserError, untilAborted } from "./failures.ts";
import { createRoleStates } from "./role-states.ts";

/** A model file as the engine names it: what `models.forRole` answers. */
export interface ModelReference {
  readonly id: string;
  readonly name: string;
  readonly path: string;
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
  readonly options: Pick<LoadOptions, "gpu" | "threads" | "contextSize">;
  readonly loads: Map<string, Promise<Loaded>>;
}

const stoppedHint = "Try again: the next request starts it anew.";

/** Creates the {@link Inference} of an engine. */
export function createInference({
  open,
  settings,
  onAttempt,
}: {
  readonly open: OpenInference;
  readonly settings: { current(): Settings };
  /** Told what the network gate of the inference process refused. */
  readonly onAttempt?: (attempt: NetworkAttempt) => void;
}): Inference {
  const states = createRoleStates();
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
      threads: current["localcoder.inference.threads"],
      contextSize: current["localcoder.inference.contextSize"],
    };
  }

  async function start(): Promise<Process> {
    const options = wantedOptions();
    const connection = await open();
    if (onAttempt) void follow(connection, onAttempt);
    const gone = connection.exited.then(({ reason }): never => {
      starting = undefined;
      const why = ending;
      ending = undefined;
      states.ended(why === undefined ? "The model process ended unexpectedly. The next request starts it anew." : undefined);
      throw why ?? new UserError("INFERENCE_STOPPED", `The model process ended unexpectedly (${reason}).`, stoppedHint);
    });
    gone.catch(() => {});
    return { connection, gone, options, loads: new Map() };
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

  async function load(running: Process, model: ModelReference, use: "completion" | "chat"): Promise<Loaded> {
    const stream = await running.connection.client.load({ path: model.path, use, ...running.options });
    let shown = 0;
    for await (const event of { [Symbol.asyncIterator]: () => stream }) {
      if (event.type === "loaded") return event.loaded;
      // llama.cpp reports every tensor; a status bar wants steps that can be seen.
      if (event.progress < shown + 0.02) continue;
      shown = event.progress;
      states.update(model.path, { state: "loading", progress: shown });
    }
    throw new UserError("MODEL_LOAD_FAILED", `${model.name} could not be loaded.`, "Try again, or choose another model.");
  }

  async function ensureLoaded(model: ModelReference, role: ModelRole): Promise<{ running: Process; loaded: Loaded }> {
    const running = await process();
    const use = role === "completion" ? "completion" : "chat";
    const key = `${use}\0${model.path}`;
    states.uses(role, model.path);
    let loading = running.loads.get(key);
    if (loading === undefined) {
      states.set({ role, model: model.name, state: "loading", progress: 0 });
      loading = alive(running, load(running, model, use));
      running.loads.set(key, loading);
      loading.then(
        // A model that had to make room is loaded again when it is next asked for.
        (loaded) => {
          for (const path of loaded.evicted) forget(running, path);
          states.update(model.path, { state: "ready", backend: loaded.backend });
        },
        () => running.loads.delete(key),
      );
    } else if (states.of(role)?.model !== model.name) {
      states.set({ role, model: model.name, state: "loading" });
    }
    try {
      const loaded = await loading;
      const state = states.of(role);
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
        return ensureLoaded(model, role);
      }
      if (failure.code !== "STOPPED") states.set({ role, model: model.name, state: "failed", reason: failure.message });
      throw failure.code === "INFERENCE_STOPPED"
        ? new UserError(
            "MODEL_LOAD_FAILED",
            `The model process ended while it loaded ${model.name}.`,
            "The file may be damaged: check it or choose another model.",
          )
        : failure;
    }
  }

  /** Takes note that a model is no longer in memory. True when it was. */
  function forget({ loads }: Process, path: string): boolean {
    const known = [loads.delete(`completion\0${path}`), loads.delete(`chat\0${path}`)];
    states.update(path, { state: "unloaded" });
    return known.includes(true);
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
      const { running, loaded } = await untilAborted(ensureLoaded(model, role), signal);
      return await untilAborted(alive(running, run(running, loaded)), signal);
    } catch (error) {
      throw toUserError(error);
    } finally {
      done();
    }
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
      try {
        const { running } = await untilAborted(ensureLoaded(model, role), signal);
        finish = states.begin(role);
        const call = running.connection.client.generate({ ...input, model: model.path }, { signal });
        const events: AsyncIterator<GenerateEvent> = await untilAborted(alive(running, call), signal);
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

    async unload(path) {
      if (path !== undefined) {
        const running = await starting?.catch(() => undefined);
        if (running === undefined || !forget(running, path)) return;
        await alive(running, running.connection.client.unload({ path }));
        return;
      }
      clearTimeout(idle);
      await end(new UserError("STOPPED", "The model was unloaded."));
    },

    async dispose() {
      disposed = true;
      clearTimeout(idle);
      await end(new UserError("ENGINE_GONE", "The engine is shutting down."));
    },
  };
}

/** Hands on what a process reports until it is gone. */
async function follow({ client }: InferenceConnection, onAttempt: (attempt: NetworkAttempt) => void): Promise<void> {
  try {
    for await (const attempt of await client.attempts()) onAttempt(attempt);
  } catch {
    // The process has ended, which everybody who waits for it is told elsewhere.
  }
}
