import type { Node } from "web-tree-sitter";
import type { Parsers } from "../syntax/parser.ts";
import { lineStart, outermostDefinition } from "./definition-around.ts";

/** A part of a document that is rewritten by itself: whole lines, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** More parts than these take longer than anybody waits for one key. */
const mostSpans = 12;

/**
 * Cuts a selection that is too large for one answer into the definitions in it, each small enough by itself: whole functions and
 * classes, or the methods of a class that is too large. Empty where there is nothing to cut it by.
 */
export async function cutSpans(
  parsers: Pick<Parsers, "parse">,
  languageId: string,
  text: string,
  selection: Span,
  fits: (part: string) => boolean,
  signal?: AbortSignal,
): Promise<readonly Span[]> {
  const tree = await parsers.parse(languageId, text, { signal });
  if (tree === undefined) return [];
  const found: Span[] = [];
  const visit = (node: Node) => {
    if (node.endIndex <= selection.start || node.startIndex >= selection.end) return;
    const span = outermostDefinition(node) && wholeLines(text, node);
    if (span && span.start >= selection.start && span.end <= selection.end && fits(text.slice(span.start, span.end))) {
      found.push(span);
      return;
    }
    for (const child of node.namedChildren) if (child !== null) visit(child);
  };
  try {
    visit(tree.rootNode);
    return found.length > mostSpans ? [] : found;
  } finally {
    tree.delete();
  }
}

function wholeLines(text: string, node: Node): Span {
  const end = text.slice(node.endIndex).search(/\r|\n/);
  return { start: lineStart(text, node.startIndex), end: end < 0 ? text.length : node.endIndex + end };
}
