import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { Disposable } from "#core/base/disposable";
import { createEmitter } from "#core/base/emitter";
import { type ModelRole, modelRole } from "#core/contracts/common";
import { type ModelSpeed, modelSpeed, type SlowModel } from "#core/contracts/models";
import { explainSlow } from "#core/models/speed";
import type { Inference, ModelReference } from "../inference/host.ts";
import { processorTimes } from "../inference/threads.ts";
import { latest } from "./latest.ts";
import { probeModel } from "./probe.ts";

/** How quick the models are here: measured once, after the first load, and kept. */
export interface Speeds {
  /** Speeds by path, of files that are as they were when they were measured. */
  known(paths: readonly string[]): Promise<ReadonlyMap<string, ModelSpeed>>;
  /** Models that turned out too slow, each told once. */
  slow(signal?: AbortSignal): AsyncGenerator<SlowModel, void, void>;
  /** Those that are too slow, told or not. */
  problems(): Promise<readonly SlowModel[]>;
  dispose(): void;
}

/** What {@link createSpeeds} needs. */
export interface SpeedsOptions {
  /** Where the speeds are kept. */
  readonly file: string;
  readonly inference: Pick<Inference, "states" | "current" | "prepare" | "infill" | "generate">;
  forRole(role: ModelRole): Promise<ModelReference>;
  /** The next smaller model for a role. */
  smaller(model: ModelReference, role: ModelRole): Promise<SlowModel["smaller"] | undefined>;
  /** Waits before it is looked again whether nobody needs the model, and says whether other programs computed meanwhile. */
  rest?(signal: AbortSignal): Promise<"quiet" | "busy">;
}

/** One role of a file as it was measured. */
const entrySchema = modelSpeed.extend({
  path: z.string(),
  role: modelRole,
  id: z.string(),
  name: z.string(),
  size: z.number(),
  modified: z.number(),
  told: z.boolean(),
});
type Entry = z.infer<typeof entrySchema>;
const fileSchema = z.object({ version: z.literal(1), entries: z.array(entrySchema) });

/** A model is measured when nobody has asked for anything for so long. */
const restMilliseconds = 2000;
/** Share of the processors that others may use meanwhile: beside more, a good model would look slow. */
const mostOfOthers = 0.4;
/** Rests on a busy machine before it is left for the next load. */
const mostRests = 60;
const entriesKept = 200;

/** Opens the speeds kept in a file and measures each model that is loaded for the first time. */
export function createSpeeds(options: SpeedsOptions): Speeds {
  const { inference, file, forRole, smaller, rest = quiet } = options;
  const closing = new AbortController();
  const changes = createEmitter<void>();
  let loaded: Promise<Entry[]> | undefined;
  const entries = () => {
    loaded ??= load(file);
    return loaded;
  };
  const measuring = new Set<ModelRole>();

  const listening: Disposable = inference.states.listen(({ role, state }) => {
    if (state === "ready" && role !== "embedding" && !measuring.has(role)) void measure(role).catch(() => undefined);
  });

  async function measure(role: ModelRole): Promise<void> {
    measuring.add(role);
    try {
      const model = await forRole(role);
      // How fast a server is depends on who else asks it.
      if (model.served) return;
      if ((await current(model.path)).some((entry) => entry.role === role)) return;
      let state = stateOf(role);
      let others: "quiet" | "busy" = "busy";
      for (let rests = 0; rests < mostRests && !closing.signal.aborted; rests++) {
        others = await rest(closing.signal);
        state = stateOf(role);
        if (state?.state !== "busy" && others === "quiet") break;
      }
      if (others === "busy") return;
      if (closing.signal.aborted || state?.state !== "ready" || state.model !== model.name) return;
      // What runs elsewhere is not ours to keep busy.
      const found = await stat(model.path).catch(() => undefined);
      if (!found) return;
      let speed = await probeModel(model, role, { inference }, closing.signal);
      if (speed && explainSlow(model.name, role, speed)) {
        // Somebody may have typed meanwhile, and went first; so the better of two looks counts.
        await rest(closing.signal);
        const again = await probeModel(model, role, { inference }, closing.signal);
        if (again) speed = { reading: Math.max(speed.reading, again.reading), writing: Math.max(speed.writing, again.writing) };
      }
      if (!speed) return;
      const entry = {
        ...model,
        ...speed,
        role,
        backend: state.backend ?? "",
        at: Date.now(),
        size: found.size,
        modified: found.mtimeMs,
        told: false,
      };
      await keep((all) => [...all.filter((each) => each.path !== entry.path || each.role !== role), entry]);
      changes.emit();
    } finally {
      measuring.delete(role);
    }
  }

  const stateOf = (role: ModelRole) => inference.current().find((each) => each.role === role);

  async function keep(change: (entries: Entry[]) => Entry[]): Promise<void> {
    const changed = change(await entries()).slice(-entriesKept);
    loaded = Promise.resolve(changed);
    const temporary = `${file}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(temporary, JSON.stringify({ version: 1, entries: changed }));
      await rename(temporary, file);
    } catch {
      // It is measured again after the next start.
    }
  }

  /** Entries of a file that is as it was. */
  async function current(path: string): Promise<Entry[]> {
    const found = await stat(path).catch(() => undefined);
    return (await entries()).filter((entry) => entry.path === path && entry.size === found?.size && entry.modified === found.mtimeMs);
  }

  async function slowOf(entry: Entry): Promise<SlowModel | undefined> {
    const { role, id, name, path } = entry;
    const reason = explainSlow(name, role, entry);
    if (!reason) return undefined;
    // Whoever took another one since has decided already.
    const now = await forRole(role).catch(() => undefined);
    if (now?.path !== path) return undefined;
    const next = await smaller({ id, name, path }, role);
    return next && { role, id, reason, smaller: next };
  }

  async function pending(): Promise<{ readonly entry: Entry; readonly slow: SlowModel } | undefined> {
    for (const entry of await entries()) {
      const slow = entry.told ? undefined : await slowOf(entry);
      if (slow) return { entry, slow };
    }
    return undefined;
  }

  return {
    async known(paths) {
      const speeds = new Map<string, ModelSpeed>();
      for (const path of paths) {
        const [entry] = await current(path);
        if (entry) speeds.set(path, { reading: entry.reading, writing: entry.writing, backend: entry.backend, at: entry.at });
      }
      return speeds;
    },

    async *slow(signal) {
      for await (const found of latest(changes, pending, signal)) {
        if (!found) continue;
        await keep((all) =>
          all.map((each) => (each.path === found.entry.path && each.role === found.entry.role ? { ...each, told: true } : each)),
        );
        yield found.slow;
        changes.emit();
      }
    },

    async problems() {
      return (await Promise.all((await entries()).map(slowOf))).filter((slow) => slow !== undefined);
    },

    dispose() {
      listening.dispose();
      closing.abort();
    },
  };
}

async function load(file: string): Promise<Entry[]> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, "utf8"))).entries;
  } catch {
    return [];
  }
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
