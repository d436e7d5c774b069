import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOutcomes, resultsFolder as resultsOf } from "../results.ts";

/** What came of one target. */
export interface Outcome {
  /** Something was proposed that can be kept, and it is not what was there before. */
  readonly offered: boolean;
  /** The kinds of what speaks against it. */
  readonly doubts: readonly string[];
  /** It is right, as the part judges it. */
  readonly right: boolean;
  readonly generated: number;
  readonly seconds: number;
  /** What was written, to look into misses; it stays on this machine. */
  readonly text: string;
}

/** Outcomes by subject and target; kept on the disk, so that a long measurement can be made in pieces. */
export interface Store {
  of(subject: string): ReadonlyMap<string, Outcome>;
  /** Keeps an outcome, at once. */
  put(subject: string, id: string, outcome: Outcome): void;
}

/** The folder of the results with one model. */
export const resultsFolder = (model: string): string => resultsOf("quality", model);

/** Opens the outcomes of a part, without those that are to be made again. */
export function openStore(model: string, part: string, again: readonly string[]): Store {
  const file = join(resultsFolder(model), `${part}.json`);
  const stored = readOutcomes<Outcome>(file, again);
  const of = (subject: string) => {
    stored[subject] ??= {};
    return stored[subject];
  };
  return {
    of: (subject) => new Map(Object.entries(of(subject))),
    put(subject, id, outcome) {
      of(subject)[id] = outcome;
      writeFileSync(file, JSON.stringify(stored, null, 1));
    },
  };
}
