import { stat } from "node:fs/promises";
import type { Disposable } from "#core/base/disposable";
import { createEmitter } from "#core/base/emitter";
import type { ModelRole } from "#core/contracts/common";
import type { ModelBench, ModelSpeed, SlowModel } from "#core/contracts/models";
import { explainSlow } from "#core/models/speed";
import type { Inference, ModelReference } from "../inference/host.ts";
import { processorTimes } from "../inference/threads.ts";
import { latest } from "./latest.ts";
import { type ProbedSpeed, probeModel } from "./probe.ts";
import type { MeasuredSpeed, SpeedFile } from "./speed-file.ts";

/** How quick the models are here: measured once, after the first load, and kept. */
export interface Speeds {
  /** Speeds by path, of files that are as they were when they were measured. */
  known(paths: readonly string[]): Promise<ReadonlyMap<string, ModelSpeed>>;
  /** Keeps what somebody had measured, in place of what was known of the file. */
  keepSpeed(bench: ModelBench): Promise<void>;
  /** Models that turned out too slow, each told once and to one listener. */
  slow(signal?: AbortSignal): AsyncGenerator<SlowModel, void, void>;
  /** Those that are too slow, told or not. */
  problems(): Promise<readonly SlowModel[]>;
  dispose(): void;
}

/** What {@link createSpeeds} needs. */
export interface SpeedsOptions {
  /** Where the speeds are kept. */
  readonly kept: SpeedFile;
  readonly inference: Pick<Inference, "states" | "current" | "prepare" | "infill" | "generate">;
  forRole(role: ModelRole): Promise<ModelReference>;
  /** The model of that name that serves a role, in whichever folder. */
  serving(role: ModelRole, name: string | undefined): Promise<ModelReference | undefined>;
  /** The next smaller model for a role. */
  smaller(model: ModelReference, role: ModelRole): Promise<SlowModel["smaller"] | undefined>;
  /** Waits before it is looked again whether nobody needs the model, and says whether other programs computed meanwhile. */
  rest?(signal: AbortSignal): Promise<"quiet" | "busy">;
}

/** A model is measured when nobody has asked for anything for so long. */
const restMilliseconds = 2000;
/** Share of the processors that others may use meanwhile: beside more, a good model would look slow. */
const mostOfOthers = 0.4;
/** Rests on a busy machine before it is left for the next load. */
const mostRests = 60;

/** Opens the speeds kept in a file and measures each model that is loaded for the first time. */
export function createSpeeds(options: SpeedsOptions): Speeds {
  const { inference, kept, forRole, serving, smaller, rest = quiet } = options;
  const closing = new AbortController();
  const changes = createEmitter<void>();
  const measuring = new Set<ModelRole>();

  const listening: Disposable = inference.states.listen(({ role, state }) => {
    if (state === "ready" && role !== "embedding" && role !== "router" && !measuring.has(role)) void measure(role).catch(() => undefined);
  });

  async function measure(role: ModelRole): Promise<void> {
    measuring.add(role);
    try {
      const model = await serving(role, stateOf(role)?.model);
      // How fast a server is depends on who else asks it.
      if (model === undefined || model.served) return;
      const before = (await kept.of(model.path)).find((entry) => entry.role === role);
      if (before && (role === "completion" || before.guessing !== undefined)) return;
      let state = stateOf(role);
      let others: "quiet" | "busy" = "busy";
      for (let rests = 0; rests < mostRests && !closing.signal.aborted; rests++) {
        others = await rest(closing.signal);
        state = stateOf(role);
        if (state?.state !== "busy" && others === "quiet") break;
      }
      if (others === "busy") return;
      if (closing.signal.aborted || state?.state !== "ready" || state.model !== model.name) return;
      let speed = await probeModel(model, role, { inference }, closing.signal);
      if (speed && explainSlow(model.name, role, speed)) {
        // Somebody may have typed meanwhile, and went first; so the better of two looks counts.
        await rest(closing.signal);
        const again = await probeModel(model, role, { inference }, closing.signal);
        if (again) speed = better(speed, again);
      }
      if (!speed) return;
      // What somebody had measured stays; that guesses could not be measured is a measure as well.
      const { reading, writing, backend } = before ?? { ...speed, backend: state.backend ?? "" };
      await write(model, role, { reading, writing, backend, ...(role !== "completion" && { guessing: speed.guessing ?? 0 }) });
    } finally {
      measuring.delete(role);
    }
  }

  /** Keeps a speed with the file and the settings as they are; a model that was told to be slow is not told again. */
  async function write(model: ModelReference, role: ModelRole, speed: Omit<ModelSpeed, "at">): Promise<void> {
    const found = await stat(model.path).catch(() => undefined);
    if (!found) return;
    const entry = { ...model, ...speed, role, at: Date.now(), size: found.size, modified: found.mtimeMs, settings: kept.settings() };
    const isOld = (each: MeasuredSpeed) => each.path === entry.path && each.role === role;
    const wasTold = (each: MeasuredSpeed) => isOld(each) && each.modified === entry.modified && each.told;
    await kept.change((all) => [...all.filter((each) => !isOld(each)), { ...entry, told: all.some(wasTold) }]);
    changes.emit();
  }

  const stateOf = (role: ModelRole) => inference.current().find((each) => each.role === role);

  async function slowOf(entry: MeasuredSpeed): Promise<SlowModel | undefined> {
    const { role, id, name, path } = entry;
    if (entry.settings !== kept.settings()) return undefined;
    const reason = explainSlow(name, role, entry);
    if (!reason) return undefined;
    // Whoever took another one since has decided already.
    const now = await forRole(role).catch(() => undefined);
    if (now?.path !== path) return undefined;
    const next = await smaller({ id, name, path }, role);
    return next && { role, id, reason, smaller: next };
  }

  async function pending(): Promise<{ readonly entry: MeasuredSpeed; readonly slow: SlowModel } | undefined> {
    for (const entry of await kept.all()) {
      const slow = entry.told ? undefined : await slowOf(entry);
      if (slow) return { entry, slow };
    }
    return undefined;
  }

  return {
    async known(paths) {
      const speeds = new Map<string, ModelSpeed>();
      for (const path of paths) {
        const measured = await kept.of(path);
        const [entry] = measured;
        // What ghost text reads and writes says nothing of guesses.
        const guessing = measured.find((each) => each.guessing !== undefined)?.guessing;
        if (entry) speeds.set(path, { reading: entry.reading, writing: entry.writing, guessing, backend: entry.backend, at: entry.at });
      }
      return speeds;
    },

    async keepSpeed({ id, model, path, backend, promptTokensPerSecond, tokensPerSecond }) {
      const before = await kept.of(path);
      const roles = before.length > 0 ? before.map(({ role }) => role) : (["code"] as const);
      for (const role of roles) {
        const guessing = before.find((each) => each.role === role)?.guessing;
        await write({ id, name: model, path }, role, { reading: promptTokensPerSecond, writing: tokensPerSecond, backend, guessing });
      }
    },

    async *slow(signal) {
      for await (const found of latest(changes, pending, signal)) {
        if (!found) continue;
        await kept.change((all) =>
          all.map((each) => (each.path === found.entry.path && each.role === found.entry.role ? { ...each, told: true } : each)),
        );
        yield found.slow;
        changes.emit();
      }
    },

    async problems() {
      return (await Promise.all((await kept.all()).map(slowOf))).filter((slow) => slow !== undefined);
    },

    dispose() {
      listening.dispose();
      closing.abort();
    },
  };
}

/** Each figure at its best. */
function better(one: ProbedSpeed, other: ProbedSpeed): ProbedSpeed {
  const guessing = Math.max(one.guessing ?? 0, other.guessing ?? 0);
  return {
    reading: Math.max(one.reading, other.reading),
    writing: Math.max(one.writing, other.writing),
    ...(guessing > 0 && { guessing }),
  };
}

async function quiet(signal: AbortSignal): Promise<"quiet" | "busy"> {
  const before = processorTimes();
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, restMilliseconds);
    timer.unref();
    signal.addEventListener("abort", done, { once: true });
  });
  const after = processorTimes();
  return after.busy - before.busy > (after.total - before.total) * mostOfOthers ? "busy" : "quiet";
}
