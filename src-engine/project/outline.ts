import { type Language, type Node, Query } from "web-tree-sitter";
import type { Span } from "#core/project/places";
import { definitionTypes, hasMembers, headOf, nameOf, runs, signatureOf } from "../completion/context/definitions.ts";
import type { Parsers } from "../syntax/parser.ts";

/** Something a file defines. Lines count from 0, the last one included. */
export interface OutlineEntry extends Span {
  /** One line that says what it is. */
  readonly signature: string;
  /** What it is a part of, the outermost first. */
  readonly within: readonly string[];
  /** False for data, which no file is cut at. */
  readonly cuts: boolean;
  /** True for what only its own function or object can name. */
  readonly local: boolean;
}

/** What a file is made of. */
export interface Outline {
  readonly entries: readonly OutlineEntry[];
  /** The text without comments and strings, with its lines where they were. */
  readonly code: string;
  /** Comments and strings alone, with their lines where they were. */
  readonly prose: string;
}

/** Nodes that are written for people, or are text to the program. */
const proseTypes = [
  "block_comment",
  "comment",
  "encapsed_string",
  "heredoc_body",
  "interpreted_string_literal",
  "line_comment",
  "raw_string_literal",
  "string",
  "string_literal",
  "template_string",
  "verbatim_string_literal",
];
const longestSignature = 160;
const mostEntries = 3000;

/** Finds what files define and what is written in them for people. */
export interface Outlines {
  /** Undefined for a language without a grammar. */
  of(languageId: string, text: string, signal?: AbortSignal): Promise<Outline | undefined>;
}

/** Creates {@link Outlines}. */
export function createOutlines(parsers: Parsers): Outlines {
  const queries = new Map<Language, Query>();

  function queryFor(language: Language): Query {
    const known = queries.get(language);
    if (known !== undefined) return known;
    const has = (type: string) => language.idForNodeType(type, true) !== null;
    const definitions = [...definitionTypes].filter(has).map((type) => `(${type}) @definition`);
    const query = new Query(language, [...definitions, ...proseTypes.filter(has).map((type) => `(${type}) @prose`)].join("\n"));
    queries.set(language, query);
    return query;
  }

  return {
    async of(languageId, text, signal) {
      const language = await parsers.languageFor(languageId);
      const tree = language && (await parsers.parse(languageId, text, { ...(signal && { signal }) }));
      if (language === undefined || tree === undefined) return undefined;
      try {
        return read(queryFor(language), tree.rootNode, text);
      } finally {
        tree.delete();
      }
    },
  };
}

function read(query: Query, root: Node, text: string): Outline {
  const entries: OutlineEntry[] = [];
  /** The definitions that the current node lies in, the outermost first. */
  const open: { readonly name: string; readonly end: number; readonly isCode: boolean }[] = [];
  const prose: { readonly from: number; readonly to: number }[] = [];
  for (const { name: kind, node } of query.captures(root)) {
    if (kind === "prose") {
      if (node.startIndex >= (prose.at(-1)?.to ?? 0)) prose.push({ from: node.startIndex, to: node.endIndex });
      continue;
    }
    while (open.length > 0 && node.startIndex >= (open.at(-1)?.end ?? 0)) open.pop();
    const name = nameOf(node) ?? (hasMembers(node) ? node.childForFieldName("type")?.text : undefined);
    if (name === undefined || name.length > 100 || entries.length >= mostEntries) continue;
    const isCode = runs(node);
    const cuts = isCode || hasMembers(node);
    // Variables of a function are nobody else's.
    if (!cuts && open.some((outer) => outer.isCode)) continue;
    const head = headOf(node);
    const within = open.map((outer) => outer.name);
    const [from, to] = [head.startPosition.row, lastRow(node)];
    // A node that two patterns find, a variable and its function, and a struct and its typedef are one thing.
    const before = entries.at(-1);
    if (before !== undefined && before.name === name && before.from === from && before.to === to) continue;
    const local = open.some((outer) => outer.isCode) || node.parent?.type === "object";
    if (cuts) open.push({ name, end: node.endIndex, isCode });
    entries.push({ name, from, to, within, cuts, local, signature: oneLine(signatureOf(node, head, longestSignature, 1).text) });
  }
  return { entries, ...separate(text, prose) };
}

function lastRow(node: Node): number {
  const { row, column } = node.endPosition;
  return column === 0 && row > node.startPosition.row ? row - 1 : row;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, longestSignature);
}

/** Keeps line ends on both sides, so that a line has the same number everywhere. */
function separate(text: string, spans: readonly { readonly from: number; readonly to: number }[]): Pick<Outline, "code" | "prose"> {
  const code: string[] = [];
  const prose: string[] = [];
  let at = 0;
  for (const { from, to } of [...spans, { from: text.length, to: text.length }]) {
    const before = text.slice(at, from);
    const within = text.slice(from, to);
    code.push(before, " ", lineEnds(within));
    prose.push(lineEnds(before), " ", within);
    at = to;
  }
  return { code: code.join(""), prose: prose.join("") };
}

function lineEnds(text: string): string {
  return text.includes("\n") ? text.replace(/[^\n]+/g, "") : "";
}
