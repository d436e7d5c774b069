import type { Node } from "web-tree-sitter";
import type { Parsers } from "../syntax/parser.ts";
import { lineStart } from "./definition-around.ts";

/** Another text for a part of a code, in UTF-16 units. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Each change makes the code shorter, so there is an end; what needs more was written by a program. */
const mostEdits = 30;

/**
 * Python code with what can surely be said more simply said so: no `else` after a way out, nested conditions as one, a condition returned
 * as it is, several `==` of one value as `in`. What it does stays the same. The code as it was where nothing is to be done.
 */
export async function simplifyPython(parsers: Pick<Parsers, "parse">, code: string, signal?: AbortSignal): Promise<string> {
  let text = code;
  for (let number = 0; number < mostEdits; number += 1) {
    const tree = await parsers.parse("python", text, { signal });
    if (tree === undefined) return text;
    try {
      const edit = tree.rootNode.hasError ? undefined : firstEdit(tree.rootNode, text);
      if (edit === undefined) return text;
      text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
    } finally {
      tree.delete();
    }
  }
  return text;
}

function firstEdit(node: Node, text: string): Edit | undefined {
  const own =
    node.type === "if_statement"
      ? (conditionItself(node) ?? withoutElse(node, text) ?? conditionsAsOne(node, text))
      : node.type === "boolean_operator"
        ? oneOfSeveral(node)
        : undefined;
  if (own !== undefined) return own;
  for (const child of childrenOf(node)) {
    const edit = firstEdit(child, text);
    if (edit !== undefined) return edit;
  }
  return undefined;
}

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
const wayOut = /^(?:return|raise|continue|break)_statement$/;

function childrenOf(node: Node): readonly Node[] {
  return node.namedChildren.filter((child) => child !== null);
}

function alternativesOf(node: Node): readonly Node[] {
  return node.childrenForFieldName("alternative").filter((child) => child !== null);
}

function bodyOf(node: Node): Node | undefined {
  return node.childForFieldName(node.type === "else_clause" ? "body" : "consequence") ?? undefined;
}

function onlyText(block: Node | undefined): string {
  return block !== undefined && childrenOf(block).length === 1 ? block.text : "";
}

function leaves(block: Node | undefined): boolean {
  return wayOut.test((block && childrenOf(block).findLast(({ type }) => type !== "comment"))?.type ?? "");
}

function spansLines({ startPosition, endPosition }: Node): boolean {
  return startPosition.row !== endPosition.row;
}

function bare(node: Node): Node {
  const [inner] = node.type === "parenthesized_expression" ? childrenOf(node) : [];
  return inner === undefined ? node : bare(inner);
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

/** The lines of a block at another depth; undefined where a text over several lines would change, or a line is not that deep. */
function dedented(block: Node, text: string, depth: number, start = lineStart(text, block.startIndex)): string | undefined {
  if (block.descendantsOfType("string").some((string) => string !== null && spansLines(string))) return undefined;
  const from = block.startPosition.column;
  const lines = text.slice(start, block.endIndex).split("\n");
  if (lines.some((line) => line.slice(0, from).trim() !== "")) return undefined;
  return lines.map((line) => line.slice(from - depth)).join("\n");
}
