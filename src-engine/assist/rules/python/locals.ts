import type { Node } from "web-tree-sitter";
import { below } from "../nodes.ts";
import { childrenOf, mentionsName, namesIn, scopeOf } from "./nodes.ts";

/** Names that Python has of its own and code often uses. */
const known = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield abs all any bin bool bytes callable chr dict dir divmod enumerate eval exec filter float format frozenset getattr hasattr hash hex id input int isinstance iter len list map max min next object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip self cls".split(
    " ",
  ),
);
/** What looks at names while it runs. */
const looking = /^(?:locals|vars|eval|exec|globals|dir)$/;

/** The functions that a piece of code consists of, without those in others and in classes. */
export function outerFunctions(root: Node): readonly Node[] {
  return below(root, "function_definition").filter((each) => scopeOf(each) === undefined);
}

/** The names that a function gives values to by itself, in the order they appear, and that can be called otherwise without a trace. */
export function localNames(definition: Node): readonly string[] {
  const body = definition.childForFieldName("body");
  const names = namesIn(definition);
  if (
    body === null ||
    names.some(({ text }) => looking.test(text)) ||
    below(definition, ["class_definition", "match_statement"]).length > 0
  )
    return [];
  const fixed = new Set([
    ...parametersOf(definition),
    ...below(body, ["function_definition", "lambda"]).flatMap((each) => [
      each.childForFieldName("name")?.text ?? "",
      ...parametersOf(each),
    ]),
    ...below(body, ["import_statement", "import_from_statement", "global_statement"]).flatMap((each) =>
      below(each, "identifier").map(({ text }) => text),
    ),
    ...below(body, "keyword_argument").map((each) => each.childForFieldName("name")?.text ?? ""),
  ]);
  const found = new Set(
    namesIn(body)
      .filter(isSet)
      .map(({ text }) => text),
  );
  return [...found].filter((name) => !fixed.has(name) && !known.has(name) && !/^_/.test(name) && isOwn(definition, name));
}

/** True where a name is the function's own wherever it stands in it, and nowhere that of the module. */
function isOwn(definition: Node, name: string): boolean {
  return placesOf(definition, name).every((place) => {
    let at = place;
    for (let parent = at.parent; parent !== null && at.id !== definition.id; at = parent, parent = parent.parent) {
      if (parent.type === "for_in_clause" && parent.childForFieldName("right")?.id === at.id) {
        // The first of them is read outside of the comprehension.
        const whole = parent.parent;
        if (whole !== null && childrenOf(whole).find(({ type }) => type === "for_in_clause")?.id === parent.id) {
          at = parent;
          parent = whole;
          continue;
        }
      }
      if (setsName(parent, name)) return true;
    }
    return false;
  });
}

/** True for a comprehension or function that gives a value to a name in itself. */
function setsName(scope: Node, name: string): boolean {
  if (/_comprehension$|^generator_expression$/.test(scope.type))
    return childrenOf(scope).some((each) => each.type === "for_in_clause" && namesIn(each).some((one) => one.text === name && isSet(one)));
  if (scope.type !== "function_definition") return false;
  return namesIn(scope).some((one) => one.text === name && isSet(one) && scopeOf(one)?.id === scope.id && !isInComprehension(one));
}

function isInComprehension(node: Node): boolean {
  return (
    node.parent !== null && (node.parent.type === "for_in_clause" || (/pattern/.test(node.parent.type) && isInComprehension(node.parent)))
  );
}

/** True for a word that can be a name, and is not known to Python. */
export function isName(word: string): boolean {
  return /^[a-z][a-z0-9_]{1,29}$/.test(word) && !known.has(word);
}

/** True for a name that could be given to something in a text, in which it is not taken. */
export function isFree(name: string, root: Node): boolean {
  return isName(name) && !below(root, "identifier").some(({ text }) => text === name);
}

/** The names of the parameters of a function. */
export function parametersOf(definition: Node): readonly string[] {
  const list = definition.childForFieldName("parameters");
  if (list === null) return [];
  return childrenOf(list).flatMap((each) => {
    const name = each.type === "identifier" ? each : (each.childForFieldName("name") ?? below(each, "identifier")[0]);
    return name ? [name.text] : [];
  });
}

/** The places at which a function, and what is in it, speaks of a name. */
export function placesOf(definition: Node, name: string): readonly Node[] {
  return namesIn(definition).filter(({ text }) => text === name);
}

/** True for a name that is given a value where it stands. */
export function isSet(identifier: Node): boolean {
  let at = identifier;
  for (let parent = at.parent; parent !== null; at = parent, parent = parent.parent) {
    switch (parent.type) {
      case "pattern_list":
      case "tuple_pattern":
      case "list_pattern":
      case "list_splat_pattern":
      case "as_pattern_target":
        break;
      case "assignment":
      case "augmented_assignment":
      case "for_statement":
      case "for_in_clause":
        return parent.childForFieldName("left")?.id === at.id;
      case "named_expression":
        return parent.childForFieldName("name")?.id === at.id;
      case "as_pattern":
        return parent.childForFieldName("alias")?.id === at.id;
      default:
        return false;
    }
  }
  return false;
}

/** True where another function in a function may see a name. */
export function isCaptured(definition: Node, name: string): boolean {
  return below(definition, ["function_definition", "lambda"]).some((each) => each.id !== definition.id && mentionsName(each, name));
}
