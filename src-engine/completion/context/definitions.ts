import type { Node } from "web-tree-sitter";
import type { Definition } from "#core/context/definition";

const longestText = 600;
const longestMember = 200;
const mostDefinitions = 300;
const mostMembers = 60;
/** Lines up to which a definition is kept whole; of what runs, its signature says most. */
const shortLines = { data: 6, code: 3 } as const;
/** Lines of a signature that is spread over several. */
const headLines = 10;

/** Nodes that stand around a definition; the text of those in `heads` belongs to it. */
const wrappers = new Set([
  "ERROR",
  "ambient_declaration",
  "const_declaration",
  "compound_statement",
  "decorated_definition",
  "declaration_list",
  "export_statement",
  "expression_statement",
  "file_scoped_namespace_declaration",
  "internal_module",
  "lexical_declaration",
  "linkage_specification",
  "mod_item",
  "namespace_declaration",
  "namespace_definition",
  "preproc_elif",
  "preproc_else",
  "preproc_if",
  "preproc_ifdef",
  "statement_block",
  "statement_list",
  "template_declaration",
  "type_declaration",
  "var_declaration",
  "var_spec_list",
  "variable_declaration",
]);
const heads = new Set([
  "ambient_declaration",
  "const_declaration",
  "decorated_definition",
  "export_statement",
  "lexical_declaration",
  "template_declaration",
  "type_declaration",
  "var_declaration",
  "variable_declaration",
]);

/** Definitions with members. */
const containers = new Set([
  "abstract_class_declaration",
  "class",
  "class_declaration",
  "class_definition",
  "class_specifier",
  "enum_declaration",
  "enum_item",
  "enum_specifier",
  "impl_item",
  "interface_declaration",
  "module",
  "record_declaration",
  "struct_declaration",
  "struct_item",
  "struct_specifier",
  "trait_declaration",
  "trait_item",
  "type_spec",
  "union_specifier",
]);

/** Definitions without, at the top of a file or as members. */
const singles = new Set([
  "alias_declaration",
  "assignment",
  "const_item",
  "const_spec",
  "constructor_declaration",
  "declaration",
  "delegate_declaration",
  "function_declaration",
  "function_definition",
  "function_item",
  "function_signature",
  "function_signature_item",
  "function_statement",
  "generator_function_declaration",
  "macro_definition",
  "method",
  "method_declaration",
  "method_definition",
  "preproc_def",
  "preproc_function_def",
  "property_declaration",
  "singleton_method",
  "static_item",
  "type_alias",
  "type_alias_declaration",
  "type_definition",
  "type_item",
  "var_spec",
  "variable_declarator",
]);

/** Members that hold no code. */
const fields = new Set([
  "abstract_method_signature",
  "const_declaration",
  "enum_assignment",
  "enum_constant",
  "enum_member_declaration",
  "enum_variant",
  "enumerator",
  "field_declaration",
  "field_definition",
  "method_elem",
  "method_signature",
  "property_identifier",
  "property_signature",
  "public_field_definition",
]);

/** The types of nodes that define something, in all grammars. */
export const definitionTypes: ReadonlySet<string> = new Set([...containers, ...singles]);

/** True for a node whose definition has members. */
export function hasMembers(node: Node): boolean {
  return containers.has(node.type);
}

/** The node whose text a definition begins with: an export, a decorator or a template around it belong to it. */
export function headOf(node: Node): Node {
  let head = node;
  for (let parent = node.parent; parent !== null && heads.has(parent.type) && parent.namedChildCount <= 2; parent = parent.parent)
    head = parent;
  return head;
}

/** Finds the definitions of a file in its syntax tree. Bodies of functions are not looked into. */
export function definitionsIn(root: Node): readonly Definition[] {
  const found: Definition[] = [];
  visit(root, undefined, found, 0);
  return found;
}

function visit(parent: Node, head: Node | undefined, found: Definition[], depth: number): void {
  if (depth > 8) return;
  for (const node of parent.namedChildren) {
    if (node === null || found.length >= mostDefinitions) return;
    const start = head !== undefined && parent.namedChildren.length <= 2 ? head : node;
    if (containers.has(node.type)) {
      const definition = containerOf(node, start);
      if (definition !== undefined) found.push(definition);
      const body = bodyOf(node);
      if (body !== undefined) visitNested(body, found, depth + 1);
    } else if (singles.has(node.type)) {
      const name = nameOf(node);
      const short = runs(node) ? shortLines.code : shortLines.data;
      if (name !== undefined) found.push({ name, ...signatureOf(node, start, longestText, short), members: [] });
    } else if (wrappers.has(node.type)) {
      visit(node, heads.has(node.type) ? (head ?? node) : undefined, found, depth + 1);
    }
  }
}

/** Types inside of types are definitions of their own; methods are members only. */
function visitNested(body: Node, found: Definition[], depth: number): void {
  for (const node of body.namedChildren) {
    if (node === null || depth > 8 || found.length >= mostDefinitions || !containers.has(node.type)) continue;
    const definition = containerOf(node, node);
    if (definition !== undefined) found.push(definition);
    const inner = bodyOf(node);
    if (inner !== undefined) visitNested(inner, found, depth + 1);
  }
}

function containerOf(node: Node, start: Node): Definition | undefined {
  const name = nameOf(node) ?? node.childForFieldName("type")?.text;
  const body = bodyOf(node);
  if (name === undefined || name.length > 100) return undefined;
  if (body === undefined) return { name, ...signatureOf(node, start, longestText, shortLines.data), members: [] };
  const members: { name: string; text: string }[] = [];
  for (const child of membersOf(body)) {
    if (members.length >= mostMembers) break;
    const member = nameOf(child);
    if (member === undefined || isPrivate(child, member)) continue;
    members.push({ name: member, text: indentationBefore(child) + signatureOf(child, child, longestMember, 1).text });
  }
  const { text, whole } = signatureOf(node, start, longestMember, 1);
  return { name, text: !whole && body.text.startsWith("{") ? `${text} {` : text, whole, members };
}

function membersOf(body: Node): Node[] {
  return body.namedChildren.flatMap((child) => {
    if (child === null) return [];
    if (fields.has(child.type) || (singles.has(child.type) && child.type !== "assignment")) return [child];
    const inner = child.namedChildren.find((node) => node !== null && singles.has(node.type));
    if (inner === undefined || inner === null) return [];
    // A field of a class in Python is an assignment with a type.
    const isField = inner.type === "assignment" && inner.childForFieldName("type") !== null;
    return isField || child.type === "decorated_definition" || child.type === "template_declaration" ? [inner] : [];
  });
}

/** True for a member that only its own class may name. */
function isPrivate(node: Node, name: string): boolean {
  return /^(?:private\b|#)/.test(node.text.slice(0, 8)) || (/^_(?!_)/.test(name) && node.type === "function_definition");
}

/** True for a definition that is code to run, rather than data or a type. */
export function runs(node: Node): boolean {
  const value = node.childForFieldName("value");
  return /function|method|constructor/.test(node.type) || (value !== null && /function/.test(value.type));
}

/** The name a node defines; in C it lies within declarators. */
export function nameOf(node: Node): string | undefined {
  if (node.type === "assignment") {
    const left = node.childForFieldName("left");
    return left?.type === "identifier" ? left.text : undefined;
  }
  if (node.type === "property_identifier") return node.text;
  const named = node.childForFieldName("name");
  let inner = named ?? node.childForFieldName("declarator");
  for (let depth = 0; inner !== null && depth < 8; depth += 1) {
    const next = inner.childForFieldName("declarator") ?? inner.childForFieldName("name");
    if (next === null) break;
    inner = next;
  }
  if (inner === null && node.type === "function_statement")
    inner = node.namedChildren.find((child) => child?.type === "function_name") ?? null;
  // Prototypes are worth as much as functions, variables of C are not.
  if (node.type === "declaration" && node.childForFieldName("declarator")?.type !== "function_declarator") return undefined;
  const name = inner?.text.trim();
  return name !== undefined && name.length <= 100 && /^[#~$]?[\p{L}_$][\p{L}\p{N}_$!?=-]*$/u.test(name)
    ? name.replace(/^[#$]/, "")
    : undefined;
}

function bodyOf(node: Node): Node | undefined {
  const body = node.childForFieldName("body");
  if (body !== null) return body;
  const type = node.childForFieldName("type");
  if (type !== null && /^(struct|interface)_type$/.test(type.type))
    return type.namedChildren.find((child) => child?.type.endsWith("_list")) ?? type;
  return (
    node.namedChildren.find(
      (child) => child !== null && /(_body|_list|_block|body_statement)$/.test(child.type) && child.type !== "modifier_list",
    ) ?? undefined
  );
}

/** From the start of a definition to its body, or all of it where it has few lines. */
export function signatureOf(node: Node, start: Node, longest: number, lines: number): Pick<Definition, "text" | "whole"> {
  const whole = start.text;
  if (whole.length <= longest && countLines(whole) <= lines) return { text: tidy(whole), whole: true };
  const value = node.childForFieldName("value");
  const body = bodyOf(node) ?? (value === null ? undefined : bodyOf(value));
  const head = body === undefined ? whole : whole.slice(0, Math.max(0, body.startIndex - start.startIndex));
  const cut = head
    .replaceAll("\r\n", "\n")
    .split("\n")
    .slice(0, body === undefined ? shortLines.data : headLines)
    .join("\n")
    .slice(0, longest);
  return { text: tidy(cut).replace(/\s*(?:\{|=>|=)$/, ""), whole: false };
}

function tidy(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(/[ \t]+$/gm, "")
    .trim();
}

function countLines(text: string): number {
  return text.split("\n").length;
}

function indentationBefore(node: Node): string {
  const { column } = node.startPosition;
  // One column is a tab; far right it shares its line with others.
  return column === 1 ? "\t" : " ".repeat(column > 8 ? 2 : column);
}
