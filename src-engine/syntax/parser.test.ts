import { describe, expect, test } from "vitest";
import { Edit } from "web-tree-sitter";
import { createParsers } from "./parser.ts";

const parsers = createParsers();

async function shapeOf(languageId: string, text: string) {
  const tree = await parsers.parse(languageId, text);
  const shape = tree?.rootNode.namedChildren.map((node) => node?.type);
  tree?.delete();
  return shape;
}

describe("syntax trees", () => {
  test.each([
    ["c", "int add(int a) { return a; }", "function_definition"],
    ["cpp", "class A { int b; };", "class_specifier"],
    ["csharp", "class A { int B() { return 1; } }", "class_declaration"],
    ["css", "a { color: red; }", "rule_set"],
    ["go", "func add(a int) int { return a }", "function_declaration"],
    ["java", "class A { int b() { return 1; } }", "class_declaration"],
    ["javascript", "function add(a) { return a; }", "function_declaration"],
    ["javascriptreact", "function Page() { return <p>text</p>; }", "function_declaration"],
    ["php", "<?php function add($a) { return $a; }", "function_definition"],
    ["powershell", "function Add-One { return 1 }", "statement_list"],
    ["python", "def add(a):\n    return a\n", "function_definition"],
    ["ruby", "def add(a)\n  a\nend\n", "method"],
    ["rust", "fn add(a: i32) -> i32 { a }", "function_item"],
    ["shellscript", "add() { echo 1; }", "function_definition"],
    ["typescript", "function add(a: number): number { return a; }", "function_declaration"],
    ["typescriptreact", "function Page(): Element { return <p>text</p>; }", "function_declaration"],
  ])("of %s", async (languageId, text, type) => {
    expect(await shapeOf(languageId, text)).toContain(type);
  });

  test("of a language nobody reads there are none", async () => {
    expect(await parsers.languageFor("constructor")).toBeUndefined();
    expect(await parsers.parse("plaintext", "a")).toBeUndefined();
  });

  test("of long texts are made in slices, in which others get their turn, and several at a time", async () => {
    const long = "function add(a: number): number { return [a, a].length; }\n".repeat(3000);
    let turns = 0;
    let done = false;
    const count = () => {
      turns += 1;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    const [first, second] = await Promise.all([shapeOf("typescript", long), shapeOf("typescript", `${long}const last = 1;\n`)]);
    done = true;
    expect(first).toHaveLength(3000);
    expect(second).toHaveLength(3001);
    expect(turns).toBeGreaterThan(4);
  });

  test("of a text that changed are made from the one before", async () => {
    const before = await parsers.parse("typescript", "const a = 1;\n");
    const start = { row: 0, column: 10 };
    before?.edit(
      new Edit({
        startIndex: 10,
        oldEndIndex: 11,
        newEndIndex: 12,
        startPosition: start,
        oldEndPosition: { ...start, column: 11 },
        newEndPosition: { ...start, column: 12 },
      }),
    );
    const after = await parsers.parse("typescript", "const a = 23;\n", { previous: before });
    expect(after?.rootNode.descendantForIndex(11)?.text).toBe("23");
    before?.delete();
    after?.delete();
  });

  test("are given up when nobody wants them any more", async () => {
    await expect(parsers.parse("typescript", "const a = 1;\n", { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  });
});
