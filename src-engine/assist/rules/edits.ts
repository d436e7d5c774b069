import type { Node } from "web-tree-sitter";
import type { Parsers } from "../../syntax/parser.ts";

/** Another text for a part of a code, in UTF-16 units. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One thing that can be written otherwise: all edits that it takes, none of which lies in another; undefined where it is not there. */
export type Rule = (root: Node, text: string) => readonly Edit[] | undefined;

/** Each change leaves less to do, so there is an end; what needs more was written by a program. */
const mostSteps = 40;

/** The code after all that rules find in it, one thing after the other; as it was where they find nothing. */
export async function applyRules(
  parsers: Pick<Parsers, "parse">,
  languageId: string,
  code: string,
  rules: readonly Rule[],
  signal?: AbortSignal,
): Promise<string> {
  let text = code;
  for (let step = 0; step < mostSteps; step += 1) {
    const edits = await findEdits(parsers, languageId, text, rules, signal);
    if (edits === undefined) break;
    text = withEdits(text, edits);
  }
  return text;
}

/** The text with other parts in it. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((made, { start, end, text: part }) => made.slice(0, start) + part + made.slice(end), text);
}

async function findEdits(
  parsers: Pick<Parsers, "parse">,
  languageId: string,
  text: string,
  rules: readonly Rule[],
  signal?: AbortSignal,
): Promise<readonly Edit[] | undefined> {
  const tree = await parsers.parse(languageId, text, { signal });
  if (tree === undefined) return undefined;
  try {
    if (tree.rootNode.hasError) return undefined;
    for (const rule of rules) {
      const edits = rule(tree.rootNode, text);
      if (edits !== undefined && withEdits(text, edits) !== text) return edits;
    }
    return undefined;
  } finally {
    tree.delete();
  }
}
