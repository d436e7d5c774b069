import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./judge.ts";

/** Outcomes by subject and place; kept on the disk, so that a long measurement can be made in pieces. */
export interface Store {
  of(subject: string): ReadonlyMap<string, Outcome>;
  put(subject: string, id: string, outcome: Outcome): void;
  save(): void;
}

/** The folder of the results with one model. */
export function resultsFolder(model: string): string {
  const folder = join(fileURLToPath(new URL("../../out/bench/ghost-text", import.meta.url)), basename(model, ".gguf"));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Opens the outcomes of a part, without those that are to be made again. */
export function openStore(model: string, part: string, again: readonly string[]): Store {
  const file = join(resultsFolder(model), `${part}.json`);
  let stored: Record<string, Record<string, Outcome>> = {};
  try {
    stored = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // The first run.
  }
  const all = new Map(
    Object.entries(stored)
      .filter(([subject]) => !again.includes(subject))
      .map(([subject, outcomes]) => [subject, new Map(Object.entries(outcomes))]),
  );
  const of = (subject: string) => {
    const outcomes = all.get(subject) ?? new Map<string, Outcome>();
    all.set(subject, outcomes);
    return outcomes;
  };
  return {
    of,
    put: (subject, id, outcome) => of(subject).set(id, outcome),
    save() {
      const plain = Object.fromEntries([...all].map(([subject, outcomes]) => [subject, Object.fromEntries(outcomes)]));
      writeFileSync(file, JSON.stringify(plain, null, 1));
    },
  };
}
