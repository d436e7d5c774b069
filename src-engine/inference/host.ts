import type { Emitter } from "#core/base/emitter";
import { describeError, UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type {
  Backends,
  EmbedRequest,
  GenerateEvent,
  GenerateRequest,
  InfillRequest,
  InfillResult,
  Loaded,
  ReadAheadRequest,
} from "#core/contracts/inference";
import type { ModelState } from "#core/contracts/models";
import type { NetworkAttempt } from "#core/contracts/network";
import type { Settings } from "#core/settings/schema";
import type { ServedModel } from "../servers/servers.ts";
import { createActivity } from "./activity.ts";
import type { OpenInference } from "./connection.ts";
import { toUserError, untilAborted } from "./failures.ts";
import { createLoadAttempts } from "./load-attempts.ts";
import { createModelLoads, type Held } from "./model-loads.ts";
import { createModelProcesses, type ModelProcess, stoppedHint } from "./model-process.ts";
import { type MemoryNow, readMemory, watchPressure } from "./pressure.ts";
import { createRoleStates } from "./role-states.ts";
import { createSeats, type Seat } from "./seats.ts";

/** A model file as the engine names it: what `models.forRole` answers. */
export interface ModelReference {
  readonly id: string;
  readonly name: string;
  /** The file; of a model on a server, its id. */
  readonly path: string;
  /** The folder it is used in, where the user chose adapters for that folder alone. */
  readonly workspace?: string;
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
  /**
   * Reads what the prompt of an answer to these messages begins with, in the background, where the model is in memory for such answers.
   * The last message may still be written. Answers how many tokens that took.
   */
  readAhead(
    model: ModelReference,
    role: ModelRole,
    request: ReadAheadRequest,
    signal?: AbortSignal,
  ): Promise<{ readonly evaluated: number }>;
  /**
   * A vector of length 1 for each text, by a model of the embedding role. Throws TOO_LARGE, with counts, for a text the model does not
   * read at once: nothing is cut.
   */
  embed(model: ModelReference, request: EmbedRequest, signal?: AbortSignal): Promise<number[][]>;
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

/** So often a model that went meanwhile is asked for again. */
const mostTries = 5;

/** Creates the {@link Inference} of an engine. */
export function createInference({
  open,
  settings,
  onAttempt,
  attemptsFile,
  contextsFolder,
  memoryNow = readMemory,
}: {
  readonly open: OpenInference;
  readonly settings: { current(workspace?: string): Settings };
  /** Told what the network gate of the inference process refused. */
  readonly onAttempt?: (attempt: NetworkAttempt) => void;
  /** Where it is remembered which loads ended the process. */
  readonly attemptsFile?: string;
  /** Where contexts of threads are kept while their model is not in memory. */
  readonly contextsFolder?: string;
  readonly memoryNow?: () => MemoryNow;
}): Inference {
  const states = createRoleStates();
  const seats = createSeats();
  const attempts = createLoadAttempts(attemptsFile);
  const pressure = watchPressure(memoryNow, () => void relieve());
  const activity = createActivity({
    idleMinutes: () => settings.current()["localcoder.inference.idleUnloadMinutes"],
    onIdle: () => void processes.end(new UserError("STOPPED", "The model was unloaded after a time without requests.")),
  });
  const processes = createModelProcesses({ open, settings, states, onAttempt, othersAtWork: () => activity.requests > 1 });
  const loads = createModelLoads({ processes, settings, states, attempts, inUse: seats.inUse, contextsFolder });

  /** Waits for the model, and keeps it in memory until the seat is left. */
  function take(model: ModelReference, role: ModelRole, signal: AbortSignal | undefined): Promise<Seat<Held>> {
    const { path } = model;
    return seats.take({ path, isReady: () => loads.isReady(model, role), load: (keep) => loads.ensure(model, role, keep) }, signal);
  }

  /** Memory is short: models that nobody uses go, and with nobody at work the process as well. */
  async function relieve(): Promise<void> {
    if (processes.current() === undefined) return;
    if (activity.requests === 0) return processes.end(new UserError("STOPPED", "The models were unloaded because memory is short."));
    for (const path of loads.loaded()) if (!seats.inUse().includes(path)) await loads.unload(path).catch(() => {});
  }

  async function request<T>(
    model: ModelReference,
    role: ModelRole,
    signal: AbortSignal | undefined,
    run: (running: ModelProcess, loaded: Loaded) => Promise<T>,
  ): Promise<T> {
    const done = activity.begin();
    try {
      for (let tries = 1; ; tries += 1) {
        const seat = await take(model, role, signal);
        const { running, loaded } = seat.value;
        try {
          return await untilAborted(processes.alive(running, run(running, loaded)), signal);
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
    loads.forgetIfReady(running, path);
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
      const done = activity.begin();
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
            const events: AsyncIterator<GenerateEvent> = await untilAborted(processes.alive(running, call), signal);
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
          const next = await untilAborted(processes.alive(running, events.next()), signal);
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

    async readAhead(model, role, input, signal) {
      if (!loads.isReady(model, role)) return { evaluated: 0 };
      return request(model, role, signal, (running) => running.connection.client.readAhead({ ...input, model: model.path }, { signal }));
    },

    embed(model, input, signal) {
      return request(model, "embedding", signal, (running) => running.connection.client.embed({ ...input, model: model.path }, { signal }));
    },

    countTokens(model, role, text, signal) {
      return request(model, role, signal, (running) => running.connection.client.countTokens({ model: model.path, text }, { signal }));
    },

    async backends() {
      const done = activity.begin();
      try {
        const running = await processes.get();
        return await processes.alive(running, running.connection.client.backends({ gpu: running.options.gpu }));
      } catch (error) {
        throw toUserError(error);
      } finally {
        done();
      }
    },

    async preload(model, role) {
      const done = activity.begin();
      try {
        await processes.get();
        await loads.ensure(model, role, [...loads.begun()]);
      } catch {
        // Whoever asks the model next is told.
      } finally {
        done();
      }
    },

    forgive: attempts.forgive,

    inMemory: loads.inMemory,

    async unload(path) {
      if (path !== undefined) return loads.unload(path);
      await processes.end(new UserError("STOPPED", "The model was unloaded."));
    },

    async dispose() {
      pressure.dispose();
      activity.dispose();
      await processes.close();
    },
  };
}
