import type { Node } from "web-tree-sitter";
import { lineStart } from "../../definition-around.ts";
import type { Edit, Rule } from "../edits.ts";
import { below, spansLines } from "../nodes.ts";
import { negated } from "./negation.ts";
import { bodyOf, childrenOf, isGuarded, mentionsName, namesIn, plainAssignment, scopeOf, statementsOf } from "./nodes.ts";

/** Longer lines are not easier to read. */
const longestLine = 88;

/**
 * Loops that collect, as comprehensions: a list that is appended to, a number that is counted up, a search that gives true or false.
 * `exactly`: no sums, which round otherwise.
 */
export const comprehension =
  (exactly: boolean): Rule =>
  (root, text) => {
    for (const loop of below(root, "for_statement")) {
      const edits = collected(loop, text, exactly) ?? searched(loop, text);
      if (edits !== undefined) return edits;
    }
    return undefined;
  };

/** `x = []`, and a loop that does nothing but append to `x`. */
function collected(loop: Node, text: string, exactly: boolean): readonly Edit[] | undefined {
  const clauses = clausesOf(loop);
  const scope = scopeOf(loop);
  if (clauses === undefined || scope?.type !== "function_definition" || isGuarded(loop)) return undefined;
  const found = collection(clauses.inner, exactly);
  if (found === undefined) return undefined;
  const { name, empty, value, before, after, more } = found;
  const first = beginningOf(loop, name, empty);
  if (first === undefined || mentionsName(value, name) || (more !== undefined && mentionsName(more, name))) return undefined;
  if (mentionsName(clauses.iterable, name) || clauses.conditions.some((each) => mentionsName(each, name))) return undefined;
  // A function in it may see the name half way.
  if (below(scope, ["function_definition", "lambda"]).some((each) => each.id !== scope.id && mentionsName(each, name))) return undefined;
  if (!ownNames(loop, scope) || below(loop, ["yield", "await", "lambda", "named_expression", "comment"]).length > 0) return undefined;
  if (before === "sum(" && isShadowed(scope, "sum")) return undefined;
  const made = `${name} = ${before}${value.text} ${clauses.text}${more === undefined ? "" : ` ${more.text}`}${after}`;
  if (!fits(loop, text, made)) return undefined;
  const from = first.startIndex;
  return [
    { start: lineStart(text, from), end: lineStart(text, from) + lineLength(text, from), text: "" },
    { start: loop.startIndex, end: loop.endIndex, text: made },
  ];
}

/** A loop that returns true for the first that fits, and false behind it; or the other way round. */
function searched(loop: Node, text: string): readonly Edit[] | undefined {
  const clauses = clausesOf(loop);
  const scope = scopeOf(loop);
  const next = loop.nextNamedSibling;
  if (clauses === undefined || scope?.type !== "function_definition" || next?.type !== "return_statement" || isGuarded(loop))
    return undefined;
  const [yes, no] = [clauses.inner.text, next.text];
  const [last] = clauses.conditions.slice(-1);
  if (last === undefined || !/^return (?:True|False)$/.test(yes) || !/^return (?:True|False)$/.test(no) || yes === no) return undefined;
  if (!ownNames(loop, scope) || below(loop, ["yield", "await", "lambda", "named_expression", "comment"]).length > 0) return undefined;
  const condition = yes === "return True" ? last.text : negated(last, true);
  const rest = clauses.text.slice(0, clauses.text.length - ` if ${last.text}`.length);
  const asked = yes === "return True" ? "any" : "all";
  if (isShadowed(scope, asked)) return undefined;
  const made = `return ${asked}(${condition} ${rest})`;
  return fits(loop, text, made) ? [{ start: loop.startIndex, end: next.endIndex, text: made }] : undefined;
}

interface Clauses {
  readonly node: Node;
  readonly iterable: Node;
  readonly conditions: readonly Node[];
  /** The one statement that is done. */
  readonly inner: Node;
  /** `for … in … if …` */
  readonly text: string;
}

/** A loop, with a condition in it perhaps, around a single statement. */
function clausesOf(loop: Node): Clauses | undefined {
  const [left, iterable] = [loop.childForFieldName("left"), loop.childForFieldName("right")];
  const [inner, ...more] = statementsOf(bodyOf(loop));
  if (!left || !iterable || !inner || more.length > 0 || loop.childForFieldName("alternative") !== null) return undefined;
  if (/^async/.test(loop.text) || spansLines(iterable) || iterable.type === "expression_list") return undefined;
  const head = `for ${left.text} in ${/^(?:conditional_expression|lambda)$/.test(iterable.type) ? `(${iterable.text})` : iterable.text}`;
  if (inner.type !== "if_statement") return { node: loop, iterable, conditions: [], inner, text: head };
  const condition = inner.childForFieldName("condition");
  const [only, ...others] = statementsOf(bodyOf(inner));
  if (condition === null || !only || others.length > 0 || inner.childForFieldName("alternative") !== null || spansLines(condition))
    return undefined;
  if (condition.type === "conditional_expression" || condition.type === "lambda") return undefined;
  return { node: loop, iterable, conditions: [condition], inner: only, text: `${head} if ${condition.text}` };
}

interface Collection {
  readonly name: string;
  /** What the name is before the loop. */
  readonly empty: RegExp;
  readonly value: Node;
  readonly before: string;
  readonly after: string;
  /** A second loop, that of what is added all at once. */
  readonly more?: Node;
}

/** What a statement adds to what. */
function collection(statement: Node, exactly: boolean): Collection | undefined {
  const [inner] = statement.type === "expression_statement" && statement.namedChildCount === 1 ? childrenOf(statement) : [];
  if (!inner) return undefined;
  if (inner.type === "call") {
    const called = inner.childForFieldName("function");
    const list = inner.childForFieldName("arguments");
    const [value, ...more] = list?.type === "argument_list" ? childrenOf(list) : [list];
    const owner = called?.childForFieldName("object");
    const method = called?.childForFieldName("attribute")?.text;
    if (!value || spansLines(value) || more.length > 0 || owner?.type !== "identifier" || !/^(?:append|add|extend)$/.test(method ?? ""))
      return undefined;
    if (method === "extend") return extension(owner.text, value);
    if (/^(?:list_splat|keyword_argument|dictionary_splat|generator_expression)$/.test(value.type)) return undefined;
    return method === "append"
      ? { name: owner.text, empty: /^(?:\[\]|list\(\))$/, value, before: "[", after: "]" }
      : { name: owner.text, empty: /^set\(\)$/, value, before: "{", after: "}" };
  }
  if (inner.type !== "augmented_assignment" || inner.childForFieldName("operator")?.text !== "+=") return undefined;
  const [left, value] = [inner.childForFieldName("left"), inner.childForFieldName("right")];
  if (left?.type !== "identifier" || !value || spansLines(value) || value.type === "expression_list") return undefined;
  if (exactly && !/^\d+$/.test(value.text)) return undefined;
  return { name: left.text, empty: /^0$/, value, before: "sum(", after: ")" };
}

/** What `extend` adds, where that is itself made by one loop. */
function extension(name: string, value: Node): Collection | undefined {
  const [made, more, ...others] = childrenOf(value);
  if (!/^(?:generator_expression|list_comprehension)$/.test(value.type) || more?.type !== "for_in_clause" || others.length > 0)
    return undefined;
  return made && { name, empty: /^(?:\[\]|list\(\))$/, value: made, before: "[", after: "]", more };
}

/** The statement before a loop that makes what the loop fills, with nothing between them that speaks of it. */
function beginningOf(loop: Node, name: string, empty: RegExp): Node | undefined {
  for (let at = loop.previousNamedSibling; at !== null; at = at.previousNamedSibling) {
    const assigned = plainAssignment(at);
    if (assigned === undefined || spansLines(at)) return undefined;
    if (assigned.name === name) return empty.test(assigned.value.text) ? at : undefined;
    if (mentionsName(at, name)) return undefined;
  }
  return undefined;
}

/** True where the names a loop sets are used nowhere else: in a comprehension they do not outlive it. */
function ownNames(loop: Node, scope: Node): boolean {
  const left = loop.childForFieldName("left");
  if (left === null || below(left, ["attribute", "subscript"]).length > 0) return false;
  const names = new Set((left.type === "identifier" ? [left] : below(left, "identifier")).map((each) => each.text));
  return !namesIn(scope).some((each) => names.has(each.text) && (each.startIndex < loop.startIndex || each.startIndex >= loop.endIndex));
}

/** True where a function has another thing under a name of Python's own. */
function isShadowed(scope: Node, name: string): boolean {
  return below(scope, "identifier").some((each) => each.text === name && each.parent?.childForFieldName("function")?.id !== each.id);
}

function fits(node: Node, text: string, made: string): boolean {
  return node.startIndex - lineStart(text, node.startIndex) + made.length <= longestLine;
}

/** The length of a line with its end. */
function lineLength(text: string, offset: number): number {
  const start = lineStart(text, offset);
  const end = text.indexOf("\n", start);
  return (end < 0 ? text.length : end + 1) - start;
}
