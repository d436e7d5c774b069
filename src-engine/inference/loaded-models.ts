import { basename } from "node:path";
import { UserError } from "#core/base/errors";
import { holeLimits } from "#core/completion/hole";
import { findTemplate } from "#core/completion/templates";
import type { Backends, Loaded, LoadOptions } from "#core/contracts/inference";
import { contextUse } from "#core/models/context-use";
import { createGenerate, type Generate } from "./generate.ts";
import { createInfill, type Infill } from "./infill.ts";
import type { LanguageModel, Sequence } from "./language-model.ts";
import { createPace, type Pace } from "./pace.ts";
import type { Queue } from "./queue.ts";
import { createTrack } from "./track.ts";

/** The way out where a model went between two messages. */
const again = "Try again: it is loaded with the next request.";

/** How to open a model file. */
export interface OpenOptions extends Pick<LoadOptions, "path" | "gpu" | "threads"> {
  readonly onProgress: (progress: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** Where models come from: llama.cpp, or a script. */
export interface ModelLoader {
  /** Opens a model, falling back to the processor; `tried` says how it went. */
  open(options: OpenOptions): Promise<{ readonly model: LanguageModel; readonly tried: Backends["tried"] }>;
  /** About how many bytes a model needs, and how many are free for it where it would compute. */
  room(options: Pick<OpenOptions, "path" | "gpu">): Promise<{ readonly needed: number; readonly free: number }>;
  backends(gpu: LoadOptions["gpu"]): Promise<Backends>;
}

/** The models in memory. */
export interface LoadedModels {
  load(options: LoadOptions, onProgress: (progress: number) => void, signal: AbortSignal | undefined): Promise<Loaded>;
  unload(path: string | undefined): Promise<void>;
  infill(path: string): Infill;
  generate(path: string): Generate;
  countTokens(path: string, text: string): number;
}

interface Entry {
  readonly path: string;
  readonly model: LanguageModel;
  readonly tried: Backends["tried"];
  readonly pace: Pace;
  infill?: Infill;
  generate?: Generate;
  contextSize: number;
  running: number;
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

  async function dispose(entry: Entry): Promise<void> {
    entries = entries.filter((one) => one !== entry);
    await entry.model.dispose();
  }

  /** Makes room for a model: those that nobody is using go first. */
  async function makeRoom({ path, gpu }: Pick<OpenOptions, "path" | "gpu">): Promise<string[]> {
    const evicted: string[] = [];
    while (true) {
      const { needed, free } = await loader.room({ path, gpu });
      if (needed <= free) return evicted;
      const idle = entries.find((entry) => entry.running === 0);
      if (idle === undefined) {
        throw new UserError(
          "MODEL_DOES_NOT_FIT",
          `${basename(path)} needs about ${gigabytes(needed)} of memory, and ${gigabytes(free)} are free.`,
          entries.length > 0
            ? "Wait until the running answer is finished, or choose a smaller model."
            : "Choose a smaller model, or close other programs.",
        );
      }
      await dispose(idle);
      evicted.push(idle.path);
    }
  }

  async function openUse(entry: Entry, use: "completion" | "chat", contextSize: number): Promise<void> {
    if (use === "completion" && entry.infill === undefined) {
      const limits = entry.model.graphics ? holeLimits.gpu : holeLimits.cpu;
      const { size, sequences: most } = contextUse("completion", contextSize, entry.model.graphics);
      const sequences = await entry.model.openSequences(size, most);
      entry.infill = createInfill(entry.model, tracksOf(sequences, entry.pace), limits, queue);
    }
    if (use === "chat" && entry.generate === undefined) {
      const { size, sequences: most } = contextUse("code", contextSize, entry.model.graphics);
      const sequences = await entry.model.openSequences(size, most);
      entry.contextSize = sequences[0]?.contextSize ?? contextSize;
      entry.generate = createGenerate(entry.model, tracksOf(sequences, entry.pace), queue);
    }
  }

  return {
    load(options, onProgress, signal) {
      const run = async (): Promise<Loaded> => {
        let entry = entries.find((one) => one.path === options.path);
        let evicted: string[] = [];
        if (entry === undefined) {
          evicted = await makeRoom(options);
          const { model, tried } = await loader.open({
            path: options.path,
            gpu: options.gpu,
            threads: options.threads,
            onProgress,
            signal,
          });
          const pace = createPace({ first: model.graphics ? 256 : 16 });
          entry = { path: options.path, model, tried, pace, contextSize: 0, running: 0 };
          entries = [...entries, entry];
        }
        const opened = entry;
        try {
          if (options.use !== "chat") await openUse(opened, "completion", options.contextSize);
          if (options.use !== "completion") await openUse(opened, "chat", options.contextSize);
        } catch (error) {
          if (opened.infill === undefined && opened.generate === undefined) await dispose(opened);
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
        };
      };
      const result = loading.then(run);
      loading = result.catch(() => {});
      return result;
    },

    async unload(path) {
      for (const entry of [...entries]) if (path === undefined || entry.path === path) await dispose(entry);
    },

    infill(path) {
      const entry = find(path);
      const { infill } = entry;
      if (infill === undefined) throw new UserError("NO_MODEL", "The model is not loaded for ghost text.", again);
      const counted = <T>(work: Promise<T>) => {
        entry.running += 1;
        return work.finally(() => {
          entry.running -= 1;
        });
      };
      return {
        infill: (request, signal, onPiece) => counted(infill.infill(request, signal, onPiece)),
        prepare: (request, signal) => counted(infill.prepare(request, signal)),
      };
    },

    generate(path) {
      const entry = find(path);
      const { generate } = entry;
      if (generate === undefined) throw new UserError("NO_MODEL", "The model is not loaded for answers.", again);
      return async function* (request, signal) {
        entry.running += 1;
        try {
          yield* generate(request, signal);
        } finally {
          entry.running -= 1;
        }
      };
    },

    countTokens: (path, text) => find(path).model.tokenize(text).length,
  };
}

function tracksOf(sequences: readonly Sequence[], pace: Pace) {
  return sequences.map((sequence) => createTrack(sequence, pace));
}

function canFillIn(model: LanguageModel): boolean {
  return findTemplate((text) => model.special(text)) !== undefined;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`;
}
