import type { Node } from "web-tree-sitter";
import type { Parsers } from "../syntax/parser.ts";

/** A place in a text, in UTF-16 units. */
interface Place {
  readonly languageId: string;
  readonly text: string;
  readonly offset: number;
}

/** Longer ones are not meant by somebody who selects nothing, and no small model could write them. */
const mostLines = 300;

const definition =
  /^(?:abstract_)?(?:function|method|class|interface|struct|enum|trait|impl|constructor|union|record|object|protocol|type_alias|func)_(?:declaration|definition|item|specifier|signature)$|^(?:singleton_)?method$|^class$/;
const binding = /^(?:lexical|variable)_declaration$|^public_field_definition$|^field_definition$/;
const functionValue = /^(?:arrow_function|function_expression|function|generator_function)$/;
/** Nodes whose text belongs to the definition in them. */
const around = /^(?:export_statement|decorated_definition|template_declaration|ambient_declaration)$/;
/** What stands before a definition and belongs to it. */
const leading = /^(?:attribute_item|decorator)$/;
const comment = /comment$/;

/** The whole lines of the smallest definition around a place; undefined where there is none, or no grammar for the language. */
export async function definitionAround(
  parsers: Pick<Parsers, "parse">,
  { languageId, text, offset }: Place,
  signal?: AbortSignal,
): Promise<{ readonly start: number; readonly end: number } | undefined> {
  const tree = await parsers.parse(languageId, text, { signal });
  if (tree === undefined) return undefined;
  try {
    const at = firstWord(text, Math.min(offset, text.length));
    let node: Node | null = described(tree.rootNode.descendantForIndex(at));
    while (node !== null && !defines(node) && !isAround(node)) node = node.parent;
    while (node?.parent && around.test(node.parent.type)) node = node.parent;
    if (node === null || node.endPosition.row - node.startPosition.row >= mostLines) return undefined;
    return linesOfDefinition(text, node);
  } finally {
    tree.delete();
  }
}

/** The whole lines of a definition, with the attributes and decorators before it; in UTF-16 units. */
export function linesOfDefinition(text: string, node: Node): { readonly start: number; readonly end: number } {
  let first = node;
  for (let before = node.previousNamedSibling; before !== null && leading.test(before.type); before = before.previousNamedSibling)
    first = before;
  const end = text.slice(node.endIndex).search(/\r|\n/);
  return { start: lineStart(text, first.startIndex), end: end < 0 ? text.length : node.endIndex + end };
}

/** The node that defines, within what belongs to it: an export, decorators, the keyword of a binding. */
export function innermostDefinition(node: Node): Node {
  if (around.test(node.type)) {
    const inner = node.namedChildren.find((child) => child !== null && (defines(child) || isAround(child)));
    return inner ? innermostDefinition(inner) : node;
  }
  return node.namedChildren.find((child) => child?.type === "variable_declarator") ?? node;
}

/** True for a node that is a definition with all that belongs to it, such as its decorators. */
export function outermostDefinition(node: Node): boolean {
  if (node.parent !== null && around.test(node.parent.type)) return false;
  return defines(node) || isAround(node);
}

function isAround(node: Node): boolean {
  return around.test(node.type) && node.namedChildren.some((child) => child !== null && (defines(child) || isAround(child)));
}

/** A cursor in a comment or an attribute right above a definition means that definition. */
function described(node: Node | null): Node | null {
  let at = node;
  while (at !== null && !comment.test(at.type) && !leading.test(at.type) && !defines(at) && !isAround(at)) at = at.parent;
  while (at !== null && (comment.test(at.type) || leading.test(at.type))) {
    const next: Node | null = at.nextNamedSibling;
    if (next === null || next.startPosition.row > at.endPosition.row + 1) return node;
    at = next;
  }
  return at !== null && (defines(at) || isAround(at)) ? at : node;
}

function defines(node: Node): boolean {
  // The keyword of a class has the type of a class.
  if (node.isNamed && definition.test(node.type)) return true;
  return binding.test(node.type) && node.descendantsOfType(["arrow_function", "function_expression", "function"]).some(isOwnValue);

  /** Not a function somewhere in what is assigned. */
  function isOwnValue(value: Node | null): boolean {
    return value !== null && functionValue.test(value.type) && (value.parent?.id === node.id || value.parent?.parent?.id === node.id);
  }
}

/** A cursor in the blanks before a line's code means that line. */
function firstWord(text: string, offset: number): number {
  const start = lineStart(text, offset);
  const blanks = /^[ \t]*/.exec(text.slice(start))?.[0].length ?? 0;
  return Math.max(offset, start + blanks);
}

/** Where the line of a place begins. */
export function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
}
