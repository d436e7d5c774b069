import type { Node } from "web-tree-sitter";
import { lineStart } from "../../definition-around.ts";
import { below, spansLines } from "../nodes.ts";

/** Statements after which nothing behind them is reached. */
const wayOut = /^(?:return|throw|continue|break)_statement$/;

/** Named children without comments. */
export function partsOf(node: Node | undefined | null): readonly Node[] {
  return node ? (node.namedChildren.filter((child) => child !== null && child.type !== "comment") as Node[]) : [];
}

/** What is done in a branch: the statements of its block, or the only one. */
export function statementsIn(branch: Node | undefined | null): readonly Node[] {
  if (!branch) return [];
  return branch.type === "statement_block" ? partsOf(branch) : [branch];
}

/** The branches of a condition; the second one is what stands behind `else`. */
export function branchesOf(node: Node): { readonly condition: Node; readonly yes: Node; readonly no: Node | undefined } | undefined {
  const [condition, yes, otherwise] = [
    node.childForFieldName("condition"),
    node.childForFieldName("consequence"),
    node.childForFieldName("alternative"),
  ];
  if (condition === null || yes === null) return undefined;
  return { condition, yes, no: otherwise === null ? undefined : partsOf(otherwise)[0] };
}

/** True where whatever runs a branch does not come to its end. */
export function leaves(branch: Node): boolean {
  return wayOut.test(statementsIn(branch).at(-1)?.type ?? "");
}

/** True for a statement of a block, and not the `if` of an `else if`. */
export function isInBlock(node: Node): boolean {
  return node.parent?.type === "statement_block";
}

/** The condition without its brackets. */
export function asked(condition: Node): Node {
  const [inner] = condition.type === "parenthesized_expression" ? partsOf(condition) : [];
  return inner === undefined ? condition : asked(inner);
}

/** The lines in a block as deep as the node around it; undefined where that would change a text, or bring two things of one name together. */
export function unwrapped(block: Node, around: Node, text: string): string | undefined {
  if (block.type !== "statement_block") return block.text;
  if (below(block, "template_string").some(spansLines) || declaresWhatIsElsewhere(block, around)) return undefined;
  const first = text.indexOf("\n", block.startIndex) + 1;
  const last = lineStart(text, block.endIndex - 1) - 1;
  if (
    first === 0 ||
    last < first ||
    text.slice(block.startIndex + 1, first).trim() !== "" ||
    text.slice(last, block.endIndex - 1).trim() !== ""
  )
    return undefined;
  const [statement] = partsOf(block);
  const blanks = indentOf(around, text);
  const from = statement === undefined ? blanks : indentOf(statement, text);
  const lines = text.slice(first, last).split("\n");
  if (lines.some((line) => line.trim() !== "" && !line.startsWith(from))) return undefined;
  return lines
    .map((line) => (line.trim() === "" ? "" : blanks + line.slice(from.length)))
    .join("\n")
    .slice(blanks.length);
}

/** The blanks at the beginning of the line of a node. */
export function indentOf(node: Node, text: string): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, node.startIndex), node.startIndex))?.[0] ?? "";
}

/** True where a block declares a name that stands outside of it in the block around. */
function declaresWhatIsElsewhere(block: Node, around: Node): boolean {
  const names = new Set(
    partsOf(block)
      .filter(({ type }) => /declaration$/.test(type))
      .flatMap((each) => below(each, ["identifier", "type_identifier", "shorthand_property_identifier_pattern"]).map((name) => name.text)),
  );
  const outer = around.parent ?? around;
  return below(outer, ["identifier", "type_identifier", "shorthand_property_identifier"]).some(
    ({ text, startIndex }) =>
      names.has(text) && (startIndex < block.startIndex || startIndex >= block.endIndex) && isDeclared(outer, text, block),
  );
}

function isDeclared(outer: Node, name: string, block: Node): boolean {
  return below(outer, ["variable_declarator", "function_declaration", "class_declaration", "required_parameter", "formal_parameters"]).some(
    (each) =>
      (each.startIndex < block.startIndex || each.startIndex >= block.endIndex) &&
      below(each, "identifier").some(({ text }) => text === name),
  );
}
