// Chooses the positions in cases.json by rules alone: `node bench/retrieval/choose.ts CASES_FOLDER [NAME ...] > bench/retrieval/cases.json`.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { codeLanguageOf } from "#core/context/languages";
import { fileKindOf } from "#core/project/files";
import { createOutlines } from "#engine/project/outline";
import { createParsers } from "#engine/syntax/parser";
import { fileAt } from "../ghost-text/git.ts";
import { codeChangedBy, documentationAt, subjectQuestion } from "./questions.ts";

const repositories = ["click", "itsdangerous", "ky", "ufo", "commander.js", "cobra", "hexyl", "cJSON"];
/** Of each kind, from each repository. */
const most = 15;
/** Subjects of changes that are about no place in the code. */
const elsewhere =
  /\b(bump|release|version|changelog|typos?|lint(er|ing)?|prettier|format(ting)?|ci|workflows?|deps|dependenc(y|ies)|merge|readme|docs?|documentation|docstrings?|tests?|testing|revert|copyright|licen[cs]e|rename|pyupgrade|mypy|flake8|pre-commit|ruff|black|eslint|clippy|python \d|node \d|go \d|travis|appveyor|cmake|makefile)\b/i;

const folder = process.argv[2] ?? "";
const outlines = createOutlines(createParsers());
const git = (clone: string, ...args: string[]) =>
  execFileSync("git", ["-C", clone, ...args], { encoding: "utf8", maxBuffer: 2 ** 28 }).trim();

function spread<T>(all: readonly T[]): T[] {
  return all.length <= most ? [...all] : Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)] as T);
}

const words = (text: string) => text.split(/\s+/).filter((word) => /\w/.test(word)).length;

async function documentedOf(clone: string, commit: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of git(clone, "ls-tree", "-r", "--name-only", commit).split("\n")) {
    if (fileKindOf(path) !== "code" || path.endsWith(".d.ts") || /(^|\/)(docs?|scripts?|tools?|\.github)\//.test(path)) continue;
    const text = fileAt(clone, commit, path).toString("utf8").replaceAll("\r\n", "\n");
    const lines = text.split("\n");
    const outline = await outlines.of(codeLanguageOf(path) ?? "", text);
    for (const { from, name, cuts } of outline?.entries ?? []) {
      const written = cuts && !name.startsWith("_") ? documentationAt(path, lines, from) : undefined;
      const length = words(written?.sentence ?? "");
      if (length >= 6 && length <= 40 && !/copyright|licen[cs]e|@|eslint|deprecated/i.test(written?.sentence ?? ""))
        found.push(`${path}:${from + 1}`);
    }
  }
  return found;
}

const cases = [];
const named = process.argv.slice(3);
for (const repository of named.length > 0 ? named : repositories) {
  const clone = join(folder, repository);
  const commit = git(clone, "rev-parse", "HEAD");
  const commits: string[] = [];
  for (const row of git(clone, "log", "--no-merges", "--format=%H %s").split("\n")) {
    const subject = row.slice(41);
    const length = words(subjectQuestion(subject));
    if (length < 4 || length > 16 || elsewhere.test(subject) || commits.length >= 150) continue;
    const changed = codeChangedBy(clone, row.slice(0, 40));
    if (changed.length >= 1 && changed.length <= 3) commits.push(row.slice(0, 40));
  }
  cases.push({ name: repository, commit, documented: spread(await documentedOf(clone, commit)), commits: spread(commits) });
}
console.log(JSON.stringify(cases, null, 1));
