import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { fileAt } from "../ghost-text/git.ts";
import { createRandom } from "../ghost-text/random.ts";
import { endsWell } from "../ghost-text/run-program.ts";
import { quixBugs } from "./quix-bugs.ts";

/** A function that works, in its file, with tests that say so. */
export interface TestedFunction {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** True when a file in the place of this one passes the function's own tests. */
  passes(text: string): Promise<boolean>;
  /** The same function with a mistake in it, where there is one that is known. */
  readonly wrong?: string;
}

/** The commit of openai/human-eval-infilling whose data is meant. */
const commit = "88062ff9859c875d04db115b698ed4b0f0395170";

interface Problem {
  readonly task_id: string;
  readonly entry_point: string;
  readonly prompt: string;
  readonly suffix: string;
  readonly canonical_solution: string;
  readonly test: string;
}

/** The corrected programs of QuixBugs, and functions of HumanEval by chance, until there are `count`. */
export function testedFunctions(folder: string, count = 60): readonly TestedFunction[] {
  const programs = quixBugs(folder).map(
    ({ name, right, wrong, passes }): TestedFunction => ({ id: name, name, path: `${name}.py`, text: right, wrong, passes }),
  );
  return [...programs, ...createRandom(7).some(humanEval(folder), count - programs.length)].slice(0, count);
}

function humanEval(folder: string): readonly TestedFunction[] {
  const lines = gunzipSync(fileAt(join(folder, "human-eval-infilling"), commit, "data/HumanEval-SingleLineInfilling.jsonl.gz"))
    .toString("utf8")
    .trim()
    .split("\n");
  const byFunction = new Map<string, TestedFunction>();
  for (const line of lines) {
    const { task_id, entry_point: name, prompt, suffix, canonical_solution, test } = JSON.parse(line) as Problem;
    const id = task_id.split("/").slice(0, -1).join("/");
    const text = `${(prompt + canonical_solution + suffix).trim()}\n`;
    // Shorter ones leave nothing to improve.
    if (byFunction.has(id) || bodyLines(text) < 6) continue;
    const passes = (file: string) => endsWell(`${file}\n${test}\ncheck(${name})\n`);
    byFunction.set(id, { id, name, path: `${name}.py`, text, passes });
  }
  return [...byFunction.values()];
}

function bodyLines(text: string): number {
  return text
    .replace(/"""[\s\S]*?"""/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "").length;
}
