// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code that is looked at, not run.

import { afterAll, describe, expect, test } from "vitest";
import { createParsers } from "../../syntax/parser.ts";
import { createCompletionSyntax } from "./syntax.ts";

const syntax = createCompletionSyntax(createParsers());
afterAll(() => syntax.dispose());

/** `‸` is the cursor. */
function placeOf(languageId: string, marked: string) {
  const [prefix = "", suffix = ""] = marked.split("‸");
  return { languageId, prefix, suffix };
}

const broken = (languageId: string, marked: string, text: string, replaces = 0) =>
  syntax.isBroken({ ...placeOf(languageId, marked), text, replaces });

describe("a suggestion that parses", () => {
  test.each([
    ["python", "total = ‸\n", "sum(values)"],
    ["python", "def add(a, b):‸\n", "\n    return a + b"],
    ["python", "def add(a, b):\n    ‸\n    return c\n", "if a:"],
    ["python", "print(‸)\n", "1, 2"],
    ["python", "print(‸\n\nx = 1\n", "1, 2"],
    ["python", 'name = "‸"\n', "one two"],
    ["go", "func add(a int) int {\n\t‸\n}\n", "return a + 1"],
    ["go", "func add(a int) int {\n\t‸\n}\n", "if a > 1 {"],
    ["rust", "fn add(a: i32) -> i32 {‸\n}\n", "\n    let b = a + 1;\n    b"],
    ["rust", "fn add(a: i32) -> i32 {\n    let b = ‸\n}\n", "a + 1;"],
    ["java", "class A {\n    int b() {\n        ‸\n    }\n}\n", "int c = 1;\n        return c;"],
    ["java", "class A {\n    int b() {\n        ‸\n    }\n}\n", "int c = sum(1, 2)"],
    ["c", "int main(void) {\n  ‸\n}\n", 'for (int i = 0; i < 3; i++) printf("%d", i);'],
    ["cpp", "int main() {\n  std::vector<int> a = ‸\n}\n", "{1, 2, 3};"],
    ["csharp", "class A {\n  int B() {\n    ‸\n  }\n}\n", "return items.Select(x => x + 1).Sum();"],
    ["ruby", "def add(a, b)\n  ‸\nend\n", "a + b"],
    ["ruby", "‸\n", "def add(a, b)"],
    ["shellscript", "‸\n", 'for one in a b; do\n  echo "$one"\ndone'],
    ["shellscript", "‸\n", "if [ -f a ]; then"],
    ["php", "<?php\nfunction add($a) {\n  ‸\n}\n", "return $a + 1;"],
    ["css", "a {\n  ‸\n}\n", "color: red;"],
  ])("%s %j %j", async (languageId, place, text) => {
    expect(await broken(languageId, place, text)).toBe(false);
  });
});

describe("a suggestion that does not", () => {
  test.each([
    ["python", "total = ‸\n", ") + 1"],
    ["python", "print(‸)\n", "1, 2)"],
    ["python", "def add(a, b):\n    ‸\n\nx = 1\n", "return a b c"],
    ["go", "func add(a int) int {\n\t‸\n}\n", "return a +* 1 1\n\tb := 2"],
    ["go", "func add(a int) int {\n\t‸\n}\n", "return a)"],
    ["rust", "fn add(a: i32) -> i32 {\n    ‸\n}\n", "let = a + 1;"],
    ["java", "class A {\n    int b() {\n        ‸\n    }\n}\n", "int c = = 1;"],
    ["c", "int main(void) {\n  ‸\n}\n", "return (1 + 2));"],
    ["csharp", "class A {\n  int B() {\n    ‸\n  }\n}\n", "return = items.Sum();"],
    ["ruby", "def add(a, b)\n  ‸\nend\n", "a + ) b"],
    ["shellscript", "‸\necho 1\n", "if [ -f a ]; fi; done"],
    ["php", "<?php\nfunction add($a) {\n  ‸\n}\n", "return $a + ];"],
    ["css", "a {\n  ‸\n}\n", "color: }red;"],
  ])("%s %j %j", async (languageId, place, text) => {
    expect(await broken(languageId, place, text)).toBe(true);
  });
});

describe("odd texts", () => {
  test("of what was broken before, only what is new counts", async () => {
    expect(await broken("python", "def (:\n\ntotal = ‸\n", "1 + 1")).toBe(false);
    expect(await broken("go", "func add( {\n}\nfunc b() int {\n\t‸\n}\n", "return 1")).toBe(false);
    expect(await broken("c", "int main(void) {\n  foo(‸\n  bar();\n}\n", "1, 2")).toBe(false);
  });

  test("line ends, emoji, halves of characters, closers that are replaced", async () => {
    expect(await broken("python", "print(‸)\r\n", "'😀', 2)", 1)).toBe(false);
    expect(await broken("python", "# \uD83D\r\nprint(‸)\r\n", "'👩‍👩‍👧'")).toBe(false);
    expect(await broken("python", "print('\uD83D‸')\n", "\uDE00")).toBe(false);
    expect(await broken("python", "print(‸)\r\n", "1, 2))", 1)).toBe(true);
  });

  test("without a grammar nobody can tell", async () => {
    expect(await broken("plaintext", "‸", ")")).toBeUndefined();
    expect(await syntax.endOfBlock({ ...placeOf("plaintext", "‸"), text: "a\nb\n" })).toBe(4);
    expect(await syntax.placeKind(placeOf("plaintext", "# a‸"))).toBe("code");
  });
});

describe("the block being written", () => {
  const kept = async (languageId: string, marked: string, text: string) =>
    text.slice(0, await syntax.endOfBlock({ ...placeOf(languageId, marked), text }));

  test.each([
    ["typescript", "function add(a, b) {‸\n", "\n  return a + b;\n}", "\nconst next = 1;\n"],
    ["typescript", "run(() => {‸\n", "\n  one();\n}, 100);", "\n\nrun(() => {\n"],
    ["typescript", "one.then(() => {‸\n", "\n  two();\n}).catch(() => {\n  three();\n});", "\nfour();"],
    ["typescript", "class A {\n  b() {‸\n}\n", "\n    return 1;\n  }", "\n\n  c() {\n    return 2;\n  }\n"],
    ["typescript", "if (a) {‸\n", "\n  b();\n} else {\n  c();\n}", "\nd();"],
    ["typescript", "class A {\n  ‸\n}\n", "b() {\n    return 1;\n  }", "\n\n  c() {\n    return 2;\n  }\n"],
    ["typescript", "‸\n", "function a() {\n  return 1;\n}", "\n\nfunction b() {\n  return 2;\n}"],
    ["javascript", "const a = {‸\n", "\n  one: 1,\n};", "\nconst b = 2;"],
    ["python", "def add(a, b):‸\n", "\n    return a + b", "\n\nprint(add(1, 2))"],
    ["python", "‸\n", "for one in all:\n    print(one)", "\nprint(2)"],
    ["python", "if a:‸\n", "\n    b()\nelse:\n    c()", "\nd()"],
    ["go", "func add(a int) int {‸\n", "\n\treturn a\n}", "\n\nfunc b() {}"],
    ["rust", "impl A {\n    fn b(&self) -> i32 {‸\n}\n", "\n        1\n    }", "\n\n    fn c(&self) {}"],
    ["java", "class A {\n    int b() {‸\n}\n", "\n        return 1;\n    }", "\n\n    int c() {\n        return 2;\n    }"],
    ["ruby", "def add(a, b)‸\n", "\n  a + b\nend", "\n\nputs add(1, 2)"],
    ["shellscript", "for one in a b; do‸\n", '\n  echo "$one"\ndone', "\necho end"],
    ["c", "int main(void) {‸\n", "\n  return 0;\n}", "\n\nint other(void) {\n  return 1;\n}"],
  ])("%s %j ends behind %j", async (languageId, place, block, rest) => {
    expect(await kept(languageId, place, block + rest)).toBe(block);
    expect(await kept(languageId, place, block)).toBe(block);
  });

  test.each([
    ["typescript", "function f() {\n  ‸\n}\n", "const a = 1;\n  const b = 2;\n  return a + b;"],
    ["python", "def f():\n    ‸\n", "a = 1\n    b = 2\n    return a + b"],
    ["go", "func f() int {\n\t‸\n}\n", "a := 1\n\treturn a"],
    ["typescript", "function f() {\n  ‸\n}\n", "if (a) {\n    b();\n  }\n  return c;"],
    ["python", "def f():\n    ‸\n", "for a in b:\n        c(a)\n    return b"],
    ["typescript", "function f() {‸\n}\n", "\n  if (a) {\n    b();\n  }\n  return c;"],
  ])("%s %j goes on through %j", async (languageId, place, text) => {
    expect(await kept(languageId, place, text)).toBe(text);
  });
});

describe("what the cursor stands in", () => {
  test.each([
    ["typescript", "// a word‸\n", "comment"],
    ["typescript", "/* a ‸ word */\n", "comment"],
    ["typescript", "/* a word */‸\n", "code"],
    ["typescript", "const a = 'one ‸ two';\n", "string"],
    ["typescript", 'const a = "one ‸\n', "string"],
    ["typescript", "const a = `one ${‸} two`;\n", "code"],
    ["typescript", "const a = `one ${b} ‸two`;\n", "string"],
    ["typescript", "const a = 'one'‸;\n", "code"],
    ["typescript", "const a = ‸\n", "code"],
    ["python", "# a word‸\n", "comment"],
    ["python", 'a = "one ‸"\n', "string"],
    ["python", 'a = f"one {‸b}"\n', "code"],
    ["python", '"""A docstring ‸\n"""\n', "string"],
    ["python", "a = 1  ‸# word\n", "code"],
    ["go", "// a word‸\npackage main\n", "comment"],
    ["go", 'package main\nvar a = "one ‸"\n', "string"],
    ["rust", "/// a word‸\nfn a() {}\n", "comment"],
    ["rust", 'fn a() { let b = "one ‸"; }\n', "string"],
    ["java", "/** a word ‸ */\nclass A {}\n", "comment"],
    ["ruby", "# a word‸\n", "comment"],
    ["ruby", 'a = "one #{‸b}"\n', "code"],
    ["shellscript", "# a word‸\n", "comment"],
    ["shellscript", 'echo "one ‸"\n', "string"],
    ["csharp", "// a word‸\nclass A {}\n", "comment"],
    ["css", "/* a ‸ word */\n", "comment"],
  ])("%s %j: %s", async (languageId, place, kind) => {
    expect(await syntax.placeKind(placeOf(languageId, place))).toBe(kind);
  });
});
