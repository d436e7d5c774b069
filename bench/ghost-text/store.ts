import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOutcomes, resultsFolder as resultsOf } from "../results.ts";
import type { Outcome } from "./judge.ts";

/** Outcomes by subject and place; kept on the disk, so that a long measurement can be made in pieces. */
export interface Store {
  of(subject: string): ReadonlyMap<string, Outcome>;
  put(subject: string, id: string, outcome: Outcome): void;
  save(): void;
}

/** The folder of the results with one model. */
export const resultsFolder = (model: string): string => resultsOf("ghost-text", model);

/** Opens the outcomes of a part, without those that are to be made again. */
export function openStore(model: string, part: string, again: readonly string[]): Store {
  const file = join(resultsFolder(model), `${part}.json`);
  const stored = readOutcomes<Outcome>(file, again);
  const all = new Map(Object.entries(stored).map(([subject, outcomes]) => [subject, new Map(Object.entries(outcomes))] as const));
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
