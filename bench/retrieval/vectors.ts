import { basename } from "node:path";
import type { ProjectIndex, Scope } from "#engine/project/project-index";
import type { Meaning } from "#engine/project/vectors";
import { openInference } from "../model.ts";

/** Vectors of places and questions by an embedding model; the same text is read once, in whatever commit it stands. */
export interface Vectors {
  /** Gives every place of an index its vector. */
  fill(index: Pick<ProjectIndex, "withoutVectors" | "keepVectors">, scope: Scope): Promise<void>;
  of(question: string): Promise<Meaning>;
  dispose(): Promise<void>;
}

const batch = 16;

/** Opens the embedding model of a file. */
export function openVectors(path: string): Vectors {
  const { inference } = openInference(512);
  const model = { id: "embedding", name: basename(path), path };
  const known = new Map<string, readonly number[]>();

  async function vectorOf(text: string): Promise<readonly number[]> {
    const before = known.get(text);
    if (before !== undefined) return before;
    // What is too long for the model gets none, as in the program.
    const [vector = []] = await inference.embed(model, { texts: [text], priority: "chat" }).catch(() => [[]]);
    known.set(text, vector);
    return vector;
  }

  return {
    async fill(index, scope) {
      while (true) {
        const { places } = await index.withoutVectors(scope, path, batch);
        if (places.length === 0) return;
        const vectors = [];
        for (const { text, ...place } of places) vectors.push({ ...place, vector: await vectorOf(text) });
        await index.keepVectors(scope, path, vectors);
      }
    },
    async of(question) {
      return { model: path, vector: await vectorOf(question) };
    },
    dispose: () => inference.dispose(),
  };
}
