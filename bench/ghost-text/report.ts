import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Figure, printFigures } from "../figures.ts";
import { resultsFolder } from "./store.ts";

/** Prints the figures of a part and keeps them with those of the other parts, in `figures.json`. */
export function report(model: string, part: string, conditions: string, figures: readonly Figure[]): void {
  printFigures(`${part}: ${basename(model)}, ${conditions}`, figures);
  const file = join(resultsFolder(model), "figures.json");
  let all: Record<string, unknown> = {};
  try {
    all = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // The first part.
  }
  writeFileSync(file, JSON.stringify({ ...all, [part]: { at: new Date().toISOString(), conditions, figures } }, null, 1));
}
