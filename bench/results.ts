import { mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the results of a benchmark with one model. */
export function resultsFolder(benchmark: string, model: string): string {
  const folder = join(fileURLToPath(new URL(`../out/bench/${benchmark}`, import.meta.url)), basename(model, ".gguf"));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The outcomes kept in a file, by subject and id, without the subjects that are to be made again; none in the first run. */
export function readOutcomes<Outcome>(file: string, again: readonly string[]): Record<string, Record<string, Outcome>> {
  try {
    const stored = Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, Outcome>>);
    return Object.fromEntries(stored.filter(([subject]) => !again.includes(subject)));
  } catch {
    return {};
  }
}
