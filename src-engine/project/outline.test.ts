import { describe, expect, test } from "vitest";
import { createParsers } from "../syntax/parser.ts";
import { createOutlines } from "./outline.ts";

const outlines = createOutlines(createParsers());

async function outlineOf(languageId: string, text: string) {
  const outline = await outlines.of(languageId, text);
  if (outline === undefined) throw new Error(`There is no grammar for ${languageId}.`);
  return outline;
}

const shown = async (languageId: string, text: string) =>
  (await outlineOf(languageId, text)).entries.map(({ within, name, from, to }) => `${[...within, name].join(".")} ${from + 1}-${to + 1}`);

describe("definitions, with what they lie in and their lines", () => {
  test.each([
    [
      "typescript",
      "export class Cart {\n  total(rate: number) {\n    return 1;\n  }\n}\nexport const add = (a: number) => {\n  const local = 1;\n  return local;\n};",
      ["Cart 1-5", "Cart.total 2-4", "add 6-9"],
    ],
    ["typescriptreact", "function View() {\n  function inner() {}\n  return <a/>;\n}", ["View 1-4", "View.inner 2-2"]],
    ["javascript", "class Cart {\n  total() {}\n}\nfunction add() {}", ["Cart 1-3", "Cart.total 2-2", "add 4-4"]],
    [
      "python",
      "@once\ndef add(a):\n    x = 1\n    return x\n\nclass Cart:\n    def _total(self):\n        return 1",
      ["add 1-4", "Cart 6-8", "Cart._total 7-8"],
    ],
    [
      "go",
      "type Cart struct {\n\tSize int\n}\nfunc (c *Cart) Add() {\n}\nfunc New() *Cart { return nil }",
      ["Cart 1-3", "Add 4-5", "New 6-6"],
    ],
    [
      "rust",
      "pub struct Cart;\nimpl Cart {\n    fn total(&self) -> f64 {\n        1.0\n    }\n}\nfn add() {}",
      ["Cart 1-1", "Cart 2-6", "Cart.total 3-5", "add 7-7"],
    ],
    ["java", "class Cart {\n  double total() {\n    return 1;\n  }\n}", ["Cart 1-5", "Cart.total 2-4"]],
    ["c", "struct cart { int size; };\nstatic int add(int a)\n{\n  return a;\n}", ["cart 1-1", "add 2-5"]],
    ["cpp", "namespace shop {\nclass Cart {\n  double total() { return 1; }\n};\n}", ["Cart 2-4", "Cart.total 3-3"]],
    ["csharp", "class Cart {\n  double Total() => 1;\n}", ["Cart 1-3", "Cart.Total 2-2"]],
    [
      "ruby",
      "module Shop\n  class Cart\n    def total\n      1\n    end\n  end\nend",
      ["Shop 1-7", "Shop.Cart 2-6", "Shop.Cart.total 3-5"],
    ],
    ["php", "<?php\nclass Cart {\n  function total() { return 1; }\n}\nfunction add() {}", ["Cart 2-4", "Cart.total 3-3", "add 5-5"]],
    ["shellscript", "add() {\n  echo 1\n}", ["add 1-3"]],
    ["powershell", "function Add-One {\n  return 1\n}", ["Add-One 1-3"]],
  ])("of %s", async (languageId, text, expected) => {
    const found = await shown(languageId, text);
    for (const one of expected) expect(found).toContain(one);
  });

  test("variables of a function are nobody else's", async () => {
    expect(await shown("typescript", "function f() {\n  const inside = 1;\n  let other;\n}\nconst outside = 2;")).toEqual([
      "f 1-4",
      "outside 5-5",
    ]);
  });
});

describe("code and prose", () => {
  test("are told apart, each on its own line", async () => {
    const text = 'def add(a):\n    """Adds\n    numbers."""\n    return a  # at last\n';
    const { code, prose } = await outlineOf("python", text);
    expect(code.split("\n").map((line) => line.trim())).toEqual(["def add(a):", "", "", "return a", ""]);
    expect(prose.split("\n").map((line) => line.trim())).toEqual(["", '"""Adds', 'numbers."""', "# at last", ""]);
  });
});

test("broken, deep and endless texts have an outline too", async () => {
  expect(await shown("typescript", "export function fine() {}\nclass Broken { run( {{{\n")).toContain("fine 1-1");
  expect((await outlineOf("typescript", "function a() {}\n".repeat(5000))).entries).toHaveLength(3000);
  expect((await outlineOf("typescript", "function a() {".repeat(400) + "}".repeat(400))).entries).toHaveLength(1);
});
