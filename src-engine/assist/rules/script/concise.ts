import type { Node } from "web-tree-sitter";
import { lineStart } from "../../definition-around.ts";
import type { Edit, Rule } from "../edits.ts";
import { below, spansLines } from "../nodes.ts";
import { asked, branchesOf, isInBlock, partsOf, statementsIn } from "./nodes.ts";

/** Longer lines are not easier to read. */
const longestLine = 100;

/** Less code for the same, in JavaScript and TypeScript. */
export const concise: Rule = (root, text) => {
  for (const node of below(root, "if_statement")) {
    const edit = isInBlock(node) ? inOneLine(node, text) : undefined;
    if (edit !== undefined) return [edit];
  }
  for (const node of below(root, "assignment_expression")) {
    const edit = augmented(node);
    if (edit !== undefined) return [edit];
  }
  return undefined;
};

/** Two ways that return, or set, one thing or another: `return a ? b : c;`; a condition returned as it is where that is all. */
function inOneLine(node: Node, text: string): Edit | undefined {
  const found = branchesOf(node);
  if (found === undefined || below(node, "comment").length > 0 || found.no?.type === "if_statement") return undefined;
  const next = found.no === undefined ? (node.nextNamedSibling ?? undefined) : undefined;
  // Of a row of ways out each stays a line.
  if (next !== undefined && node.previousNamedSibling?.type === "if_statement") return undefined;
  const [one, ...more] = statementsIn(found.yes);
  const [two, ...others] = found.no === undefined ? [next] : statementsIn(found.no);
  if (!one || !two || more.length > 0 || others.length > 0 || [one, two, found.condition].some(spansLines)) return undefined;
  const [yes, no] = [said(one), said(two)];
  const condition = asked(found.condition);
  if (yes === undefined || no === undefined || yes.head !== no.head || (next !== undefined && yes.head !== "return ")) return undefined;
  if ([yes.value, no.value, condition].some(({ type }) => /^(?:ternary|arrow|assignment|sequence|yield|function)/.test(type)))
    return undefined;
  const isTruth =
    condition.type === "binary_expression" &&
    /^(?:[!=]==?|[<>]=?|in|instanceof)$/.test(condition.childForFieldName("operator")?.text ?? "");
  const value =
    isTruth && yes.value.text === "true" && no.value.text === "false"
      ? condition.text
      : `${condition.text} ? ${yes.value.text} : ${no.value.text}`;
  const made = `${yes.head}${value}${/;$/.test(one.text) ? ";" : ""}`;
  if (node.startIndex - lineStart(text, node.startIndex) + made.length > longestLine) return undefined;
  return { start: node.startIndex, end: (next ?? node).endIndex, text: made };
}

/** What a statement does with a value, where it does nothing else. */
function said(statement: Node): { readonly head: string; readonly value: Node } | undefined {
  const [inner] = partsOf(statement);
  if (statement.type === "return_statement") return inner && { head: "return ", value: inner };
  const [left, value] = [inner?.childForFieldName("left"), inner?.childForFieldName("right")];
  if (statement.type !== "expression_statement" || inner?.type !== "assignment_expression" || left?.type !== "identifier" || !value)
    return undefined;
  return { head: `${left.text} = `, value };
}

/** `x = x + 1`: `x += 1`. */
function augmented(node: Node): Edit | undefined {
  const [left, right] = [node.childForFieldName("left"), node.childForFieldName("right")];
  if (left?.type !== "identifier" || right?.type !== "binary_expression") return undefined;
  const sign = right.childForFieldName("operator")?.text ?? "";
  const [one, other] = [right.childForFieldName("left"), right.childForFieldName("right")];
  if (one?.text !== left.text || !other || !/^(?:[-+*/%&|^]|\*\*|<<|>>>?)$/.test(sign)) return undefined;
  return { start: node.startIndex, end: node.endIndex, text: `${left.text} ${sign}= ${asked(other).text}` };
}
