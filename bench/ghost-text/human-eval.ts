import { existsSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { fileAt } from "./git.ts";
import type { Place } from "./place.ts";
import { createRandom } from "./random.ts";

interface Problem {
  readonly task_id: string;
  readonly entry_point: string;
  readonly prompt: string;
  readonly suffix: string;
  readonly canonical_solution: string;
  readonly test: string;
}

/** The commit whose data is meant: the only one with it. */
const commit = "88062ff9859c875d04db115b698ed4b0f0395170";

function read(folder: string, name: string): readonly Problem[] {
  const clone = join(folder, "human-eval-infilling");
  if (!existsSync(clone)) throw new Error(`${clone} is not there: a clone of openai/human-eval-infilling.`);
  const lines = gunzipSync(fileAt(clone, commit, `data/HumanEval-${name}.jsonl.gz`))
    .toString("utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line));
}

function placeOf(problem: Problem, typed: number, judged: Place["judged"]): Place {
  // An editor has the cursor on a line of its own, so the last line end stays.
  const solution = problem.canonical_solution.replace(/\n$/, "");
  return {
    id: problem.task_id,
    path: "solution.py",
    languageId: "python",
    prefix: problem.prompt + solution.slice(0, typed),
    suffix: `\n${problem.suffix}`,
    wanted: solution.slice(typed),
    judged,
    program: (text) => `${text}\n${problem.test}\ncheck(${problem.entry_point})\n`,
  };
}

function indentationOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** Lines of which the cursor has passed a part by chance, from none of its words to all but the last character. */
export function singleLinePlaces(folder: string, count: number): readonly Place[] {
  const random = createRandom(5);
  return random.some(read(folder, "SingleLineInfilling"), count).map((problem) => {
    const line = problem.canonical_solution.replace(/\n$/, "");
    return placeOf(problem, random.between(indentationOf(line), line.length), "line");
  });
}

/** Several lines, asked for where the editor puts the cursor: behind the indentation of the first of them. */
export function multiLinePlaces(folder: string, count: number): readonly Place[] {
  const problems = read(folder, "MultiLineInfilling").filter(({ canonical_solution }) => canonical_solution.trim().includes("\n"));
  return createRandom(6)
    .some(problems, count)
    .map((problem) => placeOf(problem, indentationOf(problem.canonical_solution.split("\n")[0] ?? ""), "all"));
}
