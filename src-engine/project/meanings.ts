import { stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { describeError } from "#core/base/errors";
import type { Inference, ModelReference } from "../inference/host.ts";
import type { Scope } from "./project-index.ts";
import type { IndexThread } from "./thread.ts";
import type { Meaning } from "./vectors.ts";

/** What texts of a project mean, as vectors of an embedding model; without one there is nothing of this, and nothing is missing. */
export interface Meanings {
  /** What a question means; undefined where no model is there, or it does not answer in time. */
  of(question: string): Promise<Meaning | undefined>;
  /** Begins to give vectors to places that have none, behind all other work; a second call while it runs does nothing. */
  follow(scope: Scope): void;
  dispose(): void;
}

/** What {@link createMeanings} needs. */
export interface MeaningsOptions {
  readonly thread: Pick<IndexThread, "withoutVectors" | "keepVectors">;
  readonly inference: Pick<Inference, "embed" | "preload" | "inMemory">;
  /** The embedding model; rejects where there is none. */
  model(): Promise<ModelReference>;
}

/** Places whose vectors are made in one go: between two of them whoever is more important goes first. */
const batch = 8;
/** Milliseconds that a question waits for its vector: the words alone answer well. */
const longestWait = 1500;
/** Milliseconds for which it is believed that there is no model. */
const noneHolds = 60_000;
/** Milliseconds until it is looked again whether files are read. */
const untilRead = 2000;

/** Creates {@link Meanings}. */
export function createMeanings({ thread, inference, model }: MeaningsOptions): Meanings {
  const ending = new AbortController();
  const { signal } = ending;
  const running = new Set<string>();
  let none = Number.NEGATIVE_INFINITY;

  /** The model, in memory: only where there is room for it beside those that are there. */
  async function ready(): Promise<ModelReference | undefined> {
    if (performance.now() - none < noneHolds) return undefined;
    const found = await model().catch(() => undefined);
    if (found === undefined || found.served || found.echo) {
      none = performance.now();
      return undefined;
    }
    if (!inference.inMemory().has(found.path)) await inference.preload(found, "embedding");
    return inference.inMemory().has(found.path) ? found : undefined;
  }

  /** Another file in the place of the model gives other vectors. */
  async function keyOf({ path }: ModelReference): Promise<string> {
    const { size, mtimeMs } = await stat(path);
    return `${path} ${size} ${mtimeMs}`;
  }

  async function vectorsOf(found: ModelReference, texts: readonly string[]): Promise<readonly (readonly number[])[]> {
    try {
      return await inference.embed(found, { texts: [...texts], priority: "background" }, signal);
    } catch (error) {
      if (describeError(error).code !== "TOO_LARGE") throw error;
      // One alone is too long for the model and gets none.
      if (texts.length === 1) return [[]];
      const each = [];
      for (const text of texts) each.push(...(await vectorsOf(found, [text])));
      return each;
    }
  }

  async function work(scope: Scope): Promise<void> {
    while (!signal.aborted) {
      const found = await ready();
      if (found === undefined) return;
      const key = await keyOf(found);
      const { places, reading } = await thread.withoutVectors(scope, key, batch);
      if (reading) await pause(untilRead, undefined, { signal, ref: false });
      else if (places.length === 0) return;
      else {
        const vectors = await vectorsOf(
          found,
          places.map(({ text }) => text),
        );
        await thread.keepVectors(
          scope,
          key,
          places.map(({ text: _, ...place }, index) => ({ ...place, vector: [...(vectors[index] ?? [])] })),
        );
      }
    }
  }

  return {
    async of(question) {
      const asked = async (): Promise<Meaning | undefined> => {
        const found = await ready();
        if (found === undefined) return undefined;
        const [vector = []] = await inference.embed(found, { texts: [question], priority: "chat" }, signal);
        return { model: await keyOf(found), vector };
      };
      const late = pause(longestWait, undefined, { ref: false });
      return Promise.race([asked().catch(() => undefined), late]);
    },
    follow(scope) {
      if (running.has(scope.workspace) || signal.aborted) return;
      running.add(scope.workspace);
      void work(scope)
        .catch(() => {
          // The next question begins again where this ended.
        })
        .finally(() => running.delete(scope.workspace));
    },
    dispose: () => ending.abort(),
  };
}
