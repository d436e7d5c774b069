import type { Node } from "web-tree-sitter";
import { lineStart } from "../../definition-around.ts";
import type { Edit } from "../edits.ts";
import type { Extraction } from "../language-rules.ts";
import { below, spansLines } from "../nodes.ts";
import { nameOfCondition, nameOfPart } from "../ruled-name.ts";
import { isCaptured, isSet, outerFunctions, parametersOf } from "./locals.ts";
import { blanksBefore, childrenOf, isGuarded, namesIn, plainAssignment, scopeOf, statementsOf } from "./nodes.ts";

/** With more arguments a function is not easier to read. */
const mostInputs = 4;
const leastLines = 3;
/** Conditions and values of fewer characters are read as quickly where they stand. */
const leastCondition = 20;
const leastValue = 36;

/** What may be seen from outside before it is over, or is another thing in another function. */
const unmovable = [
  "return_statement",
  "yield",
  "await",
  "global_statement",
  "nonlocal_statement",
  "delete_statement",
  "import_statement",
  "import_from_statement",
  "function_definition",
  "lambda",
  "class_definition",
  "named_expression",
  "match_statement",
];

/** The part of a code that is most worth a function of its own; undefined where there is none that can surely be taken out. */
export function extraction(root: Node, text: string): Extraction | undefined {
  for (const definition of outerFunctions(root)) {
    const body = definition.childForFieldName("body");
    const isMethod = /^(?:self|cls)$/.test(parametersOf(definition)[0] ?? "");
    if (
      body === null ||
      isMethod ||
      below(definition, ["match_statement", "class_definition"]).length > 0 ||
      /\b(?:locals|vars|eval|exec)\(/.test(definition.text)
    )
      continue;
    const found = largestRegion(definition, body, text) ?? longestExpression(definition, body, text);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Statements one after the other, a loop or a condition with what it begins with. */
interface Region {
  readonly first: Node;
  readonly last: Node;
}

function largestRegion(definition: Node, body: Node, text: string): Extraction | undefined {
  const all = below(body, ["for_statement", "while_statement", "if_statement"])
    .filter((node) => scopeOf(node)?.id === definition.id && node.parent?.type === "block")
    .map((last) => ({ first: beginningOf(last), last }))
    .filter(({ first, last }) => linesOf(first, last) >= leastLines && isWorthIt(body, first, last))
    .sort((a, b) => linesOf(b.first, b.last) - linesOf(a.first, a.last));
  for (const { first, last } of all) {
    const made = ofRegion(definition, { first, last }, text) ?? ofRegion(definition, { first: last, last }, text);
    if (made !== undefined) return made;
  }
  return undefined;
}

/** The statement from which on names are set that a loop or condition only then uses. */
function beginningOf(last: Node): Node {
  let first = last;
  for (let at = last.previousNamedSibling; at !== null; at = at.previousNamedSibling) {
    const assigned = plainAssignment(at);
    if (
      assigned === undefined ||
      !/^(?:\[|\{|set\(\)|-?\d|''|"")/.test(assigned.value.text) ||
      !namesIn(last).some(({ text }) => text === assigned.name)
    )
      break;
    first = at;
  }
  return first;
}

/** What is left must be something, too, and more than giving back what was taken out. */
function isWorthIt(body: Node, first: Node, last: Node): boolean {
  const others = statementsOf(body).filter(({ startIndex, endIndex }) => endIndex <= first.startIndex || startIndex >= last.endIndex);
  const [one, ...more] = others.filter(({ type, text }) => !(type === "expression_statement" && /^[rbu]*["']/i.test(text)));
  return one !== undefined && (more.length > 0 || first.parent?.id !== body.id || !/^return \w*$/.test(one.text));
}

function ofRegion(definition: Node, { first, last }: Region, text: string): Extraction | undefined {
  const block = last.parent;
  if (block === null || isGuarded(last) || linesOf(first, last) < leastLines) return undefined;
  const nodes = statementsBetween(block, first, last);
  if (nodes.some((node) => unmovable.includes(node.type) || below(node, unmovable).length > 0 || leavesLoop(node))) return undefined;
  const names = nodes.flatMap(namesIn);
  const set = new Set(names.filter((each) => isSet(each) && !inComprehension(each)).map((each) => each.text));
  if ([...set].some((name) => isCaptured(definition, name))) return undefined;
  const inputs = inputsOf(definition, names, first);
  const outside = seenOutside(definition, first, last);
  // In a loop around it, it begins with what it ended with.
  const isRepeated = loopsAround(definition, first).length > 0;
  const outputs = [...set].filter((name) => outside.has(name) || (isRepeated && inputs?.includes(name)));
  if (inputs === undefined || inputs.length > mostInputs || outputs.length > 1) return undefined;
  const [output] = outputs;
  if (output !== undefined && !inputs.includes(output) && !definitelySet(nodes).includes(output)) return undefined;
  if (output === undefined && set.size > 0 && inputs.length === 0) return undefined;
  const step = stepOf(definition, text);
  const from = lineStart(text, first.startIndex);
  const lines: string[] = [];
  for (const line of text.slice(from, last.endIndex).split("\n")) {
    const blanks = blanksBefore(first, text);
    if (line.trim() !== "" && !line.startsWith(blanks)) return undefined;
    lines.push(line.trim() === "" ? "" : step + line.slice(blanks.length));
  }
  if (nodes.some((node) => below(node, "string").some(spansLines))) return undefined;
  const ending = output === undefined ? "" : `\n${step}return ${output}`;
  const helper = (name: string) => `def ${name}(${inputs.join(", ")}):\n${lines.join("\n")}${ending}\n`;
  const call = (name: string) => `${output === undefined ? "" : `${output} = `}${name}(${inputs.join(", ")})`;
  return {
    helper,
    ruledName: nameOfPart({ inputs, ...(output !== undefined && { sets: { name: output, again: inputs.includes(output) } }) }),
    isQuestion: false,
    edits: (name) => [before(definition, helper(name)), { start: first.startIndex, end: last.endIndex, text: call(name) }],
  };
}

/** The longest condition, else the longest value, that is made of several parts. */
function longestExpression(definition: Node, body: Node, text: string): Extraction | undefined {
  const isOwn = (node: Node) => scopeOf(node)?.id === definition.id;
  const conditions = below(body, ["boolean_operator", "call"]).filter(
    (node) => isOwn(node) && node.text.length >= leastCondition && isAsked(node),
  );
  const values = below(body, ["binary_operator", "list_comprehension", "conditional_expression"]).filter(
    (node) => isOwn(node) && node.text.length >= leastValue && node.parent?.type !== "return_statement",
  );
  const byLength = (nodes: readonly Node[]) => [...nodes].sort((a, b) => b.text.length - a.text.length);
  for (const node of [...byLength(conditions), ...byLength(values)]) {
    if (below(node, unmovable).length > 0 || below(node, "string").some(spansLines) || spansLines(node)) continue;
    const inputs = inputsOf(definition, namesIn(node), node);
    if (inputs === undefined || inputs.length === 0 || inputs.length > mostInputs) continue;
    const step = stepOf(definition, text);
    const helper = (name: string) => `def ${name}(${inputs.join(", ")}):\n${step}return ${node.text}\n`;
    const assigned = plainAssignment(node.parent?.parent)?.name;
    return {
      helper,
      ruledName: isAsked(node)
        ? nameOfCondition(node, { inputs })
        : nameOfPart({ inputs, ...(assigned !== undefined && { sets: { name: assigned, again: false } }) }),
      isQuestion: isAsked(node),
      edits: (name) => [
        before(definition, helper(name)),
        { start: node.startIndex, end: node.endIndex, text: `${name}(${inputs.join(", ")})` },
      ],
    };
  }
  return undefined;
}

/** The names that a part needs from the function around it; undefined where one of them may not be set when the part begins. */
function inputsOf(definition: Node, names: readonly Node[], place: Node): readonly string[] | undefined {
  const parameters = new Set(parametersOf(definition));
  const inner = new Set(
    below(definition, "function_definition").flatMap((each) =>
      each.id === definition.id ? [] : [each.childForFieldName("name")?.text ?? ""],
    ),
  );
  const imported = new Set(
    below(definition, ["import_statement", "import_from_statement"]).flatMap((each) => below(each, "identifier").map(({ text }) => text)),
  );
  const locals = new Set(
    namesIn(definition)
      .filter(isSet)
      .map(({ text }) => text),
  );
  const found: string[] = [];
  for (const each of names) {
    const name = each.text;
    if (inner.has(name) || imported.has(name)) return undefined;
    const isRead = !isSet(each) || each.parent?.type === "augmented_assignment";
    if (!isRead || found.includes(name) || isSetInside(each, place) || !(parameters.has(name) || locals.has(name))) continue;
    if (!parameters.has(name) && !isSetBefore(definition, place, name)) return undefined;
    found.push(name);
  }
  return found;
}

/** True for a name that the part itself has set whenever it is read there. */
function isSetInside(name: Node, place: Node): boolean {
  return isSetAround(name, name.text, (at) => at.startIndex < place.startIndex);
}

/** True where a name has a value whenever a place is reached. */
function isSetBefore(definition: Node, place: Node, name: string): boolean {
  return isSetAround(place, name, (at) => at.id === definition.id);
}

/** True where a name is set by a statement before a place, or by a loop or comprehension around it; what is `beyond` is not looked at. */
function isSetAround(place: Node, name: string, beyond: (at: Node) => boolean): boolean {
  const sets = (node: Node | null) =>
    node !== null && [node, ...namesIn(node)].some((one) => one.type === "identifier" && one.text === name && isSet(one));
  for (let at = place, { parent } = at; parent !== null && !beyond(at); at = parent, { parent } = at) {
    const inner = at;
    if (parent.type === "block")
      for (let earlier = at.previousNamedSibling; earlier !== null && !beyond(earlier); earlier = earlier.previousNamedSibling)
        if (definitelySet([earlier]).includes(name)) return true;
    if (beyond(parent)) return false;
    if (parent.type === "for_statement" && parent.childForFieldName("body")?.id === inner.id && sets(parent.childForFieldName("left")))
      return true;
    if (
      /_comprehension$|^generator_expression$/.test(parent.type) &&
      childrenOf(parent).some((each) => each.type === "for_in_clause" && each.id !== inner.id && sets(each.childForFieldName("left")))
    )
      return true;
  }
  return false;
}

/** The names that statements set in any case. */
function definitelySet(statements: readonly Node[]): readonly string[] {
  return statements.flatMap((statement) => {
    const [inner] = statement.type === "expression_statement" ? childrenOf(statement) : [];
    if (inner?.type !== "assignment") return [];
    const left = inner.childForFieldName("left");
    return left === null
      ? []
      : [left, ...namesIn(left)].filter((each) => each.type === "identifier" && isSet(each)).map(({ text }) => text);
  });
}

function loopsAround(definition: Node, node: Node): readonly Node[] {
  const found: Node[] = [];
  for (let at = node.parent; at !== null && at.id !== definition.id; at = at.parent)
    if (/^(?:for|while)_statement$/.test(at.type)) found.push(at);
  return found;
}

/** The names that are spoken of after a part, or before it in a loop around it. */
function seenOutside(definition: Node, first: Node, last: Node): ReadonlySet<string> {
  const from = loopsAround(definition, first).at(-1)?.startIndex ?? last.endIndex;
  return new Set(
    namesIn(definition)
      .filter(({ startIndex }) => (startIndex >= from && startIndex < first.startIndex) || startIndex >= last.endIndex)
      .map(({ text }) => text),
  );
}

/** True where `break` or `continue` in a statement belong to a loop around it. */
function leavesLoop(statement: Node): boolean {
  return [statement, ...below(statement, ["break_statement", "continue_statement"])].some((each) => {
    if (!/^(?:break|continue)_statement$/.test(each.type)) return false;
    for (let at: Node | null = each; at !== null; at = at.parent) {
      if (/^(?:for|while)_statement$/.test(at.type)) return false;
      if (at.id === statement.id) return true;
    }
    return true;
  });
}

function statementsBetween(block: Node, first: Node, last: Node): readonly Node[] {
  return statementsOf(block).filter(({ startIndex, endIndex }) => startIndex >= first.startIndex && endIndex <= last.endIndex);
}

function inComprehension(name: Node): boolean {
  for (let at = name.parent; at !== null; at = at.parent) {
    if (at.type === "for_in_clause") return true;
    if (/statement$/.test(at.type)) return false;
  }
  return false;
}

/** True for the condition of a statement or a comprehension. */
function isAsked(node: Node): boolean {
  return /^(?:if_statement|elif_clause|while_statement|if_clause)$/.test(node.parent?.type ?? "");
}

function before(definition: Node, helper: string): Edit {
  const start = definition.parent?.type === "decorated_definition" ? definition.parent.startIndex : definition.startIndex;
  return { start, end: start, text: `${helper}\n\n` };
}

function linesOf(first: Node, last: Node): number {
  return last.endPosition.row - first.startPosition.row + 1;
}

/** By what a function indents its body. */
function stepOf(definition: Node, text: string): string {
  const [statement] = statementsOf(definition.childForFieldName("body"));
  return statement === undefined ? "    " : blanksBefore(statement, text).slice(blanksBefore(definition, text).length) || "    ";
}
