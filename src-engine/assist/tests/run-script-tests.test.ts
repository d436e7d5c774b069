import { describe, expect, test } from "vitest";
import type { Framework } from "#core/assist/tests/framework";
import { temporaryFolder } from "../../workspace/temporary-folder.ts";
import { runTests } from "./run-tests.ts";
import { scriptTestsCommand } from "./script/command.ts";

const cart = `import { twice } from "@/twice";
import { basename } from "node:path";
import { rate } from "./rate";
export enum Kind { Plain, Taxed }
export function total(prices: readonly number[], kind = Kind.Plain): number {
  let sum = 0;
  for (const price of prices) sum += price;
  return kind === Kind.Taxed ? twice(sum) * rate : sum;
}
export const name = (path: string): string => basename(path);
`;
const project = {
  "package.json": "{}",
  "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }',
  "src/cart.ts": "throw new Error('what is on the disk is not meant');",
  "src/rate.ts": "export const rate: number = 1;\n",
  "lib/twice.ts": "export const twice = (n: number) => n * 2;\n",
};

describe("tests in TypeScript", { timeout: 60_000 }, () => {
  const run = async (framework: Framework, testText: string, changes: object = {}) => {
    using folder = temporaryFolder(project);
    return await runTests({
      workspace: folder.path,
      framework,
      sourcePath: folder.at("src/cart.ts"),
      sourceText: cart,
      testName: "src/cart.test.ts",
      testText,
      ...changes,
    });
  };

  test("are run on the text in the editor, one by one", async () => {
    const text = `import { describe, expect, test } from "vitest";
import { Kind, name, total } from "./cart";

test("adds", () => {
  console.log("nothing of this is read");
  expect(total([1, 2])).toBe(3);
});
test("wrong", () => {
  expect(total([1])).toBe(2);
});
describe("group", () => {
  test("taxed", () => expect(total([1], Kind.Taxed)).toBe(2));
  test("name", async () => expect(name("/a/b")).toBe("b"));
});
describe("other", () => {
  test("good", () => expect(1).toBe(1));
  test("bad", () => expect(total([])).toBe(1));
});
test("leaves", () => process.exit(0));
`;
    expect(await run("vitest", text)).toEqual({
      ran: true,
      passed: ["adds", "group"],
      failed: [
        { name: "wrong", reason: "1 toBe(2)" },
        { name: "other", reason: "0 toBe(1)" },
        { name: "leaves", reason: "It ends the process." },
      ],
    });
  });

  test.each<[Framework, string]>([
    ["node", 'import assert from "node:assert/strict";\nimport test from "node:test";\n'],
    ["mocha", 'import assert from "node:assert";\nconst test = it;\n'],
    ["jest", 'import { test } from "@jest/globals";\nimport assert from "node:assert";\n'],
    ["node", 'const assert = require("node:assert/strict");\nconst { test } = require("node:test");\n'],
  ])("of %s need nothing installed", async (framework, head) => {
    const isCommon = head.includes("require");
    const from = isCommon ? 'const { total } = require("./cart.ts");\n' : 'import { total } from "./cart.ts";\n';
    const text = `${head}${from}let sum = 0;\nbeforeEach(() => { sum = 1; });\ntest("sum", () => { assert.equal(total([sum]), 1); });\n`;
    const came = await run(framework, text, isCommon ? { testName: "src/cart.test.cts" } : {});
    expect(came).toEqual({ ran: true, passed: ["sum"], failed: [] });
  });

  test("that never end, write or cannot be read, fail", async () => {
    const text = (body: string) => `import { total } from "./cart.ts";\ntest("it", async () => {\n${body}\n});\n`;
    const seconds = { seconds: 2 };
    expect(await run("jest", text("for (;;) total([]);"), seconds)).toMatchObject({
      passed: [],
      failed: [{ reason: "The tests did not end." }],
    });
    const writes = 'const { writeFileSync } = await import("node:fs");\nwriteFileSync("written", "");';
    expect(await run("jest", text(writes))).toMatchObject({ failed: [{ name: "it", reason: expect.stringContaining("fs") }] });
    expect(await run("jest", 'import { nothing } from "./cart.ts";\nnothing();\n')).toMatchObject({ passed: [], failed: [{ name: "" }] });
  });

  test("expect what the code gives, where that is wanted", async () => {
    const text =
      'import { expect, test } from "vitest";\nimport { total } from "./cart";\n\ntest("a", () => {\n  expect(total([2])).toBe(3);\n});\n';
    expect(await run("vitest", text, { corrects: "total" })).toMatchObject({ corrected: text.replace("toBe(3)", "toBe(2)") });
  });
});

test("a Node that is missing or too old is named", () => {
  expect(scriptTestsCommand(5, { program: "node", major: 20, minor: 19 })).toContain("here is Node 20.19");
  expect(scriptTestsCommand(5, { program: "node", major: 22, minor: 15 })).toContain("node");
});
