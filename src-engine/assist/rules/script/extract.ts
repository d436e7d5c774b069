import type { Node } from "web-tree-sitter";
import { lineStart } from "../../definition-around.ts";
import type { Extraction } from "../language-rules.ts";
import { below, spansLines } from "../nodes.ts";
import { nameOfCondition, nameOfPart } from "../ruled-name.ts";
import { type Binding, functionAround, functionsIn, isAssigned, namesIn, outerFunctions } from "./bindings.ts";
import { indentOf, partsOf } from "./nodes.ts";
import { behind, changes, isCaptured, isUnmovable, metIn, type Place, parametersFor, placeOf, semicolon, stepOf } from "./place.ts";
import { isPlain, typeOf } from "./types.ts";

const leastLines = 3;
/** Conditions and values of fewer characters are read as quickly where they stand. */
const leastCondition = 24;
const leastValue = 40;

const repeating = /^(?:for|for_in|while|do)_statement$/;

/** Statements one after the other. */
interface Region {
  readonly first: Node;
  readonly last: Node;
}

/** The part of a code in JavaScript, or with types in TypeScript, that is most worth a function of its own; undefined where there is none that can surely be taken out. */
export const extractionOf =
  (isTyped: boolean) =>
  (root: Node, text: string): Extraction | undefined => {
    for (const definition of outerFunctions(root)) {
      const place = placeOf(definition, text, isTyped);
      const found = place && (largestRegion(place) ?? longestExpression(place));
      if (found !== undefined) return found;
    }
    return undefined;
  };

function largestRegion(place: Place): Extraction | undefined {
  const { definition, body } = place;
  const all = below(body, ["for_statement", "for_in_statement", "while_statement", "do_statement", "if_statement", "switch_statement"])
    .filter((node) => functionAround(node)?.id === definition.id && node.parent?.type === "statement_block")
    .map((last) => ({ first: beginningOf(last), last }))
    .filter((region) => linesOf(region) >= leastLines && isWorthIt(body, region))
    .sort((a, b) => linesOf(b) - linesOf(a));
  for (const { first, last } of all) {
    const made = ofRegion(place, { first, last }) ?? ofRegion(place, { first: last, last });
    if (made !== undefined) return made;
  }
  return undefined;
}

/** The statement from which on names are declared that a loop or condition only then uses. */
function beginningOf(last: Node): Node {
  let first = last;
  for (let at = last.previousNamedSibling; at !== null; at = at.previousNamedSibling) {
    const [declarator, ...more] = at.type === "lexical_declaration" ? partsOf(at) : [];
    const name = declarator?.childForFieldName("name");
    const value = declarator?.childForFieldName("value")?.text ?? "";
    if (more.length > 0 || name?.type !== "identifier" || !/^(?:\[|\{|-?\d|''|""|``|null$|new (?:Map|Set)\b)/.test(value)) break;
    if (!namesIn(last).some(({ text }) => text === name.text)) break;
    first = at;
  }
  return first;
}

/** What is left must be something, too, and more than giving back what was taken out. */
function isWorthIt(body: Node, { first, last }: Region): boolean {
  const others = partsOf(body).filter(({ startIndex, endIndex }) => endIndex <= first.startIndex || startIndex >= last.endIndex);
  const [one, ...more] = others;
  return one !== undefined && (more.length > 0 || first.parent?.id !== body.id || !/^return\b[^.([]*$/.test(one.text));
}

function ofRegion(place: Place, region: Region): Extraction | undefined {
  const { definition } = place;
  const { first, last } = region;
  const nodes = partsOf(last.parent).filter(({ startIndex, endIndex }) => startIndex >= first.startIndex && endIndex <= last.endIndex);
  if (isGuarded(last, definition) || linesOf(region) < leastLines || nodes.some((node) => isUnmovable(node) || leavesLoop(node)))
    return undefined;
  const loop = loopsAround(definition, first).at(-1);
  const isInside = ({ startIndex, endIndex }: Node) => startIndex >= first.startIndex && endIndex <= last.endIndex;
  const met = metIn(place, isInside);
  // Whoever else sees a name that changes would see it change.
  if (met.some((one) => changes(one) && isCaptured(one, definition))) return undefined;
  // A name for all of the function would keep its value the next time.
  if (
    met.some(({ kind, declared, places }) => kind === "var" && declared.some(isInside) && (loop !== undefined || !places.every(isInside)))
  )
    return undefined;
  const isOwn = ({ declared }: Binding) => declared.every(isInside);
  const inputs = met.filter((one) => !isOwn(one));
  const isSeenAfter = ({ places }: Binding) =>
    places.some(
      (each) => each.startIndex >= last.endIndex || (loop !== undefined && each.startIndex >= loop.startIndex && !isInside(each)),
    );
  const outputs = met.filter((one) =>
    isOwn(one) ? !one.places.every(isInside) : one.places.some((each) => isInside(each) && isAssigned(each)) && isSeenAfter(one),
  );
  const [output] = outputs;
  if (outputs.length > 1 || (output === undefined && inputs.length === 0)) return undefined;
  if (output !== undefined && isOwn(output) && output.declared.length > 1) return undefined;
  const parameters = parametersFor(place, inputs, first);
  const lines = movedLines(place, region);
  if (parameters === undefined || lines === undefined || nodes.some(hasTextOverLines)) return undefined;
  const end = endOf(place, last);
  const step = stepOf(place);
  const back = output === undefined ? "" : `\n${step}return ${output.name}${semicolon(place)}`;
  const later = output?.places.some((each) => !isInside(each) && isAssigned(each)) ? "let" : "const";
  const kept = output === undefined ? "" : isOwn(output) ? `${later} ${output.name} = ` : `${output.name} = `;
  const given = inputs.map(({ name }) => name);
  const names = given.join(", ");
  const helper = (name: string) => `function ${name}(${parameters}) {\n${lines}${back}\n}`;
  return {
    helper,
    ruledName: nameOfPart({ inputs: given, ...(output && { sets: { name: output.name, again: inputs.includes(output) } }) }),
    isQuestion: false,
    edits: (name) => [{ start: first.startIndex, end: last.endIndex, text: `${kept}${name}(${names})${end}` }, behind(place, helper(name))],
  };
}

/** The longest condition, else the longest value, that is made of several parts. */
function longestExpression(place: Place): Extraction | undefined {
  const { definition, body, bindings, isTyped } = place;
  const own = below(body, ["binary_expression", "ternary_expression"]).filter((node) => functionAround(node)?.id === definition.id);
  const conditions = own.filter((node) => node.text.length >= leastCondition && isAsked(node) && isLogical(node));
  // A list that is taken apart at once has a type for each of its places, which another function would not give.
  const isKept = ({ parent }: Node) =>
    parent?.type === "variable_declarator" && (!isTyped || parent.childForFieldName("name")?.type === "identifier");
  const values = own.filter((node) => node.text.length >= leastValue && isKept(node));
  const byLength = (nodes: readonly Node[]) => [...nodes].sort((a, b) => b.text.length - a.text.length);
  for (const node of [...byLength(conditions), ...byLength(values)]) {
    if (spansLines(node) || isUnmovable(node) || functionsIn(node).length > 0 || namesIn(node).some(isAssigned)) continue;
    const inputs = metIn(place, ({ startIndex, endIndex }) => startIndex >= node.startIndex && endIndex <= node.endIndex);
    if (inputs.some((one) => changes(one) && isCaptured(one, definition))) continue;
    // What a condition tells of types would not be known behind it.
    if (isTyped && isAsked(node) && !inputs.every((one) => isPlain(typeOf(one, bindings)))) continue;
    const parameters = inputs.length === 0 ? undefined : parametersFor(place, inputs, node);
    if (parameters === undefined) continue;
    const helper = (name: string) => `function ${name}(${parameters}) {\n${stepOf(place)}return ${node.text}${semicolon(place)}\n}`;
    const given = inputs.map(({ name }) => name);
    const names = given.join(", ");
    const target = node.parent?.childForFieldName("name");
    return {
      helper,
      ruledName: isAsked(node)
        ? nameOfCondition(node, { inputs: given })
        : nameOfPart({ inputs: given, ...(target?.type === "identifier" && { sets: { name: target.text, again: false } }) }),
      isQuestion: isAsked(node),
      edits: (name) => [{ start: node.startIndex, end: node.endIndex, text: `${name}(${names})` }, behind(place, helper(name))],
    };
  }
  return undefined;
}

/** True where `break` or `continue` in a statement belong to something around it. */
function leavesLoop(statement: Node): boolean {
  return below(statement, ["break_statement", "continue_statement"]).some((each) => {
    if (each.childForFieldName("label") !== null) return true;
    for (let at: Node | null = each; at !== null; at = at.parent) {
      if (repeating.test(at.type) || (each.type === "break_statement" && at.type === "switch_statement")) return false;
      if (at.id === statement.id) return true;
    }
    return true;
  });
}

/** True where a node stands in a `try` of its own function: what happens half way can be seen there. */
function isGuarded(node: Node, definition: Node): boolean {
  for (let at = node.parent; at !== null && at.id !== definition.id; at = at.parent) if (at.type === "try_statement") return true;
  return false;
}

function loopsAround(definition: Node, node: Node): readonly Node[] {
  const found: Node[] = [];
  for (let at = node.parent; at !== null && at.id !== definition.id; at = at.parent) if (repeating.test(at.type)) found.push(at);
  return found;
}

/** True for a condition. */
function isAsked({ parent }: Node): boolean {
  if (parent?.type === "parenthesized_expression") return /^(?:if|while|do)_statement$/.test(parent.parent?.type ?? "");
  return false;
}

/** True for several conditions as one. */
function isLogical(node: Node): boolean {
  return /^(?:&&|\|\|)$/.test(node.childForFieldName("operator")?.text ?? "");
}

/** True for a text whose blanks would change with the depth. */
function hasTextOverLines(node: Node): boolean {
  return below(node, ["template_string", "string", "jsx_text"]).some(spansLines);
}

/** The lines of a region, as deep as the body of a function; undefined where they are not all as deep as the first. */
function movedLines(place: Place, { first, last }: Region): string | undefined {
  const { text } = place;
  const blanks = indentOf(first, text);
  const from = lineStart(text, first.startIndex);
  if (text.slice(from, first.startIndex) !== blanks) return undefined;
  const lines = text.slice(from, last.endIndex).split("\n");
  if (lines.some((line) => line.trim() !== "" && !line.startsWith(blanks))) return undefined;
  return lines.map((line) => (line.trim() === "" ? "" : stepOf(place) + line.slice(blanks.length))).join("\n");
}

/** What ends a call in the place of a statement: a line that begins with a bracket would else belong to it. */
function endOf(place: Place, last: Node): string {
  const next = partsOf(last.parent).find(({ startIndex }) => startIndex >= last.endIndex);
  return semicolon(place) || (/^[([`+\-/]/.test(next?.text ?? "") ? ";" : "");
}

function linesOf({ first, last }: Region): number {
  return last.endPosition.row - first.startPosition.row + 1;
}
