import { UserError } from "#core/base/errors";
import { holeLimits } from "#core/completion/hole";
import { findTemplate } from "#core/completion/templates";
import type { Backends, Loaded, LoadOptions } from "#core/contracts/inference";
import { type ContextUse, contextUse } from "#core/models/context-use";
import { createEmbed, type Embed } from "./embed.ts";
import { type Answers, createAnswers } from "./generate.ts";
import { createInfill, type Infill } from "./infill.ts";
import { openKeptContexts } from "./kept-contexts.ts";
import type { LanguageModel, Sequence } from "./language-model.ts";
import { createPace, type Pace } from "./pace.ts";
import type { Queue } from "./queue.ts";
import { type Room, type RoomRequest, refusal, sharedBudget } from "./room.ts";
import { createTrack } from "./track.ts";

/** The way out where a model went between two messages. */
const again = "Try again: it is loaded with the next request.";

/** How to open a model file. */
export interface OpenOptions extends Pick<LoadOptions, "path" | "gpu" | "gpuLayers" | "threads" | "keyValueType"> {
  readonly onProgress: (progress: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** Where models come from: llama.cpp, or a script. */
export interface ModelLoader {
  /** Opens a model, falling back to the processor; `tried` says how it went. */
  open(options: OpenOptions): Promise<{ readonly model: LanguageModel; readonly tried: Backends["tried"] }>;
  /** About how many bytes a model needs, and how many there are for it where it would compute. */
  room(request: RoomRequest): Promise<Room>;
  backends(gpu: LoadOptions["gpu"]): Promise<Backends>;
}

/** The models in memory. */
export interface LoadedModels {
  /** Undefined where there is no room beside the models to be kept, though there would be without them. */
  load(options: LoadOptions, onProgress: (progress: number) => void, signal: AbortSignal | undefined): Promise<Loaded | undefined>;
  unload(path: string | undefined): Promise<void>;
  infill(path: string): Infill;
  generate(path: string): Answers["generate"];
  readAhead(path: string): Answers["readAhead"];
  /** Keeps what threads left in the contexts of all models, before the process ends. */
  keep(): Promise<void>;
  embed(path: string): Embed;
  countTokens(path: string, text: string): number;
}

interface Entry {
  readonly path: string;
  readonly model: LanguageModel;
  readonly tried: Backends["tried"];
  readonly pace: Pace;
  /** Paths of those in memory, which the uses share. */
  readonly adapters: Set<string>;
  infill?: Infill;
  answers?: Answers;
  embed?: Embed;
  contextSize: number;
  running: number;
  /** Bytes it takes, estimated. */
  needed: number;
}

/** Creates the {@link LoadedModels} of a process. */
export function createLoadedModels(loader: ModelLoader, queue: Queue): LoadedModels {
  /** Least recently used first. */
  let entries: Entry[] = [];
  /** Loads follow one another: two at once would both count the same memory as free. */
  let loading: Promise<unknown> = Promise.resolve();

  function find(path: string): Entry {
    const entry = entries.find((one) => one.path === path);
    if (entry === undefined) throw new UserError("NO_MODEL", "The model is not loaded.", again);
    entries = [...entries.filter((one) => one !== entry), entry];
    return entry;
  }

  function findAnswers(path: string): { readonly entry: Entry; readonly answers: Answers } {
    const entry = find(path);
    const { answers } = entry;
    if (answers === undefined) throw new UserError("NO_MODEL", "The model is not loaded for answers.", again);
    return { entry, answers };
  }

  async function dispose(entry: Entry): Promise<void> {
    entries = entries.filter((one) => one !== entry);
    await entry.answers?.keep();
    await entry.model.dispose();
  }

  /** Bytes a use of a model takes, and the contexts of an entry are what it does not have yet. */
  function roomFor(options: LoadOptions, entry: Entry | undefined): Promise<Room> {
    const { path, gpu, keyValueType, adapters, use, contextSize } = options;
    const onGraphics = entries.reduce((sum, { model, needed }) => sum + (model.graphics ? needed : 0), 0);
    return loader.room({
      path,
      gpu,
      keyValueType,
      adapters: adapters.filter((adapter) => entry?.adapters.has(adapter) !== true),
      loaded: entry !== undefined,
      onGraphics,
      contexts(graphics) {
        const wanted: ContextUse[] = [];
        if (isFor(use, "completion") && entry?.infill === undefined) wanted.push(contextUse("completion", contextSize, graphics));
        if (isFor(use, "chat") && entry?.answers === undefined) wanted.push(contextUse("code", contextSize, graphics));
        if (use === "embedding" && entry?.embed === undefined) wanted.push(contextUse("embedding", contextSize, graphics));
        return wanted;
      },
    });
  }

  /** Makes room for a model: those that nobody is using go first. Undefined where those to be kept take the room it would have. */
  async function makeRoom(options: LoadOptions, entry: Entry | undefined): Promise<{ needed: number; evicted: string[] } | undefined> {
    const { needed, available } = await roomFor(options, entry);
    const budget = sharedBudget(options.memory, available);
    const whole = needed + (entry?.needed ?? 0);
    if (whole > budget) {
      const needAt = async (contextSize: number) => (await roomFor({ ...options, contextSize }, entry)).needed + (entry?.needed ?? 0);
      throw await refusal(options, { needed: whole, budget, available }, needAt);
    }
    const evicted: string[] = [];
    while (true) {
      const others = entries.filter((other) => other !== entry);
      if (whole + others.reduce((sum, other) => sum + other.needed, 0) <= budget) return { needed, evicted };
      const idle = others.find((other) => other.running === 0 && !options.keep.includes(other.path));
      if (idle === undefined) return undefined;
      await dispose(idle);
      evicted.push(idle.path);
    }
  }

  async function openUse(entry: Entry, options: LoadOptions): Promise<void> {
    const { use, contextSize, adapters } = options;
    if (isFor(use, "completion") && entry.infill === undefined) {
      const limits = entry.model.graphics ? holeLimits.gpu : holeLimits.cpu;
      const { size, sequences: most } = contextUse("completion", contextSize, entry.model.graphics);
      const sequences = await entry.model.openSequences(size, most, adapters);
      entry.infill = createInfill(entry.model, tracksOf(sequences, entry.pace), limits, queue);
    }
    if (isFor(use, "chat") && entry.answers === undefined) {
      const { size, sequences: most } = contextUse("code", contextSize, entry.model.graphics);
      const sequences = await entry.model.openSequences(size, most, adapters);
      entry.contextSize = sequences[0]?.contextSize ?? contextSize;
      entry.answers = createAnswers(
        entry.model,
        tracksOf(sequences, entry.pace),
        queue,
        await openKeptContexts(options, entry.model.backend),
      );
    }
    if (use === "embedding" && entry.embed === undefined) {
      const embedder = await entry.model.openEmbedder(contextUse("embedding", contextSize, entry.model.graphics).size);
      entry.contextSize = embedder.contextSize;
      entry.embed = createEmbed(embedder, queue);
    }
  }

  return {
    load(options, onProgress, signal) {
      const run = async (): Promise<Loaded | undefined> => {
        let entry = entries.find((one) => one.path === options.path);
        const complete = entry !== undefined && hasUse(entry, options.use);
        const room = complete ? { needed: 0, evicted: [] } : await makeRoom(options, entry);
        if (room === undefined) return undefined;
        const { evicted } = room;
        if (entry === undefined) {
          const { path, gpu, gpuLayers, threads, keyValueType } = options;
          const { model, tried } = await loader.open({ path, gpu, gpuLayers, threads, keyValueType, onProgress, signal });
          const pace = createPace({ first: model.graphics ? 256 : 16 });
          entry = { path, model, tried, pace, adapters: new Set(), contextSize: 0, running: 0, needed: 0 };
          entries = [...entries, entry];
        }
        const opened = entry;
        opened.needed += room.needed;
        try {
          await openUse(opened, options);
          for (const adapter of options.adapters) opened.adapters.add(adapter);
        } catch (error) {
          if (opened.infill === undefined && opened.answers === undefined && opened.embed === undefined) await dispose(opened);
          throw error;
        }
        const { model, tried } = opened;
        return {
          path: opened.path,
          name: model.name,
          backend: model.backend,
          threads: model.threads,
          contextSize: opened.contextSize,
          fillInTheMiddle: opened.infill !== undefined || canFillIn(model),
          bytes: model.bytes,
          tried,
          evicted,
          needed: Math.round(opened.needed),
        };
      };
      const result = loading.then(run);
      loading = result.catch(() => {});
      return result;
    },

    async unload(path) {
      for (const entry of [...entries]) if (path === undefined || entry.path === path) await dispose(entry);
    },

    async keep() {
      for (const { answers } of entries) await answers?.keep();
    },

    infill(path) {
      const entry = find(path);
      const { infill } = entry;
      if (infill === undefined) throw new UserError("NO_MODEL", "The model is not loaded for ghost text.", again);
      return {
        infill: (request, signal, onPiece) => counted(entry, infill.infill(request, signal, onPiece)),
        prepare: (request, signal) => counted(entry, infill.prepare(request, signal)),
      };
    },

    embed(path) {
      const entry = find(path);
      const { embed } = entry;
      if (embed === undefined) throw new UserError("NO_MODEL", "The model is not loaded for vectors.", again);
      return (request, signal) => counted(entry, embed(request, signal));
    },

    generate(path) {
      const { entry, answers } = findAnswers(path);
      return async function* (request, signal) {
        entry.running += 1;
        try {
          yield* answers.generate(request, signal);
        } finally {
          entry.running -= 1;
        }
      };
    },

    readAhead(path) {
      const { entry, answers } = findAnswers(path);
      return (request, signal) => counted(entry, answers.readAhead(request, signal));
    },

    countTokens: (path, text) => find(path).model.tokenize(text).length,
  };
}

/** True where a load brings one of the uses that write. */
function isFor(use: LoadOptions["use"], one: "completion" | "chat"): boolean {
  return use === one || use === "both";
}

function hasUse({ infill, answers, embed }: Entry, use: LoadOptions["use"]): boolean {
  return (
    (!isFor(use, "completion") || infill !== undefined) &&
    (!isFor(use, "chat") || answers !== undefined) &&
    (use !== "embedding" || embed !== undefined)
  );
}

/** A model at work is not taken from memory. */
function counted<T>(entry: Entry, work: Promise<T>): Promise<T> {
  entry.running += 1;
  return work.finally(() => {
    entry.running -= 1;
  });
}

function tracksOf(sequences: readonly Sequence[], pace: Pace) {
  return sequences.map((sequence) => createTrack(sequence, pace));
}

function canFillIn(model: LanguageModel): boolean {
  return findTemplate((text) => model.special(text)) !== undefined;
}
