import { describe, expect, test } from "vitest";
import { watchTests } from "./results.ts";

const corrected = (text: string, ...given: readonly (string | readonly string[])[]) =>
  watchTests("a.test.ts", text, "f").corrected(new Map(given.map((each, number) => [number, new Set([each].flat())])));

describe("what the code gives takes the place of what a test expects", () => {
  test.each([
    ["expect(f(1)).toBe(2);", "3", "expect(f(1)).toBe(3);"],
    ["expect(f(1)).toBe(3);", "3", "expect(f(1)).toBe(3);"],
    ["expect(f([1])).toBe([1]);", "[1]", "expect(f([1])).toEqual([1]);"],
    ["expect(f({ a: 1 })).toBe('x');", "{ a: 1 }", "expect(f({ a: 1 })).toEqual({ a: 1 });"],
    ["assert.strictEqual(f(1), -1, 'why');", "null", "assert.strictEqual(f(1), null, 'why');"],
    ["assert.equal(f(1), [2]);", "[2]", "assert.deepEqual(f(1), [2]);"],
    ["deepStrictEqual(await f(1), { a: [true] });", "{}", "deepStrictEqual(await f(1), {});"],
    ["test('a', () => { const is = 1; expect(f()).toBe(is); });", "2", "test('a', () => { const is = 2; expect(f()).toBe(is); });"],
    // Two calls came to two results, nothing was told, or what was told cannot be written out.
    ["expect(f(1)).toBe(2);", ["3", "4"], "expect(f(1)).toBe(2);"],
    ["expect(f(1)).toBe(2);", [], "expect(f(1)).toBe(2);"],
    ["expect(f(1)).toBe(2);", "", "expect(f(1)).toBe(2);"],
  ])("%s", (text, given, after) => {
    expect(corrected(text, given)).toBe(after);
  });

  test.each([
    "expect(g(1)).toBe(2);",
    "expect(f(1)).not.toBe(2);",
    "expect(f(1)).toBe(g(1));",
    "expect(f(1)).toBeTruthy();",
    "equal(f(1));",
  ])("and not in %s", (text) => {
    expect(watchTests("a.test.ts", text, "f").text).toBe(text);
  });

  test("where it is told in the place of being compared", () => {
    const text = "test('a', () => {\n  expect(f(1)).toBe(2);\n  expect(f(2)).toEqual([]);\n});";
    expect(watchTests("a.test.ts", text, "f").text).toBe("test('a', () => {\n  __given(0, f(1));\n  __given(1, f(2));\n});");
  });
});
