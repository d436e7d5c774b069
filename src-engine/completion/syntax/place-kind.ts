import type { Node, Tree } from "web-tree-sitter";
import { balanceOf } from "#core/completion/brackets";

/** What a cursor stands in. */
export type PlaceKind = "code" | "comment" | "string";

const insertedCode = /interpolation|substitution|template_type|embedded_expression/;
const comment = /comment/;
const string = /string|template_literal|heredoc|char_literal|character_literal|regex|raw_text/;

/** Tells what the cursor stands in, at an index of the tree's text. */
export function kindAt(tree: Tree, text: string, at: number): PlaceKind {
  if (at === 0) return "code";
  for (let node: Node | null = tree.rootNode.descendantForIndex(at - 1, at - 1); node?.parent; node = node.parent) {
    const isInside = node.startIndex < at && node.endIndex > at;
    if (isInside && insertedCode.test(node.type)) return "code";
    if (comment.test(node.type) && (isInside || goesOn(text, node, at))) return "comment";
    if (string.test(node.type) && isInside) return "string";
    if (node.isError) break;
  }
  // A string that is just being written has no end yet, and is no string for the tree.
  const left = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return balanceOf(left).quote === undefined ? "code" : "string";
}

/** A comment to the end of the line has no end of its own: behind its last character one is still in it. */
function goesOn(text: string, node: Node, at: number): boolean {
  return node.endIndex === at && !text.slice(node.startIndex, at).endsWith("*/");
}
