import type { Node } from "web-tree-sitter";
import { lineStart } from "../../definition-around.ts";
import type { Edit, Rule } from "../edits.ts";
import { below, spansLines } from "../nodes.ts";
import { alternativesOf, bare, bodyOf, childrenOf, dedented, leaves } from "./nodes.ts";

/**
 * What can surely be said more simply, said so: no `else` after a way out, nested conditions as one, a condition returned as it is, several
 * `==` of one value as `in`. What the code does stays the same.
 */
export const simplify: Rule = (root, text) => {
  for (const node of below(root, ["if_statement", "boolean_operator"])) {
    const edit =
      node.type === "if_statement" ? (conditionItself(node) ?? withoutElse(node, text) ?? conditionsAsOne(node, text)) : oneOfSeveral(node);
    if (edit !== undefined) return [edit];
  }
  return undefined;
};

/** `if a: return True` and `return False` behind it: `return a`, where `a` is nothing but true or false. */
function conditionItself(node: Node): Edit | undefined {
  const condition = node.childForFieldName("condition");
  const [alternative, ...more] = alternativesOf(node);
  const otherwise = alternative === undefined ? (node.nextNamedSibling ?? undefined) : bodyOf(alternative);
  if (condition === null || more.length > 0 || otherwise === undefined || alternative?.type === "elif_clause") return undefined;
  const [yes, no] = [onlyText(bodyOf(node)), alternative === undefined ? otherwise.text : onlyText(otherwise)];
  if (yes !== "return True" || no !== "return False" || !isTruth(condition) || spansLines(condition)) return undefined;
  return { start: node.startIndex, end: otherwise.endIndex, text: `return ${bare(condition).text}` };
}

/** What stands in an `else` after a way out stands behind it as well. */
function withoutElse(node: Node, text: string): Edit | undefined {
  const [alternative] = alternativesOf(node);
  if (alternative === undefined || !leaves(bodyOf(node))) return undefined;
  const start = alternative.startIndex;
  if (alternative.type === "elif_clause") return { start, end: start + "elif".length, text: "if" };
  const body = bodyOf(alternative);
  const first = lineStart(text, start);
  if (body === undefined || !/^else:[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*$/.test(text.slice(start, body.startIndex))) return undefined;
  const lines = dedented(body, text, start - first, text.indexOf("\n", start) + 1);
  return lines === undefined ? undefined : { start: first, end: body.endIndex, text: lines };
}

/** `if a:` with nothing but `if b:` in it: `if a and b:`. */
function conditionsAsOne(node: Node, text: string): Edit | undefined {
  const body = bodyOf(node);
  const inner = body && childrenOf(body).length === 1 ? childrenOf(body)[0] : undefined;
  if (inner?.type !== "if_statement" || alternativesOf(node).length > 0 || alternativesOf(inner).length > 0) return undefined;
  const conditions = [node, inner].map((each) => each.childForFieldName("condition"));
  const innerBody = bodyOf(inner);
  const head = text.slice(node.startIndex, innerBody?.startIndex ?? 0);
  if (innerBody === undefined || head.includes("#") || conditions.some((each) => each === null || spansLines(each))) return undefined;
  const lines = dedented(innerBody, text, inner.startPosition.column);
  if (lines === undefined || innerBody.startPosition.row === inner.startPosition.row) return undefined;
  const joined = conditions.map((each) => (each !== null && bindsLess.test(each.type) && !isAnd(each) ? `(${each.text})` : each?.text));
  return { start: node.startIndex, end: innerBody.endIndex, text: `if ${joined.join(" and ")}:\n${lines}` };
}

/** `a == 1 or a == 2`: `a in (1, 2)`. */
function oneOfSeveral(node: Node): Edit | undefined {
  if (node.parent?.type === "boolean_operator") return undefined;
  const parts = partsOf(node, "or");
  if (parts === undefined || parts.length < 2 || spansLines(node)) return undefined;
  const sides = parts.map((part) => (part.type === "comparison_operator" && part.childCount === 3 ? part.children : []));
  const [left] = sides[0] ?? [];
  const isSame = sides.every(
    ([one, sign, value]) => sign?.type === "==" && one?.text === left?.text && value != null && literal.test(value.text),
  );
  if (!left || !isSame || !/^[\w.]+(?:\[-?\w+\])?$/.test(left.text)) return undefined;
  return { start: node.startIndex, end: node.endIndex, text: `${left.text} in (${sides.map(([, , value]) => value?.text).join(", ")})` };
}

const literal = /^(?:-?\d+|(["'])(?:(?!\1)[^\\\n{}])*\1)$/;
const bindsLess = /^(?:boolean_operator|conditional_expression|lambda|named_expression)$/;

function onlyText(block: Node | undefined): string {
  return block !== undefined && childrenOf(block).length === 1 ? block.text : "";
}

/** True for what is `True` or `False` whatever its parts are. */
function isTruth(condition: Node): boolean {
  const node = bare(condition);
  if (node.type === "boolean_operator") return childrenOf(node).every(isTruth);
  return node.type === "not_operator" || node.type === "comparison_operator" || /^(?:isinstance|any|all|callable)\(/.test(node.text);
}

function isAnd(node: Node): boolean {
  return node.type === "boolean_operator" && node.childForFieldName("operator")?.type === "and";
}

/** What an operator joins, however deep; undefined where another one stands between. */
function partsOf(node: Node, operator: string): readonly Node[] | undefined {
  if (node.type !== "boolean_operator") return [node];
  if (node.childForFieldName("operator")?.type !== operator) return undefined;
  const sides = childrenOf(node).map((child) => partsOf(child, operator));
  return sides.includes(undefined) ? undefined : sides.flatMap((side) => side ?? []);
}
