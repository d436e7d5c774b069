import { describeError, UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { Loaded, LoadOptions } from "#core/contracts/inference";
import { adaptersFor } from "#core/models/adapter-file";
import type { Settings } from "#core/settings/schema";
import { toLoadError } from "./failures.ts";
import { fileIdentity } from "./file-identity.ts";
import type { ModelReference } from "./host.ts";
import type { LoadAttempts } from "./load-attempts.ts";
import type { ModelProcess, ModelProcesses } from "./model-process.ts";
import type { RoleStates } from "./role-states.ts";

/** A model that a request may use. */
export interface Held {
  readonly running: ModelProcess;
  readonly loaded: Loaded;
}

/** Brings models into the memory of the process, and knows which are there. */
export interface ModelLoads {
  /** Loads what is not loaded yet, beside the models to be kept; undefined where those leave no room for it. */
  ensure(model: ModelReference, role: ModelRole, keep: readonly string[]): Promise<Held | undefined>;
  isReady(model: ModelReference, role: ModelRole): boolean;
  /** Paths of the models that are in memory. */
  loaded(): ReadonlySet<string>;
  /** The same, with those on their way. */
  begun(): ReadonlySet<string>;
  /** Bytes that each of them is estimated to take, by path. */
  inMemory(): ReadonlyMap<string, number>;
  unload(path: string): Promise<void>;
  /** Takes note that a model that was in memory of a process is no longer there. */
  forgetIfReady(running: ModelProcess, path: string): void;
}

/** What {@link createModelLoads} needs. */
export interface ModelLoadsOptions {
  readonly processes: ModelProcesses;
  readonly settings: { current(workspace?: string): Settings };
  readonly states: RoleStates;
  readonly attempts: LoadAttempts;
  /** Paths of models that requests use now. */
  inUse(): readonly string[];
  /** Where contexts of threads are kept; missing: nowhere. */
  readonly contextsFolder?: string;
}

type Use = Exclude<LoadOptions["use"], "both">;

const uses = ["completion", "chat", "embedding"] as const;

/** A model is opened for each of its uses by itself: with contexts of their own. */
function useOf(role: ModelRole): Use {
  return role === "completion" || role === "embedding" ? role : "chat";
}

const keyOf = (use: Use, path: string) => `${use}\0${path}`;
const pathOf = (key: string) => key.slice(key.indexOf("\0") + 1);

/** Creates the {@link ModelLoads} of an engine. */
export function createModelLoads({ processes, settings, states, attempts, inUse, contextsFolder }: ModelLoadsOptions): ModelLoads {
  /** Vectors are made without adapters: those are for writing. */
  const adaptersOf = (model: ModelReference, use: Use) =>
    use === "embedding" ? [] : [...adaptersFor(settings.current(model.workspace)["localcoder.models.adapters"], model, use)];
  const identity = (model: ModelReference) =>
    identityOf(
      model.path,
      uses.map((use) => adaptersOf(model, use)),
    );

  /** True where what is in memory of a model has other adapters than those it is wanted with, as another folder has them. */
  function hasOthers(running: ModelProcess, model: ModelReference): boolean {
    const [before, now] = [running.files.get(model.path), identity(model)].map((one) => one?.slice(one.indexOf("\n")));
    return before !== undefined && now !== undefined && before !== now;
  }

  /** Who keeps no history keeps no contexts: they hold what was asked and answered. */
  function contexts(): LoadOptions["contexts"] {
    const current = settings.current();
    const megabytes = current["localcoder.inference.keptContexts"];
    if (contextsFolder === undefined || megabytes === 0 || current["localcoder.history.keep"] !== "keep") return undefined;
    return { folder: contextsFolder, megabytes, days: current["localcoder.inference.keptContextDays"] };
  }

  async function load(
    running: ModelProcess,
    model: ModelReference,
    options: Omit<LoadOptions, "path" | "memory">,
  ): Promise<Loaded | undefined> {
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
  function begin(running: ModelProcess, model: ModelReference, use: Use, keep: readonly string[]): Promise<Loaded | undefined> {
    const key = keyOf(use, model.path);
    const known = running.loads.get(key);
    if (known !== undefined) return known;
    const run = async () => {
      const { options, reason } = attempts.plan(model, running.options);
      try {
        const work = load(running, model, { ...options, use, keep: [...keep], adapters: adaptersOf(model, use), contexts: contexts() });
        const loaded = await processes.alive(running, work);
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

  async function ensure(model: ModelReference, role: ModelRole, keep: readonly string[]): Promise<Held | undefined> {
    const running = await processes.get();
    const use = useOf(role);
    states.uses(role, model.path);
    await leaveReplaced(running, model);
    // Somebody is at work with the other ones: whoever wants these waits.
    if (hasOthers(running, model)) return undefined;
    if (!running.loads.has(keyOf(use, model.path))) states.set({ role, model: model.name, state: "loading", progress: 0 });
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
      const failure = processes.graphicsFailure();
      const tried = failure === undefined ? loaded.tried : [{ name: "gpu", result: failure }, ...loaded.tried];
      return { running, loaded: { ...loaded, tried } };
    } catch (error) {
      const failure = toLoadError(error, model.name);
      if (failure.code === "INFERENCE_STOPPED" && running.options.gpu !== "off" && processes.graphicsFailure() === undefined) {
        processes.leaveGraphics("The process ended while it loaded a model on the graphics card.");
        return ensure(model, role, keep);
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

  /** A file that was replaced since it was loaded, or that has other adapters now, is loaded anew once nobody uses what was read before. */
  async function leaveReplaced(running: ModelProcess, model: ModelReference): Promise<void> {
    const { path } = model;
    const now = identity(model);
    const before = running.files.get(path);
    if (before !== undefined && before !== now && now !== undefined && !inUse().includes(path)) await unload(path);
    if (now !== undefined && !uses.some((use) => running.loads.has(keyOf(use, path)))) running.files.set(path, now);
  }

  async function unload(path: string): Promise<void> {
    const running = await processes.running();
    if (running === undefined || !forget(running, path)) return;
    await processes.alive(running, running.connection.client.unload({ path }));
  }

  /** True when the model was in memory, or on its way. */
  function forget({ loads, ready }: ModelProcess, path: string): boolean {
    const keys = uses.map((use) => keyOf(use, path)).filter((key) => loads.delete(key));
    for (const key of keys) ready.delete(key);
    states.update(path, { state: "unloaded" });
    return keys.length > 0;
  }

  return {
    ensure,
    isReady(model, role) {
      const running = processes.current();
      return running?.ready.has(keyOf(useOf(role), model.path)) === true && !hasOthers(running, model);
    },
    loaded: () => new Set([...(processes.current()?.ready.keys() ?? [])].map(pathOf)),
    begun: () => new Set([...(processes.current()?.loads.keys() ?? [])].map(pathOf)),
    inMemory() {
      const found = new Map<string, number>();
      for (const [key, { needed }] of processes.current()?.ready ?? []) {
        const path = pathOf(key);
        found.set(path, Math.max(needed, found.get(path) ?? 0));
      }
      return found;
    },
    unload,
    forgetIfReady(running, path) {
      if (uses.some((use) => running.ready.has(keyOf(use, path)))) forget(running, path);
    },
  };
}

/** Says whether files, and the adapters of each use, are still the same ones; undefined where the model is not there. */
function identityOf(path: string, adapters: readonly (readonly string[])[]): string | undefined {
  const model = fileIdentity(path);
  return model && [model, ...adapters.map((each) => each.map((adapter) => `${adapter} ${fileIdentity(adapter)}`).join(" "))].join("\n");
}
