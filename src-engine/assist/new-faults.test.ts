import { expect, test } from "vitest";
import { createParsers } from "../syntax/parser.ts";
import { newFaults } from "./new-faults.ts";

const parsers = createParsers();
const python = "def one():\n    return 1\n\n\ndef two():\n    return 2\n";

function faults(languageId: string, before: string, after: string) {
  return newFaults(parsers, { languageId, before, after, start: 0 });
}

test("a change that parses brings no fault", async () => {
  expect(await faults("python", python, python.replace("return 2", "return 1 + 1"))).toBeUndefined();
});

test("a fault is named with its line", async () => {
  expect(await faults("python", python, python.replace("return 2", "return (2"))).toMatchObject({
    kind: "syntax",
    blocks: true,
    message: expect.stringContaining("return (2"),
  });
  expect(await faults("typescript", "let a = 1;\nlet b = 2;\n", "let a = 1;\nlet = = 2;\n")).toMatchObject({
    message: "Line 2 of the answer is not valid there: “let = = 2;”.",
  });
});

test("what was broken may stay broken, and may be repaired", async () => {
  const broken = "function a( {\n  return 1;\n}\n";
  expect(await faults("javascript", broken, broken.replace("1", "2"))).toBeUndefined();
  expect(await faults("javascript", broken, "function a() {\n  return 1;\n}\n")).toBeUndefined();
});

test("a language without a grammar is not judged", async () => {
  expect(await faults("plaintext", "a", "((")).toBeUndefined();
});
