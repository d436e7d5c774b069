import { describe, expect, test } from "vitest";
import { document } from "#core/assist/document";
import { explain } from "#core/assist/explain";
import { fix } from "#core/assist/fix";
import { improve } from "#core/assist/improve";
import type { AssistAction } from "#core/assist/index";
import { refactor } from "#core/assist/refactor";
import { createParsers } from "../syntax/parser.ts";
import { placesFor } from "./places.ts";
import type { Problems } from "./problems-in.ts";

const parsers = createParsers();
const compilerSays = (...errors: Problems) => ({ errors: async () => errors });

/** The places of a file as `name: first line`, and why there is none. */
async function placesIn(
  action: AssistAction,
  path: string,
  languageId: string,
  text: string,
  said: { instruction?: string; errors?: Problems } = {},
) {
  const { instruction, errors = [] } = said;
  const { places, reason } = await placesFor({ parsers, compiler: compilerSays(...errors) }, action, {
    path,
    languageId,
    text,
    instruction,
  });
  return { places: places.map(({ name, start, end }) => `${name}: ${text.slice(start, end).split("\n", 1)[0]?.trim()}`), reason };
}

const shop = `import { tax } from "./tax.ts";

/** Has its documentation. */
export function known(): number {
  return 1;
}

export function total(prices: number[]): number {
  let sum = 0;
  for (const price of prices) sum += price;
  return sum;
}

function hidden(): number {
  const one = 1;
  return one;
}

export class Cart {
  constructor(private readonly prices: number[]) {}

  sum(): number {
    const inner = () => total(this.prices);
    function nested() {}
    return inner();
  }

  private secret(): number {
    return 1;
  }

  #more(): void {}
}

const later = (x: number) => x * tax;
export { later };
`;

describe("documented is what others can use and says nothing of itself", () => {
  test.each([
    [
      "typescript",
      "shop.ts",
      shop,
      [
        "total: export function total(prices: number[]): number {",
        "Cart: export class Cart {",
        "sum: sum(): number {",
        "later: const later = (x: number) => x * tax;",
      ],
    ],
    ["javascript", "a.js", "function one() {}\nfunction two() {}\nmodule.exports = { two };\n", ["two: function two() {}"]],
    ["javascript", "a.js", "function one() {}\n", ["one: function one() {}"]],
    [
      "typescript",
      "a.ts",
      "export function f(a: string): void;\nexport function f(a: number): void;\nexport function f() {}\n",
      ["f: export function f(a: string): void;"],
    ],
    [
      "python",
      "a.py",
      'def one():\n    return 1\n\n\ndef _own():\n    return 2\n\n\nclass A:\n    """Said."""\n\n    @cached\n    def two(self):\n        return 1\n',
      ["one: def one():", "two: @cached"],
    ],
    [
      "go",
      "a.go",
      "package a\n\n// One is one.\nfunc One() int {\n\treturn 1\n}\n\nfunc Two() int {\n\treturn 2\n}\n\nfunc three() {}\n",
      ["Two: func Two() int {"],
    ],
    [
      "rust",
      "a.rs",
      "pub struct A;\n\nimpl A {\n    #[inline]\n    pub fn one() {}\n    fn two() {}\n}\n",
      ["A: pub struct A;", "one: #[inline]"],
    ],
    [
      "java",
      "A.java",
      "public class A {\n  private int one() { return 1; }\n  int two() { return 2; }\n}\n",
      ["A: public class A {", "two: int two() { return 2; }"],
    ],
  ])("%s", async (languageId, path, text, expected) => expect((await placesIn(document, path, languageId, text)).places).toEqual(expected));

  test("and where all is, that is said", async () =>
    expect(await placesIn(document, "a.ts", "typescript", "/** One. */\nexport const one = () => 1;\n")).toEqual({
      places: [],
      reason: "All that others can use in it is documented.",
    }));
});

describe("improved is each function of four lines or more, and as one says each function", () => {
  const names = async (...parameters: Parameters<typeof placesIn>) =>
    (await placesIn(...parameters)).places.map((place) => place.split(":", 1)[0]);

  test("the methods of classes and not the classes", async () => {
    expect(await names(improve, "shop.ts", "typescript", shop)).toEqual(["total", "hidden", "sum"]);
    const told = await names(refactor, "shop.ts", "typescript", shop, { instruction: "use arrows" });
    expect(told).toEqual(["known", "total", "hidden", "constructor", "sum", "secret", "more", "later"]);
  });

  test("a file without any is taken whole where it is short", async () => {
    expect(await placesIn(improve, "/x/styles.css", "css", "a {\n  color: red;\n}\n")).toEqual({
      places: ["styles.css: a {"],
      reason: undefined,
    });
    expect((await placesIn(improve, "a.txt", "plaintext", "word\n".repeat(80))).reason).toContain("too long");
  });

  test("and what no person wrote is left alone", async () => {
    expect((await placesIn(improve, "a.ts", "typescript", `// @generated\n${shop}`)).reason).toBe("It says that it is generated.");
    expect((await placesIn(improve, "a.ts", "typescript", "\n")).reason).toBe("It is empty.");
  });
});

describe("repaired is where something is known to be wrong", () => {
  test("the function around it with all that is wrong there, or the lines around it", async () => {
    const errors = [
      { line: 9, message: "First." },
      { line: 11, message: "Second." },
      { line: 1, message: "Third." },
    ];
    const { places } = await placesFor({ parsers, compiler: compilerSays(...errors) }, fix, {
      path: "shop.ts",
      languageId: "typescript",
      text: shop,
    });
    expect(places.map(({ lines, problems, name }) => [name, lines, problems?.map(({ message }) => message)])).toEqual([
      ["lines 1–4", { from: 1, to: 4 }, ["Third."]],
      ["lines 8–12", { from: 8, to: 12 }, ["First.", "Second."]],
    ]);
  });

  test("what cannot be parsed comes before what the compiler says of it", async () => {
    const broken = "def one(:\n    return 1\n\n\ndef two():\n    return 2\n";
    const { places } = await placesFor({ parsers, compiler: compilerSays({ line: 6, message: "Later." }) }, fix, {
      path: "a.py",
      languageId: "python",
      text: broken,
    });
    expect(places.flatMap(({ problems = [] }) => problems.map(({ line }) => line))).toEqual([1]);
  });

  test("and nothing where nothing is", async () =>
    expect((await placesIn(fix, "a.ts", "typescript", shop)).reason).toBe("Nothing is known to be wrong in it."));
});

test("an action that proposes no lines is refused", async () =>
  await expect(placesIn(explain, "a.ts", "typescript", shop)).rejects.toMatchObject({ code: "BAD_INPUT" }));
