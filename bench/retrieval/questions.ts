import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileKindOf } from "#core/project/files";
import { fileAt } from "../ghost-text/git.ts";

/** A public repository with the places that questions are made from. Holds no text of others. */
interface Cases {
  readonly name: string;
  readonly commit: string;
  /** `path:line` of definitions, from 1: the first sentence of what stands written about them is the question. */
  readonly documented: readonly string[];
  /** Commits: the subject is the question, asked of the commit before. */
  readonly commits: readonly string[];
}

/** A question and the files that are right for it. */
export interface RetrievalQuestion {
  readonly id: string;
  readonly text: string;
  readonly right: readonly string[];
  /** Lines of the right place, from 1, where it is one. */
  readonly line?: number;
}

/** Questions that are asked of one state of a repository. `without` are lines that would give the answer away. */
export interface QuestionSet {
  readonly repository: string;
  readonly clone: string;
  readonly commit: string;
  readonly without: ReadonlyMap<string, readonly { readonly from: number; readonly to: number }[]>;
  readonly questions: readonly RetrievalQuestion[];
}

/** Reads the stored positions. */
export function readCases(): readonly Cases[] {
  return JSON.parse(readFileSync(new URL("./cases.json", import.meta.url), "utf8"));
}

/** What was written about a definition: the lines it stands in and its first sentence. */
export interface Documentation {
  readonly from: number;
  readonly to: number;
  readonly sentence: string;
}

/** The documentation of the definition that begins at a line (from 0), above it or, in Python, below its head. */
export function documentationAt(path: string, lines: readonly string[], line: number): Documentation | undefined {
  return path.endsWith(".py") ? docstringAt(lines, line) : commentAbove(lines, line);
}

function commentAbove(lines: readonly string[], line: number): Documentation | undefined {
  let from = line;
  while (from > 0 && /^\s*(?:\/\/|\/\*|\*)/.test(lines[from - 1] ?? "")) from -= 1;
  if (from === line) return undefined;
  const text = lines.slice(from, line).map((one) => one.replace(/^\s*(?:\/\/[/!]?|\/\*\*?|\*\/|\*)/, "").replace(/\*\/\s*$/, ""));
  return { from, to: line - 1, sentence: firstSentence(text) };
}

function docstringAt(lines: readonly string[], line: number): Documentation | undefined {
  for (let from = line; from < Math.min(lines.length, line + 25); from += 1) {
    const open = /^\s*[rR]?("""|''')(.*)$/.exec(lines[from] ?? "");
    if (open === null) {
      if (from > line && /^\s*(?:def|class|return|if|for|self)\b/.test(lines[from] ?? "")) return undefined;
      continue;
    }
    const [, quote = "", rest = ""] = open;
    if (rest.includes(quote)) return { from, to: from, sentence: firstSentence([rest.slice(0, rest.indexOf(quote))]) };
    let to = from + 1;
    while (to < lines.length && !(lines[to] ?? "").includes(quote)) to += 1;
    return { from, to, sentence: firstSentence([rest, ...lines.slice(from + 1, to)]) };
  }
  return undefined;
}

function firstSentence(lines: readonly string[]): string {
  const start = lines.findIndex((line) => line.trim() !== "");
  const paragraph: string[] = [];
  for (const line of lines.slice(Math.max(0, start))) {
    if (line.trim() === "" || /^\s*(?:@|:param|```)/.test(line)) break;
    paragraph.push(line.trim());
  }
  const text = paragraph.join(" ").replace(/\s+/g, " ").trim();
  return (/^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text).trim();
}

/** A name that is asked for is not given away. */
export function withoutName(sentence: string, name: string): string {
  return sentence.replace(new RegExp(`(?<![\\w$])${name.replace(/[$]/g, "\\$")}(?:\\(\\))?(?![\\w$])`, "g"), "it");
}

/** The question that a subject makes: without number and kind of the change. */
export function subjectQuestion(subject: string): string {
  return subject
    .replace(/\s*\(#\d+\)\s*$/, "")
    .replace(/^(?:fix|feat|refactor|perf|style|chore)(?:\(([^)]*)\))?!?:\s*/i, (_, scope = "") => (scope === "" ? "" : `${scope}: `))
    .trim();
}

/** The files of a commit that are code and were there before. */
export function codeChangedBy(clone: string, commit: string): string[] {
  const rows = execFileSync("git", ["-C", clone, "diff-tree", "-r", "--no-commit-id", "--name-status", "-M", commit], { encoding: "utf8" });
  return rows
    .split("\n")
    .filter((row) => row.startsWith("M\t"))
    .map((row) => row.slice(2))
    .filter((path) => fileKindOf(path) === "code" && !/(^|\/)(docs?|scripts?|tools?|\.github)\//.test(path));
}

/** The questions of a repository, in sets that are asked of the same state of it. */
export function* questionSets(clone: string, { name, commit, documented, commits }: Cases): Generator<QuestionSet> {
  const without = new Map<string, { from: number; to: number }[]>();
  const questions = documented.map((place): RetrievalQuestion => {
    const [path = "", line = ""] = place.split(":");
    const lines = fileAt(clone, commit, path)
      .toString("utf8")
      .split(/\r\n|\n/);
    const found = documentationAt(path, lines, Number(line) - 1);
    if (found === undefined) throw new Error(`Nothing is written about ${place} in ${name}.`);
    without.set(path, [...(without.get(path) ?? []), found]);
    const own = /(?:def|class|func|function|fn|struct|enum|interface|type|const|let|var)\s+(?:\([^)]*\)\s*)?([\w$]+)|([\w$]+)\s*\(/.exec(
      lines[Number(line) - 1] ?? "",
    );
    return { id: `${name}/${place}`, text: withoutName(found.sentence, own?.[1] ?? own?.[2] ?? "\0"), right: [path], line: Number(line) };
  });
  yield { repository: name, clone, commit, without, questions };
  for (const one of commits) {
    const subject = execFileSync("git", ["-C", clone, "log", "-1", "--format=%s", one], { encoding: "utf8" }).trim();
    yield {
      repository: name,
      clone,
      commit: `${one}^`,
      without: new Map(),
      questions: [{ id: `${name}/${one.slice(0, 10)}`, text: subjectQuestion(subject), right: codeChangedBy(clone, one) }],
    };
  }
}
