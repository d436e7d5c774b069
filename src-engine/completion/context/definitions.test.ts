import { describe, expect, test } from "vitest";
import { createParsers } from "../../syntax/parser.ts";
import { definitionsIn } from "./definitions.ts";

const parsers = createParsers();

/** Each definition as its text, with its members below. */
async function definitionsOf(languageId: string, text: string) {
  const tree = await parsers.parse(languageId, text);
  const found = tree === undefined ? [] : definitionsIn(tree.rootNode);
  tree?.delete();
  return found.map(({ name, text, whole, members }) =>
    [`${name}: ${text}`, ...(whole ? [] : members.map((member) => member.text))].join("\n"),
  );
}

const long = (line: string) => `${`${line}\n`.repeat(8)}`;

describe("definitions", () => {
  test("of TypeScript", async () => {
    const text = `import { a } from "./a";
export interface Cart {
  items: Item[];
  total(rate: number): number;
}
/** Docs. */
export class Store extends Base {
  private size = 1;
  constructor(readonly name: string) {}
  async load(id: string): Promise<Cart> {
    return this.find(id);
  }
}
export const add = (a: number, b: number): number => {
${long("  count += 1;")}};
export default async function run<T>(
  input: T,
): Promise<T> {
${long("  count += 1;")}}
export type Money = { amount: number };
export enum Kind { First, Second = 2 }
namespace Inner { export function deep() {} }
const limit = 3;
run(1);
`;
    expect(await definitionsOf("typescript", text)).toEqual([
      "Cart: export interface Cart {\n  items: Item[]\n  total(rate: number): number",
      "Store: export class Store extends Base {\n  constructor(readonly name: string) {}\n  async load(id: string): Promise<Cart>",
      "add: export const add = (a: number, b: number): number",
      "run: export default async function run<T>(\n  input: T,\n): Promise<T>",
      "Money: export type Money = { amount: number };",
      "Kind: export enum Kind { First, Second = 2 }",
      "deep: export function deep() {}",
      "limit: const limit = 3;",
    ]);
  });

  test("of Python", async () => {
    const text = `LIMIT = 3
@dataclass
class Cart(Base):
    items: list
    def total(self, rate: float = 1.0) -> float:
        return 1
    @property
    def size(self):
        return 2
async def fetch(
    path: str,
) -> bytes:
${long("    count += 1")}
`;
    expect(await definitionsOf("python", text)).toEqual([
      "LIMIT: LIMIT = 3",
      "Cart: @dataclass\nclass Cart(Base):\n    items: list\n    def total(self, rate: float = 1.0) -> float:\n    def size(self):",
      "fetch: async def fetch(\n    path: str,\n) -> bytes:",
    ]);
  });

  test("of Go", async () => {
    const text = `package a
type Cart struct {
	Items []Item
}
func (c *Cart) Add(item Item) error {
${long("\tcount++")}}
func New() *Cart { return nil }
const Max = 3
`;
    expect(await definitionsOf("go", text)).toEqual([
      "Cart: type Cart struct {\n\tItems []Item",
      "Add: func (c *Cart) Add(item Item) error",
      "New: func New() *Cart { return nil }",
      "Max: const Max = 3",
    ]);
  });

  test("of Rust", async () => {
    const text = `pub struct Cart {
    pub items: Vec<Item>,
}
impl Cart {
    pub fn total(&self, rate: f64) -> f64 {
${long("        count += 1;")}    }
}
pub fn add(a: i32) -> i32 { a }
`;
    expect(await definitionsOf("rust", text)).toEqual([
      "Cart: pub struct Cart {\n    pub items: Vec<Item>",
      "Cart: impl Cart {\n    pub fn total(&self, rate: f64) -> f64",
      "add: pub fn add(a: i32) -> i32 { a }",
    ]);
  });

  test("of C++", async () => {
    const text = `#ifndef A
#define MAX 3
namespace shop {
class Cart : public Base {
public:
  double total(double rate) const;
};
template <typename T> T add(T a, T b) { return a + b; }
int parse(const char *text);
}
double shop::Cart::total(double rate) const {
${long("  count += 1;")}}
static char *name_of(int id) { return 0; }
int counter = 0;
#endif
`;
    expect(await definitionsOf("cpp", text)).toEqual([
      "MAX: #define MAX 3",
      "Cart: class Cart : public Base {\n  double total(double rate) const;",
      "add: template <typename T> T add(T a, T b) { return a + b; }",
      "parse: int parse(const char *text);",
      "total: double shop::Cart::total(double rate) const",
      "name_of: static char *name_of(int id) { return 0; }",
    ]);
  });

  test.each([
    [
      "java",
      "class Cart {\n  private int size;\n  public Cart(int a) {}\n  double total(double rate) { return 1; }\n}",
      ["Cart: class Cart {\n  public Cart(int a) {}\n  double total(double rate) { return 1; }"],
    ],
    [
      "csharp",
      "namespace A;\npublic class Cart : Base {\n  public int Size { get; set; }\n  public double Total(double rate) => 1;\n}",
      ["Cart: public class Cart : Base {\n  public int Size { get; set; }\n  public double Total(double rate) => 1;"],
    ],
    [
      "ruby",
      "module Shop\n  class Cart\n    def total(rate)\n      1\n    end\n  end\nend\ndef helper(a) = a\n",
      ["Shop: module Shop", "Cart: class Cart\n    def total(rate)", "helper: def helper(a) = a"],
    ],
    [
      "php",
      "<?php\nclass Cart {\n  public function total(float $rate): float { return 1; }\n}\nfunction helper($a) { return 1; }",
      ["Cart: class Cart {\n  public function total(float $rate): float { return 1; }", "helper: function helper($a) { return 1; }"],
    ],
    [
      "javascript",
      "class Cart {\n  total(rate) { return 1 }\n}\nfunction add(a) { return a }",
      ["Cart: class Cart {\n  total(rate) { return 1 }", "add: function add(a) { return a }"],
    ],
    ["shellscript", "add() { echo 1; }", ["add: add() { echo 1; }"]],
    ["powershell", "function Add-One { return 1 }", ["Add-One: function Add-One { return 1 }"]],
  ])("of %s", async (languageId, text, expected) => {
    expect(await definitionsOf(languageId, text)).toEqual(expected);
  });

  test("of broken and of endless texts are as many as there are, up to a limit", async () => {
    expect(await definitionsOf("typescript", "export function fine() {}\nclass Broken { run( {{{\n")).toContain(
      "fine: export function fine() {}",
    );
    expect(await definitionsOf("typescript", "function a() {}\n".repeat(2000))).toHaveLength(300);
    expect(await definitionsOf("typescript", `${"namespace A { ".repeat(500)}function deep() {}${"}".repeat(500)}`)).toEqual([]);
  });
});
