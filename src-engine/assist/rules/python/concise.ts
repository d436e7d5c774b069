import type { Node } from "web-tree-sitter";
import { lineStart } from "../../definition-around.ts";
import type { Edit, Rule } from "../edits.ts";
import { below, spansLines } from "../nodes.ts";
import {
  alternativesOf,
  bare,
  bodyOf,
  childrenOf,
  isGuarded,
  leaves,
  mentionsName,
  namesIn,
  plainAssignment,
  scopeOf,
  statementsOf,
} from "./nodes.ts";

/** Longer lines are not easier to read. */
const longestLine = 88;

/** Less code for the same. `exactly`: only what is the same for values of every kind. */
export const concise =
  (exactly: boolean): Rule =>
  (root, text) => {
    const kinds: readonly (readonly [string, (node: Node, text: string, exactly: boolean) => readonly Edit[] | undefined])[] = [
      ["return_statement", returnedItself],
      ["if_statement", sameWayOut],
      ["if_statement", elseIf],
      ["if_statement", inOneLine],
      ["assignment", augmented],
      ["assignment", setTogether],
      ["call", fromZero],
      ["not_operator", notIn],
      ["boolean_operator", between],
      ["comparison_operator", emptiness],
      ["parenthesized_expression", withoutBrackets],
      ["return_statement", nothing],
    ];
    for (const [type, change] of kinds)
      for (const node of below(root, type)) {
        const edits = change(node, text, exactly);
        if (edits !== undefined) return edits;
      }
    return undefined;
  };

/** `x = a` and `return x`: `return a`. */
function returnedItself(node: Node, text: string): readonly Edit[] | undefined {
  const [value] = childrenOf(node);
  const before = node.previousNamedSibling;
  const assigned = plainAssignment(before);
  const scope = scopeOf(node);
  if (before === null || assigned === undefined || value?.text !== assigned.name || scope === undefined || isGuarded(node))
    return undefined;
  if (below(scope, ["global_statement", "nonlocal_statement"]).some((each) => mentionsName(each, assigned.name))) return undefined;
  if (!fits(text, before, `return ${assigned.value.text}`)) return undefined;
  return [{ start: before.startIndex, end: node.endIndex, text: `return ${assigned.value.text}` }];
}

/** Two conditions one after the other with the same way out are one. */
function sameWayOut(node: Node, text: string): readonly Edit[] | undefined {
  const next = node.nextNamedSibling;
  if (next?.type !== "if_statement" || [node, next].some((each) => alternativesOf(each).length > 0)) return undefined;
  const [one, other] = [bodyOf(node), bodyOf(next)];
  const conditions = [node, next].map((each) => each.childForFieldName("condition"));
  if (!one || !other || one.text !== other.text || !leaves(one) || statementsOf(one).length !== 1) return undefined;
  if (text.slice(node.endIndex, next.startIndex).includes("#") || conditions.some((each) => each === null || spansLines(each)))
    return undefined;
  const joined = conditions.map((each) =>
    each !== null && /^(?:conditional_expression|lambda|named_expression)$/.test(each.type) ? `(${each.text})` : each?.text,
  );
  const head = `if ${joined.join(" or ")}:`;
  if (!fits(text, node, head)) return undefined;
  return [
    {
      start: node.startIndex,
      end: next.endIndex,
      text: `${head}${text.slice(next.childForFieldName("condition")?.endIndex ?? 0).slice(1, next.endIndex - (next.childForFieldName("condition")?.endIndex ?? 0))}`,
    },
  ];
}

/** `else:` with nothing but `if` in it: `elif`. */
function elseIf(node: Node, text: string): readonly Edit[] | undefined {
  const alternative = alternativesOf(node).at(-1);
  const body = alternative?.type === "else_clause" ? bodyOf(alternative) : undefined;
  const [inner, ...more] = statementsOf(body);
  if (
    !alternative ||
    !body ||
    inner?.type !== "if_statement" ||
    more.length > 0 ||
    below(alternative, ["comment", "string"]).some((each) => each.type === "comment" || spansLines(each))
  )
    return undefined;
  const [from, to] = [alternative.startIndex - lineStart(text, alternative.startIndex), inner.startPosition.column];
  const lines = inner.text.split("\n").map((line, index) => (index === 0 ? line : line.slice(to - from)));
  return [{ start: alternative.startIndex, end: alternative.endIndex, text: `el${lines.join("\n")}` }];
}

/** Two ways that set, or return, one thing or another: `x = a if b else c`. */
function inOneLine(node: Node, text: string): readonly Edit[] | undefined {
  const condition = node.childForFieldName("condition");
  const alternatives = alternativesOf(node);
  const [alternative] = alternatives;
  if (condition === null || alternatives.length > 1 || alternative?.type === "elif_clause" || below(node, "comment").length > 0)
    return undefined;
  const next = alternative === undefined ? node.nextNamedSibling : undefined;
  const [one, ...more] = statementsOf(bodyOf(node));
  const [two, ...others] = alternative === undefined ? [next ?? undefined] : statementsOf(bodyOf(alternative));
  if (!one || !two || more.length > 0 || others.length > 0 || [one, two, condition].some(spansLines)) return undefined;
  // Of a row of ways out each stays a line.
  if (next && node.previousNamedSibling?.type === "if_statement") return undefined;
  const [yes, no] = [one, two].map(said);
  if (yes === undefined || no === undefined || yes.head !== no.head || (next && yes.head !== "return ")) return undefined;
  if (
    [yes.value, no.value, condition].some(({ type }) =>
      /^(?:conditional_expression|lambda|expression_list|yield|named_expression)$/.test(type),
    )
  )
    return undefined;
  const made = `${yes.head}${yes.value.text} if ${condition.text} else ${no.value.text}`;
  if (!fits(text, node, made) || (next && text.slice(node.endIndex, next.startIndex).includes("#"))) return undefined;
  return [{ start: node.startIndex, end: (next ?? node).endIndex, text: made }];
}

/** What a statement does with a value, where it does nothing else. */
function said(statement: Node): { readonly head: string; readonly value: Node } | undefined {
  if (statement.type === "return_statement") {
    const [value] = childrenOf(statement);
    return value && { head: "return ", value };
  }
  const assigned = plainAssignment(statement);
  if (assigned !== undefined) return { head: `${assigned.name} = `, value: assigned.value };
  const [inner] = statement.type === "expression_statement" ? childrenOf(statement) : [];
  const [left, value] = [inner?.childForFieldName("left"), inner?.childForFieldName("right")];
  // A place that is computed may be changed by what is added there.
  if (inner?.type !== "augmented_assignment" || left?.type !== "identifier" || !value) return undefined;
  return { head: `${left.text} ${inner.childForFieldName("operator")?.text} `, value };
}

/** `x = x + 1`: `x += 1`. A list would be changed itself, so what is no number counts as not exact. */
function augmented(node: Node, _text: string, exactly: boolean): readonly Edit[] | undefined {
  const [left, right] = [node.childForFieldName("left"), node.childForFieldName("right")];
  if (left?.type !== "identifier" || right?.type !== "binary_operator" || node.childForFieldName("type") !== null || exactly)
    return undefined;
  const [one, other] = childrenOf(right);
  const sign = right.childForFieldName("operator")?.type;
  if (one?.text !== left.text || !other || mentionsName(other, left.text) || sign === undefined) return undefined;
  return [{ start: node.startIndex, end: node.endIndex, text: `${left.text} ${sign}= ${bare(other).text}` }];
}

/** Names set one after the other to the same number or text: `a = b = 0`. */
function setTogether(node: Node, text: string): readonly Edit[] | undefined {
  const statement = node.parent;
  const next = statement?.nextNamedSibling;
  const [one, other] = [plainAssignment(statement), plainAssignment(next)];
  if (!statement || !next || !one || !other || one.value.text !== other.value.text || one.name === other.name) return undefined;
  if (!/^(?:-?\d+|None|True|False|''|"")$/.test(one.value.text) || !/^\n[ \t]*$/.test(text.slice(statement.endIndex, next.startIndex)))
    return undefined;
  return [{ start: statement.startIndex, end: next.endIndex, text: `${one.name} = ${other.name} = ${one.value.text}` }];
}

/** `range(0, n)`: `range(n)`. */
function fromZero(node: Node): readonly Edit[] | undefined {
  const list = node.childForFieldName("arguments");
  const [from, to, ...more] = list?.type === "argument_list" ? childrenOf(list) : [];
  if (node.childForFieldName("function")?.text !== "range" || from?.text !== "0" || !to || more.length > 0) return undefined;
  return [{ start: from.startIndex, end: to.startIndex, text: "" }];
}

/** `not a in b`: `a not in b`. */
function notIn(node: Node): readonly Edit[] | undefined {
  const inner = bare(childrenOf(node)[0] ?? node);
  const sign = inner.children[1]?.text ?? "";
  const other: Readonly<Record<string, string>> = { in: "not in", is: "is not", "==": "!=" };
  if (inner.type !== "comparison_operator" || inner.namedChildCount !== 2 || !(sign in other) || spansLines(inner)) return undefined;
  const [left, right] = childrenOf(inner);
  return [{ start: node.startIndex, end: node.endIndex, text: `${left?.text} ${other[sign]} ${right?.text}` }];
}

/** `a < x and x < b`: `a < x < b`. */
function between(node: Node): readonly Edit[] | undefined {
  const [one, other] = childrenOf(node);
  if (node.childForFieldName("operator")?.type !== "and" || !one || !other) return undefined;
  if ([one, other].some((each) => each.type !== "comparison_operator" || each.namedChildCount !== 2) || spansLines(node)) return undefined;
  const [a, x] = childrenOf(one);
  const [y, b] = childrenOf(other);
  const signs = [one, other].map((each) => each.children[1]?.text ?? "");
  if (!a || !x || !y || !b || ![a, x, b].every(({ type }) => /^(?:identifier|integer|float|string)$/.test(type))) return undefined;
  const isUp = (sign: string) => sign === "<" || sign === "<=";
  const isDown = (sign: string) => sign === ">" || sign === ">=";
  const turned: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };
  const [first = "", second = ""] = signs;
  const made = (parts: readonly string[]) => [{ start: node.startIndex, end: node.endIndex, text: parts.join(" ") }];
  if (x.text === y.text && x.type === "identifier" && ((isUp(first) && isUp(second)) || (isDown(first) && isDown(second))))
    return made([a.text, first, x.text, second, b.text]);
  // `x > a and x < b`
  if (a.text === y.text && a.type === "identifier" && ((isDown(first) && isUp(second)) || (isUp(first) && isDown(second)))) {
    const [low, lowSign, high, highSign] = isDown(first)
      ? [x.text, turned[first], b.text, second]
      : [b.text, turned[second], x.text, first];
    return made([low, lowSign ?? "", a.text, highSign, high]);
  }
  return undefined;
}

/** `len(x) == 0`, as a condition: `not x`. For what has a length and is true all the same it is another condition. */
function emptiness(node: Node, _text: string, exactly: boolean): readonly Edit[] | undefined {
  const [left, right] = childrenOf(node);
  const inner = /^len\(([\w.]+)\)$/.exec(left?.text ?? "")?.[1];
  const sign = node.children[1]?.text;
  const holds = node.parent?.type.replace(/^(?:if_statement|while_statement|elif_clause)$/, "condition");
  if (exactly || inner === undefined || node.namedChildCount !== 2 || holds !== "condition") return undefined;
  const text = `${sign}${right?.text}`;
  if (/^(?:==0|<1)$/.test(text)) return [{ start: node.startIndex, end: node.endIndex, text: `not ${inner}` }];
  if (/^(?:>0|!=0|>=1)$/.test(text)) return [{ start: node.startIndex, end: node.endIndex, text: inner }];
  return undefined;
}

/** Brackets around all of a condition, or of what is returned or set. */
function withoutBrackets(node: Node): readonly Edit[] | undefined {
  const [inner] = childrenOf(node);
  const { parent } = node;
  const isWhole =
    parent !== null &&
    (/^(?:if_statement|while_statement|elif_clause|return_statement|parenthesized_expression)$/.test(parent.type) ||
      (parent.type === "assignment" && parent.childForFieldName("right")?.id === node.id));
  if (!isWhole || !inner || spansLines(node) || /^(?:yield|named_expression)$/.test(inner.type)) return undefined;
  return [
    {
      start: node.startIndex,
      end: node.endIndex,
      text: `${/\w$/.test(parent?.text.slice(0, Math.max(0, node.startIndex - (parent?.startIndex ?? 0))) ?? "") ? " " : ""}${inner.text}`,
    },
  ];
}

/** `return None` at the end of a function that returns nothing else. */
function nothing(node: Node, text: string): readonly Edit[] | undefined {
  const scope = scopeOf(node);
  const body = scope?.childForFieldName("body");
  if (scope?.type !== "function_definition" || !body || body.id !== node.parent?.id || statementsOf(body).at(-1)?.id !== node.id)
    return undefined;
  const others = below(scope, "return_statement").filter((each) => scopeOf(each)?.id === scope.id);
  if (statementsOf(body).length < 2 || others.some((each) => !/^return(?: None)?$/.test(each.text))) return undefined;
  const start = lineStart(text, node.startIndex) - 1;
  return start > 0 && namesIn(node).length === 0 ? [{ start, end: node.endIndex, text: "" }] : undefined;
}

function fits(text: string, node: Node, made: string): boolean {
  return node.startIndex - lineStart(text, node.startIndex) + made.length <= longestLine;
}
