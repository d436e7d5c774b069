// biome-ignore-all lint/suspicious/noTemplateCurlyInString: code that is looked at, not run.

import { expect, test } from "vitest";
import { createOpenTrees } from "./open-trees.ts";
import { createParsers } from "./parser.ts";

const parsers = createParsers();
const shape = (tree: { rootNode: { toString(): string } }) => tree.rootNode.toString();

test("a tree made from an earlier one is the one of the text", async () => {
  const trees = createOpenTrees(parsers);
  const lines = "function add(a: number) {\n  return [a, 'one'];\n}\n".repeat(20).split("\n");
  // Chances that are the same each time.
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  // Code that is right: of broken code two trees are as good as each other.
  const pieces = ["x();", "// 😀 (", "const a = `one ${two}`;", "/* {\r\n */", "if (a) {}", "class A {\n  b = '}';\n}"];
  for (let step = 0; step < 200; step += 1) {
    const at = random(lines.length);
    if (pieces.includes(lines[at] ?? "")) lines.splice(at, 1);
    else lines.splice(at, 0, pieces[random(pieces.length)] ?? "");
    const text = lines.join("\n");
    const found = await trees.look("typescript", text, shape);
    const fresh = await parsers.parse("typescript", text);
    expect(fresh?.rootNode.hasError).toBe(false);
    expect(found).toBe(fresh?.rootNode.toString());
    fresh?.delete();
  }
  trees.dispose();
});

test("many at a time, and after the end", async () => {
  const trees = createOpenTrees(parsers);
  const texts = Array.from({ length: 20 }, (_, at) => `const a = ${at};\n${"b();\n".repeat(at)}`);
  const look = (text: string) => trees.look("typescript", text, (tree) => tree.rootNode.endIndex);
  expect(await Promise.all(texts.map(look))).toEqual(texts.map((text) => text.length));
  trees.dispose();
  expect(await look("a();")).toBe(4);
  expect(await trees.look("plaintext", "a", shape)).toBeUndefined();
});
