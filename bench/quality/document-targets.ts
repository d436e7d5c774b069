import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withDocumentation } from "#core/assist/documentation";
import { describeError } from "#core/base/errors";
import { createParsers } from "#engine/syntax/parser";
import { fileAt } from "../ghost-text/git.ts";
import { createRandom } from "../ghost-text/random.ts";
import { onePress, outcome, plainOutcome, replaced, type Target } from "./targets.ts";

interface Repository {
  readonly name: string;
  readonly commit: string;
  readonly languageId: string;
}

/** How functions begin that others can call, by language; in Rust most of them stand in an `impl`. */
const declarations: Readonly<Record<string, RegExp>> = {
  python: /^def ([a-z]\w+)\(/gm,
  typescript: /^export function (\w+)/gm,
  javascript: /^function (\w+)/gm,
  go: /^func ([A-Z]\w+)\(/gm,
  rust: /^ *pub fn (\w+)/gm,
};
const extensions: Readonly<Record<string, string>> = { python: "py", typescript: "ts", javascript: "js", go: "go", rust: "rs" };
const perLanguage = 12;

const parsers = createParsers();

/** Functions of the public repositories of the ghost-text benchmark, as many of each language. */
export function documentTargets(cases: string): readonly Target[] {
  const all = JSON.parse(readFileSync(new URL("../cases/repositories.json", import.meta.url), "utf8")) as readonly Repository[];
  const random = createRandom(11);
  return Object.keys(declarations).flatMap((languageId) => {
    const places = all.filter((repository) => repository.languageId === languageId).flatMap((repository) => placesIn(cases, repository));
    // Overloads and methods of the same name are one target: its first.
    const byId = new Map(places.toReversed().map((place) => [place.id, place]));
    return random.some([...byId.values()].toReversed(), perLanguage).map((place) => target(place));
  });
}

interface Place {
  readonly id: string;
  readonly languageId: string;
  readonly text: string;
  readonly name: string;
  readonly line: string;
}

function placesIn(cases: string, { name, commit, languageId }: Repository): readonly Place[] {
  const clone = join(cases, name.split("/")[1] ?? "");
  const paths = execFileSync("git", ["-C", clone, "ls-tree", "-r", "--name-only", commit], { encoding: "utf8" })
    .trim()
    .split("\n")
    .filter((path) => path.endsWith(`.${extensions[languageId]}`) && !/(?:^|\/)(?:tests?|docs|examples)\/|[._]test\.|_test\./.test(path));
  return paths.flatMap((path) => {
    const text = fileAt(clone, commit, path).toString("utf8");
    return Array.from(text.matchAll(declarations[languageId] as RegExp), ([line, declared = ""]) => ({
      id: `${name}:${path}:${declared}`,
      languageId,
      text,
      name: declared,
      line,
    }));
  });
}

function target({ id, languageId, text, line, name }: Place): Target {
  const path = `/bench/${id.split(":")[1]}`;
  return {
    id,
    async ours(ours) {
      const offset = text.indexOf(line);
      const found = await ours.assist.definitionAround({ languageId, text, offset });
      const declaration = found ?? (await onePress(ours, text, name, languageId));
      const selection = withDocumentation(text, declaration, languageId);
      const answer = await ours.run({ action: "document", path, languageId, text, selection }).catch((error: unknown) => {
        if (describeError(error).code === "SELECTION_TOO_LONG") return undefined;
        throw error;
      });
      if (answer === undefined) return { offered: false, doubts: ["too long"], right: false, generated: 0, seconds: 0, text: "" };
      const after = replaced(text, selection, answer.text);
      return outcome(answer, after !== text, await sameCode(languageId, text, after));
    },
    async plain(plain) {
      const start = text.indexOf(line);
      const code = text.slice(start, endOfFunction(text, start));
      const answer = await plain.ask("document", code, languageId);
      return plainOutcome(answer, answer.code.trim() !== code.trim(), await sameCode(languageId, code, answer.code));
    },
  };
}

function endOfFunction(text: string, start: number): number {
  const next = text.slice(start + 1).search(/\n(?=[^\s})#])/);
  return next < 0 ? text.length : start + 1 + next;
}

/** True when two texts have the same syntax tree apart from comments and documentation strings. */
async function sameCode(languageId: string, before: string, after: string): Promise<boolean> {
  return (await outlineOf(languageId, before)) === (await outlineOf(languageId, after));
}

async function outlineOf(languageId: string, text: string): Promise<string> {
  const tree = await parsers.parse(languageId, text);
  if (tree === undefined) return text;
  const leaves: string[] = [];
  type Node = (typeof tree)["rootNode"];
  const visit = (node: Node) => {
    if (/comment/.test(node.type)) return;
    // A text that stands alone is documentation.
    if (node.type === "expression_statement" && node.namedChildCount === 1 && node.namedChild(0)?.type === "string") return;
    if (node.childCount === 0) leaves.push(`${node.type} ${node.text}`);
    else {
      leaves.push(`(${node.type}`);
      for (const child of node.children) if (child !== null) visit(child);
      leaves.push(")");
    }
  };
  visit(tree.rootNode);
  tree.delete();
  return leaves.join("\n");
}
