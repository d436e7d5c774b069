import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { Suspect } from "#core/contracts/assist";
import type { ProjectSymbol } from "#core/contracts/project";
import type { Project } from "../project/project.ts";

/** Lines of a test that are looked through, from the one that failed upwards. */
const mostLines = 30;
const mostNames = 8;

/** A line with which a test begins. */
const begins = /^\s*(?:(?:async\s+)?(?:def|func|fn|fun|function)\s|(?:it|test)\b)/;
const called = /([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:<[^<>()]*>)?\(/gu;

/**
 * What a test calls that failed without an error in the code it tests: an assertion that does not hold names the test alone. The call
 * nearest to the failed line is meant whose file the test imports, the last where it imports several with such a name; else the nearest
 * that only one file of the language defines.
 */
export async function calledByTest(
  { path, line }: Pick<Suspect, "path" | "line">,
  workspace: string,
  { symbols }: Pick<Project, "symbols">,
  isTest: (path: string) => boolean,
): Promise<Pick<Suspect, "path" | "line" | "symbol"> | undefined> {
  const test = await readFile(path, "utf8").catch(() => "");
  const all = test.split(/\r\n|\r|\n/);
  const names = new Set<string>();
  for (let at = line - 1; at >= 0 && at > line - 1 - mostLines && names.size < mostNames; at -= 1) {
    if (begins.test(all[at] ?? "")) break;
    for (const [, name = ""] of (all[at] ?? "").matchAll(called)) names.add(name);
  }
  let other: ProjectSymbol | undefined;
  for (const name of names) {
    // That the index cannot be asked is no reason to say nothing of the trace.
    const found = (await symbols({ workspace, query: name }).catch(() => [])).filter(
      (one) => one.name === name && !isTest(one.file) && kindOf(one.file) === kindOf(path),
    );
    const [best] = found.toSorted((one, another) => surely(test, another.path) - surely(test, one.path));
    if (best && surely(test, best.path) > 0) return suspect(best);
    if (found.length === 1) other ??= best;
  }
  return other && suspect(other);
}

function suspect({ file, from, name }: ProjectSymbol): Pick<Suspect, "path" | "line" | "symbol"> {
  return { path: file, line: from, symbol: name };
}

/** What may call each other: files of one ending, and all of JavaScript and TypeScript. */
function kindOf(path: string): string {
  const ending = extname(path);
  return /^\.[cm]?[jt]sx?$/.test(ending) ? ".js" : ending;
}

/** How surely a test means a file: by how much of its path an import names, as a path or with dots, and of those alike the last. */
function surely(test: string, path: string): number {
  const imports = test.replace(/^(?!.*\b(?:import|from|require|use|include)\b).*$/gm, "");
  const parts = path.replace(/\.\w+$/, "").split("/");
  for (let from = 0; from < parts.length; from += 1) {
    const rest = parts.slice(from).map((part) => part.replace(/\W/g, "\\$&"));
    // Whole names only: correct_programs.gcd is not programs.gcd.
    const at = Array.from(imports.matchAll(new RegExp(`(?<![\\w-])${rest.join("[./]")}(?![\\w-])`, "g"))).at(-1)?.index;
    if (at !== undefined) return rest.length + at / (imports.length + 1);
  }
  return 0;
}
