import type { EmbedRequest } from "#core/contracts/inference";
import type { Embedder } from "./language-model.ts";
import type { Queue } from "./queue.ts";

/** Gives a vector of length 1 for each text, so that the product of two says how close they are. */
export type Embed = (request: EmbedRequest, signal: AbortSignal | undefined) => Promise<number[][]>;

/** Creates an {@link Embed}; between two texts whoever is more important goes first. */
export function createEmbed(embedder: Embedder, queue: Queue): Embed {
  return async ({ texts, priority }, signal) => {
    const turn = await queue.enter(priority, signal);
    try {
      const vectors: number[][] = [];
      for (const text of texts) {
        await turn.pause();
        vectors.push(ofLengthOne(await embedder.embed(text)));
      }
      return vectors;
    } finally {
      turn.leave();
    }
  };
}

function ofLengthOne(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((number) => number / length) : [...vector];
}
