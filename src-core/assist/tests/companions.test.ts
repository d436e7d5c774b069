import { expect, test } from "vitest";
import { companionsOf } from "./companions.ts";

const node = "class Node:\n    def __init__(self, value, successor=None):\n        self.value = value\n        self.successor = successor";
const other = "class Other:\n    price: int = 0";
const length = "def length(node):\n    n = 0\n    while node:\n        node = node.successor\n        n += 1\n    return n";
const script = "export class Item {\n  readonly price: number;\n  constructor(price: number) {\n    this.price = price;\n  }\n}";

function companions(languageId: string, text: string, selected: string) {
  const start = text.indexOf(selected);
  return companionsOf(text, { start, end: start + selected.length }, languageId);
}

test.each([
  ["whose attributes it reads", "python", `${node}\n\n\n${other}\n\n\n${length}\n`, length, [{ name: "Node", text: node }]],
  [
    "that its types name, and that others declare",
    "python",
    `from .nodes import Tree, (Leaf)\n${"from typing import Optional"}\n\n\ndef first(tree: Tree) -> int:\n    return 1\n`,
    "def first(tree: Tree) -> int:\n    return 1",
    [{ name: "Tree", text: "" }],
  ],
  [
    "in TypeScript",
    "typescript",
    `${script}\n\nexport const due = (items: Item[]) => items.length;\n`,
    "export const due = (items: Item[]) => items.length;",
    [{ name: "Item", text: script }],
  ],
  [
    "but none that is not exported",
    "typescript",
    `${script.slice(7)}\n\nexport const due = (items: Item[]) => items.length;\n`,
    "export const due = (items: Item[]) => items.length;",
    [],
  ],
  ["but not the one it stands in", "python", `${node}\n`, "self.successor = successor", []],
  [
    "but none for words in a text",
    "python",
    `${other}\n\n\ndef f():\n    return ".price Other"\n`,
    'def f():\n    return ".price Other"',
    [],
  ],
])("tests make objects of the classes %s", (_which, languageId, text, selected, expected) => {
  expect(companions(languageId, text, selected)).toEqual(expected);
});
