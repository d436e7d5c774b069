import { describe, expect, test } from "vitest";
import { doubtsOfExplanation, doubtsOfRewrite, type Rewrite } from "./doubts.ts";
import { wrongDepth } from "./indentation.ts";
import { lexiconOf } from "./languages.ts";
import { declaredNames, withExports } from "./names.ts";
import { repeatsItself } from "./repetition.ts";
import { scan } from "./scan.ts";

const sumOfArray = `export function sum(items: number[]): number {
  let total = 0;
  for (let i = 0; i < items.length; i++) {
    total = total + items[i];
  }
  return total;
}`;

const pythonLoad = `def load(path):
    """Reads the file. It is the one that the user has chosen, and it can be empty."""
    result = []
    f = open(path)
    for line in f.readlines():
        if line.strip() != "":
            result.append(line.strip())
    f.close()
    return result`;

function judge(changes: Partial<Rewrite> & { answer: string }): string[] {
  const doubts = doubtsOfRewrite({
    languageId: "typescript",
    original: sumOfArray,
    stop: "end",
    instruction: "",
    elsewhere: "",
    ...changes,
  });
  return doubts.map(({ kind, blocks }) => (blocks ? kind : `(${kind})`));
}

const python = (answer: string, changes: Partial<Rewrite> = {}) =>
  judge({ languageId: "python", original: pythonLoad, answer, ...changes });

describe("an answer that can be kept", () => {
  test.each([
    ["a simpler loop", sumOfArray.replace(/for .*\n.*\n {2}\}/, "for (const item of items) {\n    total += item;\n  }"), []],
    [
      "one expression",
      "export function sum(items: number[]): number {\n  return items.reduce((total, item) => total + item, 0);\n}",
      ["(shrunk)"],
    ],
    ["a comment more", `// Adds the numbers. This is what the caller of it has to know.\n${sumOfArray}`, []],
    ["a string with a bracket", sumOfArray.replace("let total = 0;", "let total = 0; log(`(`, ')', /[(]/);"), []],
    ["the same", sumOfArray, ["(unchanged)"]],
  ])("%s", (_name, answer, expected) => {
    expect(judge({ answer })).toEqual(expected);
  });

  test("a Python one with a docstring of several sentences", () => {
    expect(
      python(`def load(path):
    """
    Reads the file that the user has chosen.

    This is the list of its lines without the empty ones, and it can be empty.
    """
    with open(path) as f:
        return [line.strip() for line in f if line.strip()]`),
    ).toEqual(["(shrunk)"]);
  });

  test("a short one without the variables of the old one", () => {
    const original =
      "def is_even(number):\n    if number % 2 == 0:\n        result = True\n    else:\n        result = False\n    return result";
    expect(python("def is_even(number):\n    return number % 2 == 0", { original })).toEqual(["(shrunk)"]);
  });

  test("a join in place of a loop", () => {
    const original =
      'def to_row(cells):\n    row = ""\n    for i in range(len(cells)):\n        if i > 0:\n            row = row + "|"\n        row = row + str(cells[i])\n    return row';
    expect(python('def to_row(cells):\n    return "|".join(map(str, cells))', { original })).toEqual(["(shrunk)"]);
  });

  test("one that speaks of dots and of what is unchanged, without leaving anything out", () => {
    const answer = sumOfArray.replace(
      "let total = 0;",
      "// Keeps the items unchanged for the caller, who may still need them.\n  let total = [...items].length * 0;",
    );
    expect(judge({ answer })).toEqual([]);
  });
});

describe("an answer that is not what was asked", () => {
  test.each<[string, string, Partial<Rewrite>, string]>([
    ["nothing", "  \n", {}, "empty"],
    ["a sentence", "The function adds all of the numbers, and it can be written with reduce.", {}, "prose"],
    ["code and a sentence", `${sumOfArray}\n\nThis version of the function is easier to read than the one you have`, {}, "prose"],
    ["a list in Markdown", `1. **Loop**: goes over the items\n${sumOfArray}`, {}, "prose"],
    ["the length limit", sumOfArray.replace("total;", "total + 0;"), { stop: "limit" }, "cut-off"],
    ["an unfinished end", sumOfArray.slice(0, -20), {}, "cut-off"],
    ["a bracket too many", `${sumOfArray}\n}`, {}, "syntax"],
    ["the rest left out", "export function sum(items: number[]): number {\n  // ... rest of the code\n}", {}, "elision"],
    ["existing code named", "export function sum(items: number[]): number {\n  // existing code\n  return 0;\n}", {}, "elision"],
    [
      "only dots in a comment",
      "export function sum(items: number[]): number {\n  let total = 0;\n  // ...\n  return total;\n}",
      {},
      "elision",
    ],
    ["another name", sumOfArray.replace("sum", "add"), {}, "lost-name"],
    ["half of it", "export function sum() {\n  return 0;\n}", {}, "shrunk"],
    ["a loop of lines", `${sumOfArray}\n${"console.log(total);\n".repeat(6)}`, {}, "repetition"],
    ["what the runtime saw as a loop", sumOfArray.replace("total;", "total + 0;"), { stop: "repeat" }, "repetition"],
  ])("%s", (_name, answer, changes, expected) => {
    expect(judge({ answer, ...changes })).toContain(expected);
  });

  test("Python with dots in place of the body, or wrong depth", () => {
    expect(python('def load(path):\n    """Reads."""\n    ...')).toContain("elision");
    expect(
      python("def load(path):\nresult = []\nf = open(path)\nfor line in f.readlines():\n    result.append(line.strip())\nreturn result"),
    ).toContain("syntax");
  });
});

describe("what the user asks for is no doubt", () => {
  test("fewer lines", () => {
    expect(judge({ answer: "export function sum() {\n  return 0;\n}", instruction: "remove the loop" })).toEqual(["(shrunk)"]);
  });
  test("another name", () => {
    expect(judge({ answer: sumOfArray.replace("sum", "add"), instruction: "rename it to add" })).toEqual(["(lost-name)"]);
  });
});

test("a variable may go unless it is used elsewhere", () => {
  const original = "const limit = 10;\nrun(limit);";
  const answer = "run(10);";
  expect(judge({ original, answer })).toEqual([]);
  expect(judge({ original, answer, elsewhere: "if (count > limit) stop();" })).toEqual(["lost-name"]);
});

test("what stands elsewhere in the file is not written once more", () => {
  const elsewhere = "export function mean(items: number[]) {\n  return sum(items) / items.length;\n}";
  expect(judge({ answer: `${elsewhere}\n\n${sumOfArray}`, elsewhere })).toEqual(["repetition"]);
  expect(judge({ answer: `${elsewhere}\n\n${sumOfArray}` })).toEqual([]);
});

test.each([
  ["neither the file nor the user writes in", {}, ["prose"]],
  ["the file writes in", { elsewhere: "// 用于初始化" }, []],
  ["the user asks in", { instruction: "用中文" }, []],
])("words in a script that %s", (_which, changes, doubts) => {
  expect(judge({ answer: `// 求和。\n${sumOfArray}`, ...changes })).toEqual(doubts);
});

test("prose may be prose", () => {
  const original = "this are a text, with mistake's";
  const answer = "This is a text that has no mistakes, and it can be read by all of you.";
  expect(judge({ languageId: "markdown", original, answer })).toEqual([]);
});

test("an original that does not balance is compared, not judged", () => {
  expect(judge({ original: "} else {\n  a();", answer: "} else {\n  b();" })).toEqual([]);
  expect(judge({ original: "} else {\n  a();", answer: "} else {\n  b();\n}" })).toContain("syntax");
});

describe("an explanation", () => {
  test("is doubted when it is empty, cut off or repeated", () => {
    expect(doubtsOfExplanation("It adds.", "end")).toEqual([]);
    expect(doubtsOfExplanation("", "end")).toMatchObject([{ kind: "empty", blocks: true }]);
    expect(doubtsOfExplanation("It adds", "limit")).toMatchObject([{ kind: "cut-off", blocks: false }]);
    expect(doubtsOfExplanation("It adds numbers.\n".repeat(8), "end")).toMatchObject([{ kind: "repetition" }]);
  });
});

describe("scanning", () => {
  test.each([
    ["typescript", `a(\`x\${b(\`y\${c}\`)}z\`, {d: [1]})`, "", ""],
    ["typescript", "x = a / b; y = c / (d)", "", ""],
    ["typescript", "x = /[/(]\\/(/.test(y) // (", "", ""],
    ["typescript", "f(\"(\", '[', /* { */ g(", "((", ""],
    ["typescript", "`${a", "`", ""],
    ["typescriptreact", "<p>don't {x} it's</p>", "", ""],
    ["typescript", "if (a) }", "", "}"],
    ["python", 'x = f(r"\\d(", """(\n"[""", \'it\\\'s\') # (', "", ""],
    ["python", "x = [(1, 2)", "[", ""],
    ["go", 'x := `(\n` + "{"', "", ""],
    ["rust", "fn a<'a>(x: &'a str) { b('c'); }", "", ""],
    ["cpp", "int x = 1'000; char c = '('; /* [", "/*", ""],
  ])("%s: %s", (languageId, text, open, stray) => {
    const lexicon = lexiconOf(languageId);
    if (!lexicon) throw new Error(languageId);
    const found = scan(text, lexicon);
    expect({ open: found.open, stray: found.stray }).toEqual({ open, stray });
    expect(found.code).toHaveLength(text.length);
    expect(found.comments).toHaveLength(text.length);
  });
});

test("names of the outermost level", () => {
  const code = `export async function load() {
  const inner = 1;
}
export default class Reader {}
const size = 3;
export const limit = 4;
private readonly method(a: string): void {
if (x) {
def python(a):
async def other():
MAX = 5
fn main() {
func (r *Reader) Read() {
type Name = string;`;
  expect(declaredNames(code).map((entry) => (entry.public ? entry.name : `(${entry.name})`))).toEqual([
    "load",
    "Reader",
    "(size)",
    "limit",
    "method",
    "python",
    "other",
    "(MAX)",
    "main",
    "Read",
    "Name",
  ]);
});

test("exports are put back, unless they are made in another way", () => {
  const original = "export function double(value: number) {\n  return value * 2;\n}\nfunction own() {}";
  expect(withExports("const double = (value: number) => value * 2;\nfunction own() {}", original)).toBe(
    "export const double = (value: number) => value * 2;\nfunction own() {}",
  );
  expect(withExports("export const double = 1;", original)).toBe("export const double = 1;");
  expect(withExports("const double = 1;\nexport { double };", original)).toBe("const double = 1;\nexport { double };");
  expect(withExports("const double = 1;", "const double = 2;")).toBe("const double = 1;");
});

test("depth in Python", () => {
  expect(wrongDepth("if a:\n    b\nelse:\n    c\n")).toBeUndefined();
  expect(wrongDepth("x = [\n  1,\n      2,\n]\ny = 1")).toBeUndefined();
  expect(wrongDepth("if a:\nb")).toBe(2);
  expect(wrongDepth("if a:\n    b\n  c")).toBe(3);
  expect(wrongDepth("a\n    b")).toBe(2);
  expect(wrongDepth("class A:\n    def b(self):\n        c\n\n    def d(self): return 1\ne")).toBeUndefined();
});

test("repetition", () => {
  expect(repeatsItself("a = 1\nb = 2\n".repeat(5), "")).toBe(true);
  expect(repeatsItself("push(1);\npush(1);\npush(1);", "")).toBe(false);
  expect(repeatsItself("x\n".repeat(6), "x\n".repeat(6))).toBe(false);
  expect(
    repeatsItself("the same word the same word the same word the same word the same word the same word the same word the same word", ""),
  ).toBe(true);
  expect(repeatsItself("if (a) {\n}\n}\n}\n}\n}\n}", "")).toBe(false);
  expect(repeatsItself("[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]", "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]")).toBe(false);
});

test("brackets may be repaired, and only where the rest of the document closes nothing of them", () => {
  const broken = sumOfArray.replace("items[i];", "items[i;");
  expect(judge({ original: broken, answer: sumOfArray, elsewhere: "export {};" })).toEqual([]);
  expect(judge({ original: "call(a,", answer: "call(a);", elsewhere: "  b);" })).toEqual(["syntax"]);
});
