import type { Node } from "web-tree-sitter";
import type { Framework } from "#core/assist/tests/framework";
import type { Parsers } from "../../syntax/parser.ts";

/** A file of tests of which everything that is no whole test, or tests nothing, was left out. */
export interface TidyTests {
  readonly text: string;
  /** The names of the tests that stayed. */
  readonly names: readonly string[];
  /** How many were left out because they are not whole, ask nothing, or are there twice. */
  readonly dropped: number;
}

/** More tests than asked for are the same again. */
const mostTests = 8;

const asks = /\b(?:assert\w*|expect|raises|throws|rejects|t\.(?:Error|Errorf|Fatal|Fatalf))\b/;

interface Unit {
  readonly text: string;
  /** Missing for what is no test: imports, helpers. */
  readonly name?: string;
  readonly whole: boolean;
  readonly useful: boolean;
  readonly indent: string;
  /** True where a blank line stood before it. */
  readonly apart: boolean;
}

/** A file of tests as a model wrote it. */
interface WrittenTests {
  readonly languageId: string;
  readonly framework: Framework;
  readonly text: string;
  /** The name of what is tested. */
  readonly subject: string;
  /** False for tests that are to be left out whatever they are. */
  readonly allowed?: (name: string) => boolean;
}

/** Keeps the tests of a written file that are whole, ask something of the subject, and are there once. */
export async function tidyTests(
  parsers: Pick<Parsers, "parse">,
  { languageId, framework, text, subject, allowed = () => true }: WrittenTests,
): Promise<TidyTests> {
  const tree = await parsers.parse(languageId, text);
  if (tree === undefined) return { text, names: [], dropped: 0 };
  try {
    const isInClass = framework === "unittest" || framework === "junit";
    const group = isInClass ? classOf(tree.rootNode) : undefined;
    const nodes = childrenOf(group?.childForFieldName("body") ?? tree.rootNode);
    const units = nodes.map((node) => unitOf(node, text, framework));
    const seen = new Set<string>();
    let dropped = 0;
    const kept = units.filter(({ name, whole, useful, text: own }) => {
      if (name === undefined) return whole && useful;
      const good = whole && allowed(name) && asks.test(own) && mentions(own, subject) && !seen.has(name) && seen.size < mostTests;
      if (good) seen.add(name);
      else dropped += 1;
      return good;
    });
    // The head of a class stands before its body.
    const before = group === undefined ? "" : text.slice(0, (group.childForFieldName("body") as Node).startIndex).trimEnd();
    const separator = languageId === "python" && group === undefined ? "\n\n\n" : "\n\n";
    const body = together(kept, separator);
    const opening = before === "" ? "" : `${before}${framework === "junit" ? " {" : ""}\n`;
    const ending = framework === "junit" ? "\n}\n" : "\n";
    return { text: opening + body + ending, names: [...seen], dropped };
  } finally {
    tree.delete();
  }
}

/** Nodes of a level; of what stands in an error, whole statements and definitions were read all the same. */
function childrenOf(node: Node): Node[] {
  return node.namedChildren.flatMap((child) => {
    if (child === null) return [];
    return child.isError ? childrenOf(child).filter(isReadable) : [child];
  });
}

function isReadable({ type, text }: Node): boolean {
  return (
    /(?:declaration|definition)$|^import/.test(type) || (type === "expression_statement" && /^(?:test|it|describe)\b[\s\S]*\)$/.test(text))
  );
}

function classOf(root: Node): Node | undefined {
  return root.descendantsOfType(["class_definition", "class_declaration"]).find((node) => node !== null) ?? undefined;
}

function unitOf(node: Node, text: string, framework: Framework): Unit {
  const own = node.text;
  const lineStart = text.lastIndexOf("\n", node.startIndex - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, node.startIndex))?.[0] ?? "";
  const name = nameOf(node, own, framework);
  const apart = /\n[ \t]*\n\s*$/.test(text.slice(0, node.startIndex));
  return { text: own, whole: !node.hasError, useful: isUseful(node), indent, apart, ...(name !== undefined && { name }) };
}

function nameOf(node: Node, text: string, framework: Framework): string | undefined {
  switch (framework) {
    case "pytest":
    case "unittest":
      return /^(?:@[^\n]*\n\s*)*(?:async )?def (test\w*)/.exec(text)?.[1] ?? /^class (Test\w*)/.exec(text)?.[1];
    case "go":
      return /^func (Test\w*)\(/.exec(text)?.[1];
    case "junit":
      return node.type === "method_declaration" && text.includes("@Test") ? /\bvoid\s+(\w+)/.exec(text)?.[1] : undefined;
    default:
      return /^(?:test|it|describe)(?:\.\w+)*\(\s*(["'`])((?:(?!\1).)*)\1/.exec(text)?.[2];
  }
}

/** Imports, helpers and what is done before each test are of use; what runs by itself, and words, are not. */
function isUseful(node: Node): boolean {
  if (/import|definition|declaration|comment|package/.test(node.type)) return true;
  return node.namedChild(0)?.type === "assignment" || /^(?:(?:before|after)(?:Each|All)?\(|(?:jest|vi)\.)/.test(node.text);
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${name.replaceAll("$", "\\$")}(?![\\p{L}\\p{N}_$])`, "u").test(text);
}

/** Tests with blank lines between them, and lines such as imports without. */
function together(units: readonly Unit[], separator: string): string {
  let text = "";
  for (const [index, unit] of units.entries()) {
    const isLine = (one: Unit | undefined) => one !== undefined && one.name === undefined && !one.text.includes("\n");
    const sameKind = isLine(unit) && isLine(units[index - 1]);
    text += (index === 0 ? "" : sameKind ? (unit.apart ? "\n\n" : "\n") : separator) + unit.indent + unit.text;
  }
  return text;
}
