import type { Node } from "web-tree-sitter";
import { lineStart } from "../../definition-around.ts";
import type { Edit, Rule } from "../edits.ts";
import { below, spansLines } from "../nodes.ts";
import { functionAround, isFunction, namesIn } from "./bindings.ts";
import { negated } from "./negation.ts";
import { asked, partsOf, unwrapped } from "./nodes.ts";

/** Longer lines are not easier to read. */
const longestLine = 100;

/** What says nothing in JavaScript and TypeScript is left out; the rest is the same for values of every kind. */
export const simplify: Rule = (root, text) => {
  const ways: readonly (readonly [types: string[], way: (node: Node, text: string) => Edit | undefined])[] = [
    [["return_statement"], returnedAtOnce],
    [["return_statement"], withoutLastReturn],
    [["else_clause"], elseIf],
    [["arrow_function"], withoutBlock],
    [["pair", "pair_pattern"], saidOnce],
    [["unary_expression"], turnedAround],
  ];
  for (const [types, way] of ways)
    for (const node of below(root, types)) {
      const edit = way(node, text);
      if (edit !== undefined) return [edit];
    }
  return undefined;
};

/** `const x = a; return x;`: `return a;`. */
function returnedAtOnce(node: Node): Edit | undefined {
  const [returned] = partsOf(node);
  const declaration = node.previousNamedSibling;
  const [declarator, ...more] = declaration && /^(?:lexical|variable)_declaration$/.test(declaration.type) ? partsOf(declaration) : [];
  const [name, value] = [declarator?.childForFieldName("name"), declarator?.childForFieldName("value")];
  const around = functionAround(node);
  if (returned?.type !== "identifier" || !declaration || more.length > 0 || name?.text !== returned.text || !value || !around)
    return undefined;
  // A function without a name has that of its variable, and a type that is written may say more.
  if (isFunction(asked(value)) || asked(value).type === "class" || declarator?.childForFieldName("type")) return undefined;
  if (below(declaration, "comment").length > 0 || namesIn(around).filter(({ text }) => text === name.text).length !== 2) return undefined;
  return { start: declaration.startIndex, end: node.endIndex, text: `return ${value.text}${node.text.endsWith(";") ? ";" : ""}` };
}

/** A `return` at the end of a function that gives nothing. */
function withoutLastReturn(node: Node): Edit | undefined {
  const before = node.previousNamedSibling;
  const block = node.parent;
  if (node.namedChildCount > 0 || !before || before.type === "comment" || block?.type !== "statement_block") return undefined;
  if (block.parent === null || !isFunction(block.parent) || node.nextNamedSibling !== null) return undefined;
  return { start: before.endIndex, end: node.endIndex, text: "" };
}

/** `else { if (a) { … } }`: `else if (a) { … }`. */
function elseIf(node: Node, text: string): Edit | undefined {
  const [block] = partsOf(node);
  if (block?.type !== "statement_block" || block.namedChildCount !== 1 || block.namedChild(0)?.type !== "if_statement") return undefined;
  const lines = node.parent === null ? undefined : unwrapped(block, outermost(node.parent), text);
  return lines === undefined ? undefined : { start: block.startIndex, end: block.endIndex, text: lines };
}

/** The first `if` of a row of `else if`. */
function outermost(node: Node): Node {
  const around = node.parent?.type === "else_clause" ? node.parent.parent : null;
  return around === null ? node : outermost(around);
}

/** `(a) => { return b; }`: `(a) => b`. */
function withoutBlock(node: Node, text: string): Edit | undefined {
  const body = node.childForFieldName("body");
  const [only] = body?.type === "statement_block" && body.namedChildCount === 1 ? partsOf(body) : [];
  const [value] = only?.type === "return_statement" && only.namedChildCount === 1 ? partsOf(only) : [];
  // Without a bracket at its end a line may go on in the next one.
  if (!body || !value || spansLines(value) || !/^\s*(?:[;,)\]}:]|$)/.test(text.slice(node.endIndex))) return undefined;
  if (/\bin\b/.test(value.text) || below(body, "comment").length > 0) return undefined;
  const made = value.text.startsWith("{") || value.type === "sequence_expression" ? `(${value.text})` : value.text;
  if (body.startIndex - lineStart(text, body.startIndex) + made.length > longestLine) return undefined;
  return { start: body.startIndex, end: body.endIndex, text: made };
}

/** `{ a: a }`: `{ a }`. */
function saidOnce(node: Node): Edit | undefined {
  const [key, value] = [node.childForFieldName("key"), node.childForFieldName("value")];
  const isSame = key?.type === "property_identifier" && value?.type === "identifier" && key.text === value.text;
  if (!isSame || node.namedChildCount !== 2 || key.text === "__proto__") return undefined;
  return { start: node.startIndex, end: node.endIndex, text: key.text };
}

/** `!(a === b)`: `a !== b`. */
function turnedAround(node: Node): Edit | undefined {
  const inner = asked(partsOf(node)[0] ?? node);
  if (node.childForFieldName("operator")?.text !== "!" || inner.type !== "binary_expression" || spansLines(inner)) return undefined;
  if (!/^[!=]==?$/.test(inner.childForFieldName("operator")?.text ?? "") || below(node, "comment").length > 0) return undefined;
  const around = node.parent;
  const isAlone =
    /^(?:parenthesized_expression|return_statement|variable_declarator|arguments)$/.test(around?.type ?? "") ||
    (around?.type === "binary_expression" && /^(?:&&|\|\|)$/.test(around.childForFieldName("operator")?.text ?? ""));
  return isAlone ? { start: node.startIndex, end: node.endIndex, text: negated(inner, true) } : undefined;
}
