import type { Node } from "web-tree-sitter";
import { below } from "../nodes.ts";

/** Something that has a name in a function, or in one that stands in it, with all places that mean it. */
export interface Binding {
  readonly name: string;
  /** `other`: functions, classes, and what is caught. */
  readonly kind: "parameter" | "var" | "let" | "const" | "other";
  /** The part of the code in which the name means this. */
  readonly scope: Node;
  /** The places among all at which it gets its name. */
  readonly declared: readonly Node[];
  readonly places: readonly Node[];
}

/** What names mean in a function. */
export interface Bindings {
  readonly all: readonly Binding[];
  /** What a name means at its place; undefined for what comes from outside of the function. */
  of(place: Node): Binding | undefined;
  /** The names of what comes from outside. */
  readonly outer: ReadonlySet<string>;
}

interface Made extends Binding {
  readonly declared: Node[];
  readonly places: Node[];
}

const functionTypes = [
  "function_declaration",
  "generator_function_declaration",
  "function_expression",
  "generator_function",
  "arrow_function",
  "method_definition",
];
const blocks = /^(?:statement_block|switch_body|for_statement|for_in_statement)$/;
const nameTypes = ["identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"];

/** True for a function of any kind. */
export function isFunction({ type }: Node): boolean {
  return functionTypes.includes(type);
}

/** The functions below a node, or the node itself. */
export function functionsIn(node: Node): readonly Node[] {
  return below(node, functionTypes);
}

/** The function a node stands in; undefined at the outermost level. */
export function functionAround(node: Node): Node | undefined {
  for (let at = node.parent; at !== null; at = at.parent) if (isFunction(at)) return at;
  return undefined;
}

/** The functions that a piece of code consists of, without those in others. */
export function outerFunctions(root: Node): readonly Node[] {
  return functionsIn(root).filter((each) => functionAround(each) === undefined);
}

/** The names of variables below a node: no properties, no types, no labels. */
export function namesIn(node: Node): readonly Node[] {
  return below(node, nameTypes);
}

/** True where names may be looked up while a function runs. */
export function looksUpNames(definition: Node): boolean {
  return below(definition, "with_statement").length > 0 || namesIn(definition).some(({ text }) => text === "eval" || text === "arguments");
}

/** Finds what the names in a function mean. */
export function bindingsOf(definition: Node): Bindings {
  const byScope = new Map<number, Map<string, Made>>();
  const declare = (name: Node, scope: Node | undefined, kind: Binding["kind"]) => {
    if (scope === undefined) return;
    const names = byScope.get(scope.id) ?? new Map<string, Made>();
    byScope.set(scope.id, names);
    const found = names.get(name.text);
    if (found === undefined) names.set(name.text, { name: name.text, kind, scope, declared: [name], places: [] });
    else found.declared.push(name);
  };
  for (const node of functionsIn(definition)) {
    const { scope, kind } = { scope: node, kind: "parameter" as const };
    for (const field of ["parameters", "parameter"]) for (const name of namesOf(node.childForFieldName(field))) declare(name, scope, kind);
    const name = node.childForFieldName("name");
    if (name?.type !== "identifier") continue;
    if (/declaration$/.test(node.type)) declare(name, bodyAround(node, definition), "other");
    else declare(name, node, "other");
  }
  for (const node of below(definition, "variable_declarator")) {
    const { parent } = node;
    const kind = kindOf(parent);
    for (const name of namesOf(node.childForFieldName("name")))
      declare(name, kind === "var" ? bodyAround(node, definition) : blockAround(node), kind);
  }
  for (const node of below(definition, "for_in_statement")) {
    const word = node.childForFieldName("kind")?.text;
    if (word === undefined) continue;
    const kind = word === "var" || word === "let" || word === "const" ? word : "other";
    for (const name of namesOf(node.childForFieldName("left"))) declare(name, kind === "var" ? bodyAround(node, definition) : node, kind);
  }
  for (const node of below(definition, "catch_clause"))
    for (const name of namesOf(node.childForFieldName("parameter"))) declare(name, node, "other");
  for (const node of below(definition, ["class_declaration", "abstract_class_declaration", "enum_declaration", "class"])) {
    const name = node.childForFieldName("name");
    if (name !== null) declare(name, node.type === "class" ? node : blockAround(node), "other");
  }
  const of = (place: Node): Made | undefined => {
    for (let at = place.parent; at !== null; at = at.parent) {
      const found = byScope.get(at.id)?.get(place.text);
      if (found !== undefined || at.id === definition.id) return found;
    }
    return undefined;
  };
  const outer = new Set<string>();
  for (const place of namesIn(definition)) {
    const found = of(place);
    if (found === undefined) outer.add(place.text);
    else found.places.push(place);
  }
  return { all: [...byScope.values()].flatMap((names) => [...names.values()]), of, outer };
}

/** True for a place at which a name is given another value than the first. */
export function isAssigned(place: Node): boolean {
  let at = place;
  for (let parent = at.parent; parent !== null; at = parent, parent = parent.parent) {
    const isField = (field: string) => parent?.childForFieldName(field)?.id === at.id;
    switch (parent.type) {
      case "array_pattern":
      case "object_pattern":
      case "rest_pattern":
      case "parenthesized_expression":
      case "non_null_expression":
      case "as_expression":
      case "satisfies_expression":
        break;
      case "pair_pattern":
        if (!isField("value")) return false;
        break;
      case "assignment_pattern":
      case "object_assignment_pattern":
        if (!isField("left")) return false;
        break;
      case "assignment_expression":
      case "augmented_assignment_expression":
        return isField("left");
      case "update_expression":
        return true;
      case "for_in_statement":
        return isField("left") && parent.childForFieldName("kind") === null;
      default:
        return false;
    }
  }
  return false;
}

/** The names that a pattern gives. */
function namesOf(pattern: Node | null): readonly Node[] {
  if (pattern === null) return [];
  const field = (name: string) => namesOf(pattern.childForFieldName(name));
  switch (pattern.type) {
    case "identifier":
    case "shorthand_property_identifier_pattern":
      return [pattern];
    case "pair_pattern":
      return field("value");
    case "assignment_pattern":
    case "object_assignment_pattern":
      return field("left");
    case "required_parameter":
    case "optional_parameter":
      return field("pattern");
    case "formal_parameters":
    case "object_pattern":
    case "array_pattern":
    case "rest_pattern":
      return pattern.namedChildren.flatMap(namesOf);
    default:
      return [];
  }
}

function kindOf(declaration: Node | null): Binding["kind"] {
  if (declaration?.type === "variable_declaration") return "var";
  const word = declaration?.childForFieldName("kind")?.text;
  return word === "let" || word === "const" ? word : "other";
}

/** The block that a declaration with `let` or `const` holds in. */
function blockAround(node: Node): Node | undefined {
  for (let at = node.parent; at !== null; at = at.parent) if (blocks.test(at.type)) return at;
  return undefined;
}

/** The body of the function that a declaration with `var` holds in; undefined for what is declared outside of the definition. */
function bodyAround(node: Node, definition: Node): Node | undefined {
  if (node.id === definition.id) return undefined;
  for (let at = node.parent; at !== null; at = at.parent) {
    if (at.type === "class_static_block") return at;
    if (isFunction(at)) return at.childForFieldName("body") ?? undefined;
  }
  return undefined;
}
