import type { Node } from "web-tree-sitter";
import { lineStart } from "../../definition-around.ts";
import { below, spansLines } from "../nodes.ts";

/** Statements after which nothing behind them is reached. */
export const wayOut = /^(?:return|raise|continue|break)_statement$/;

/** Named children, comments among them. */
export function childrenOf(node: Node): readonly Node[] {
  return node.namedChildren.filter((child) => child !== null);
}

/** The statements of a block, without comments. */
export function statementsOf(block: Node | undefined | null): readonly Node[] {
  return block ? childrenOf(block).filter(({ type }) => type !== "comment") : [];
}

/** The `elif` and `else` parts of a condition. */
export function alternativesOf(node: Node): readonly Node[] {
  return node.childrenForFieldName("alternative").filter((child) => child !== null);
}

/** What is done where a condition holds, or in an `else`. */
export function bodyOf(node: Node): Node | undefined {
  return node.childForFieldName(/^(?:if_statement|elif_clause)$/.test(node.type) ? "consequence" : "body") ?? undefined;
}

/** True where whatever runs a block does not come to its end. */
export function leaves(block: Node | undefined): boolean {
  return wayOut.test(statementsOf(block).at(-1)?.type ?? "");
}

/** A node without the brackets around it. */
export function bare(node: Node): Node {
  const [inner] = node.type === "parenthesized_expression" ? childrenOf(node) : [];
  return inner === undefined ? node : bare(inner);
}

/** The function, lambda or class a node stands in; undefined at the outermost level. */
export function scopeOf(node: Node): Node | undefined {
  for (let at = node.parent; at !== null; at = at.parent) if (/^(?:function_definition|lambda|class_definition)$/.test(at.type)) return at;
  return undefined;
}

/** True where a node stands in a `try` or `with` of its own function: what happens half way can be seen there. */
export function isGuarded(node: Node): boolean {
  for (let at = node.parent; at !== null && at.type !== "function_definition"; at = at.parent)
    if (at.type === "try_statement" || at.type === "with_statement") return true;
  return false;
}

/** The identifiers below a node that are names of variables: no attributes, and no names of arguments. */
export function namesIn(node: Node): readonly Node[] {
  return below(node, "identifier").filter((each) => {
    const { parent } = each;
    if (parent?.type === "attribute") return parent.childForFieldName("attribute")?.id !== each.id;
    return !(parent?.type === "keyword_argument" && parent.childForFieldName("name")?.id === each.id);
  });
}

/** True where a node reads or writes a variable. */
export function mentionsName(node: Node, name: string): boolean {
  return namesIn(node).some((each) => each.text === name);
}

/** The only assignment of a statement to one plain name. */
export function plainAssignment(statement: Node | undefined | null): { readonly name: string; readonly value: Node } | undefined {
  const [assignment] = statement?.type === "expression_statement" && statement.namedChildCount === 1 ? childrenOf(statement) : [];
  if (assignment?.type !== "assignment" || assignment.childForFieldName("type") !== null) return undefined;
  const [left, value] = [assignment.childForFieldName("left"), assignment.childForFieldName("right")];
  return left?.type === "identifier" && value !== null && value.type !== "assignment" ? { name: left.text, value } : undefined;
}

/** The lines of a block at another depth; undefined where a text over several lines would change, or a line is not that deep. */
export function dedented(block: Node, text: string, depth: number, start = lineStart(text, block.startIndex)): string | undefined {
  if (below(block, "string").some(spansLines)) return undefined;
  const from = block.startPosition.column;
  const lines = text.slice(start, block.endIndex).split("\n");
  if (lines.some((line) => line.slice(0, from).trim() !== "")) return undefined;
  return lines.map((line) => line.slice(from - depth)).join("\n");
}

/** The blanks at the begin of the line of a node. */
export function blanksBefore(node: Node, text: string): string {
  const start = lineStart(text, node.startIndex);
  return /^[ \t]*/.exec(text.slice(start, node.startIndex))?.[0] ?? "";
}
