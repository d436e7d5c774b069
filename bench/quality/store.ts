import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
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

/** What is kept of an {@link Outcome}: no code, and the commit it was measured at. */
export type KeptOutcome = Omit<Outcome, "text"> & { readonly commit: string };

/** Outcomes by subject and target; kept on the disk, so that a long measurement can be made in pieces. */
export interface Store {
  of(subject: string): ReadonlyMap<string, KeptOutcome>;
  /** Keeps an outcome, at once. */
  put(subject: string, id: string, outcome: Outcome): void;
}

/** The folder of the results with one model. */
export const resultsFolder = (model: string): string => resultsOf("quality", model);

/** Opens the outcomes of a part, without those that are to be made again. They come with the sources: a measurement takes hours. */
export function openStore(model: string, part: string, again: readonly string[]): Store {
  const folder = join(fileURLToPath(new URL("outcomes", import.meta.url)), basename(model, ".gguf"));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${part}.json`);
  const stored = readOutcomes<KeptOutcome>(file, again);
  const textFile = join(resultsFolder(model), `${part}-texts.json`);
  const texts = readOutcomes<string>(textFile, again);
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  const of = (subject: string) => {
    stored[subject] ??= {};
    return stored[subject];
  };
  return {
    of: (subject) => new Map(Object.entries(of(subject))),
    put(subject, id, { text, ...outcome }) {
      of(subject)[id] = { ...outcome, commit };
      writeFileSync(file, `${oneLineEach(stored)}\n`);
      texts[subject] = { ...texts[subject], [id]: text };
      writeFileSync(textFile, JSON.stringify(texts, null, 1));
    },
  };
}

/** JSON with an outcome a line, in an order that does not depend on when it was measured: a difference is one that can be read. */
function oneLineEach(stored: Readonly<Record<string, Readonly<Record<string, KeptOutcome>>>>): string {
  const subjects = Object.entries(stored).map(([subject, outcomes]) => {
    const lines = Object.entries(outcomes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, outcome]) => `  ${JSON.stringify(id)}: ${JSON.stringify(outcome)}`);
    return ` ${JSON.stringify(subject)}: {\n${lines.join(",\n")}\n }`;
  });
  return `{\n${subjects.join(",\n")}\n}`;
}
