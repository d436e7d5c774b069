import type { Node } from "web-tree-sitter";
import type { Edit } from "../edits.ts";
import { below } from "../nodes.ts";
import { type Binding, type Bindings, bindingsOf, functionAround, isAssigned, looksUpNames } from "./bindings.ts";
import { indentOf, partsOf } from "./nodes.ts";
import { typeOf } from "./types.ts";

/** With more arguments a function is not easier to read. */
const mostInputs = 4;
/** What may be seen from outside before it is over, or is another thing in another function. */
const unmovable = [
  "return_statement",
  "yield_expression",
  "await_expression",
  "this",
  "super",
  "meta_property",
  "import",
  "private_property_identifier",
  "function_declaration",
  "generator_function_declaration",
  "function_expression",
  "generator_function",
  "method_definition",
  "class",
  "class_declaration",
  "labeled_statement",
  "debugger_statement",
];
/** Types of its own, and names for types, are known to nobody else. */
const ownTypes = ["type_alias_declaration", "interface_declaration", "class_declaration", "enum_declaration"];
const topLevel = /^(?:export_statement|lexical_declaration|variable_declaration|variable_declarator)$/;

/** A function that something may be taken out of, and the statement that it is. */
export interface Place {
  readonly definition: Node;
  readonly statement: Node;
  readonly body: Node;
  readonly bindings: Bindings;
  readonly text: string;
  readonly isTyped: boolean;
}

/** What is needed to take something out of a function; undefined for one that another cannot be like, or that is a part of something else. */
export function placeOf(definition: Node, text: string, isTyped: boolean): Place | undefined {
  const body = definition.childForFieldName("body");
  const statement = statementOf(definition, text);
  if (body?.type !== "statement_block" || statement === undefined || looksUpNames(definition) || isSpecial(definition, body))
    return undefined;
  return { definition, statement, body, bindings: bindingsOf(definition), text, isTyped };
}

/** The statement of the outermost level that a function is, where nothing else begins in its last line. */
function statementOf(definition: Node, text: string): Node | undefined {
  let at = definition;
  while (at.parent !== null && topLevel.test(at.parent.type)) at = at.parent;
  return at.parent?.type === "program" && /^;?\s*(?:\/\/.*)?$/.test(restOfLine(at, text)) ? at : undefined;
}

/** True for a function with types of its own, or one that another would not be like: one that begins with “use strict”. */
function isSpecial(definition: Node, body: Node): boolean {
  const [first] = partsOf(body);
  const isDirective = first?.type === "expression_statement" && partsOf(first)[0]?.type === "string";
  return isDirective || definition.childForFieldName("type_parameters") !== null || below(body, ownTypes).length > 0;
}

/** The names of the function that a part speaks of, in the order in which it does. */
export function metIn({ bindings }: Place, isInside: (node: Node) => boolean): readonly Binding[] {
  const first = ({ places }: Binding) => places.find(isInside)?.startIndex ?? Number.POSITIVE_INFINITY;
  return bindings.all.filter(({ places }) => places.some(isInside)).sort((one, other) => first(one) - first(other));
}

/** The parameters for what a part needs of the function around it; undefined where that may not be there yet, or its type is not written. */
export function parametersFor({ bindings, isTyped }: Place, inputs: readonly Binding[], part: Node): string | undefined {
  if (inputs.length > mostInputs) return undefined;
  const names: string[] = [];
  for (const input of inputs) {
    const isThere =
      input.kind === "parameter" || input.kind === "var" || input.declared.every(({ endIndex }) => endIndex <= part.startIndex);
    if (input.kind === "other" || !isThere) return undefined;
    const type = isTyped ? typeOf(input, bindings) : "";
    // Of several types it may be known by then which it is, and not in another function.
    if (type === undefined || /\bunknown\b|\|/.test(type)) return undefined;
    names.push(type === "" ? input.name : `${input.name}: ${type}`);
  }
  return new Set(inputs.map(({ name }) => name)).size === inputs.length ? names.join(", ") : undefined;
}

/** True for what cannot stand in another function: it leaves this one, waits, or speaks of what is this one's alone. */
export function isUnmovable(node: Node): boolean {
  return (
    unmovable.includes(node.type) ||
    below(node, unmovable).length > 0 ||
    below(node, "for_in_statement").some(({ children }) => children.some((child) => child?.type === "await"))
  );
}

/** True for a name that gets another value than its first, after it has one. */
export function changes({ declared, places }: Binding): boolean {
  return declared.length > 1 || places.some(isAssigned);
}

/** True where another function in a function sees what a name means. */
export function isCaptured({ scope, places }: Binding, definition: Node): boolean {
  const own = scope.id === definition.id ? definition : (functionAround(scope) ?? definition);
  return places.some((place) => functionAround(place)?.id !== own.id);
}

/** By what a function indents its body. */
export function stepOf({ body, statement, text }: Place): string {
  const [first] = partsOf(body);
  return (first && indentOf(first, text).slice(indentOf(statement, text).length)) || "  ";
}

/** A semicolon, where the code has them. */
export function semicolon({ body }: Place): string {
  const plain = below(body, ["expression_statement", "return_statement", "lexical_declaration", "variable_declaration"]);
  return plain.length === 0 || plain.some(({ text }) => text.endsWith(";")) ? ";" : "";
}

/** What stands behind a function, with an empty line between. */
export function behind({ statement, text }: Place, helper: string): Edit {
  const start = statement.endIndex + restOfLine(statement, text).length;
  return { start, end: start, text: `\n\n${helper}` };
}

function restOfLine({ endIndex }: Node, text: string): string {
  return /.*/.exec(text.slice(endIndex))?.[0] ?? "";
}
