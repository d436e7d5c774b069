import { describe, expect, test } from "vitest";
import { expect as ours } from "./expect.ts";
import { createMock } from "./mock.ts";

const sparse = { a: 1, b: undefined };
const circle: { self?: unknown } = {};
circle.self = circle;

/** Whether a matcher takes values, as Vitest's own one does: it is the peer here. */
const cases: readonly (readonly [matcher: string, value: unknown, ...wanted: readonly unknown[]])[] = [
  ["toBe", 1, 1],
  ["toBe", 0, -0],
  ["toBe", [1], [1]],
  ["toEqual", [1, { a: "x" }], [1, { a: "x" }]],
  ["toEqual", [1, 2], [2, 1]],
  ["toEqual", sparse, { a: 1 }],
  ["toStrictEqual", sparse, { a: 1 }],
  ["toEqual", new Set([1, { a: 1 }]), new Set([{ a: 1 }, 1])],
  ["toEqual", new Map([["a", [1]]]), new Map([["a", [1]]])],
  ["toEqual", new Map([["a", [1]]]), new Map([["a", [2]]])],
  ["toEqual", new Date(5), new Date(5)],
  ["toEqual", new Date(5), new Date(6)],
  ["toEqual", /a/g, /a/],
  ["toEqual", new Error("x"), new Error("y")],
  ["toEqual", circle, circle],
  ["toEqual", null, undefined],
  ["toEqual", Number.NaN, Number.NaN],
  ["toEqual", new Uint8Array([1]), new Uint8Array([1])],
  ["toEqual", { a: 1 }, [1]],
  ["toMatchObject", { a: { b: 1, c: 2 } }, { a: { b: 1 } }],
  ["toMatchObject", { a: 1 }, { a: 1, b: 2 }],
  ["toBeTruthy", ""],
  ["toBeFalsy", 0],
  ["toBeNull", undefined],
  ["toBeUndefined", undefined],
  ["toBeDefined", null],
  ["toBeNaN", Number.NaN],
  ["toBeGreaterThan", 2, 1],
  ["toBeGreaterThanOrEqual", 1, 2],
  ["toBeLessThan", 1, 1],
  ["toBeLessThanOrEqual", 1, 1],
  ["toBeCloseTo", 0.1 + 0.2, 0.3],
  ["toBeCloseTo", 0.31, 0.3],
  ["toBeCloseTo", 0.304, 0.3, 2],
  ["toBeInstanceOf", new TypeError("x"), Error],
  ["toBeTypeOf", 1, "string"],
  ["toContain", [1, 2], 2],
  ["toContain", "abc", "bc"],
  ["toContain", [{ a: 1 }], { a: 1 }],
  ["toContainEqual", [{ a: 1 }], { a: 1 }],
  ["toHaveLength", "abc", 3],
  ["toMatch", "abc", /B/i],
  ["toMatch", "abc", "d"],
  ["toHaveProperty", { a: [{ b: 1 }] }, "a[0].b", 1],
  ["toHaveProperty", { a: { b: 1 } }, ["a", "c"]],
  ["toThrow", () => JSON.parse("{"), SyntaxError],
  ["toThrow", () => JSON.parse("{"), TypeError],
  ["toThrow", () => 1],
  [
    "toThrow",
    () => {
      throw new Error("much too late");
    },
    "too late",
  ],
];

type Matchers = Readonly<Record<string, (...wanted: readonly unknown[]) => void>>;

/** True where nothing is thrown. */
function holds(made: unknown, matcher: string, wanted: readonly unknown[]): boolean {
  try {
    (made as Matchers)[matcher]?.(...wanted);
    return true;
  } catch {
    return false;
  }
}

test.each(cases.map((each) => [each[0], each] as const))("%s answers as Vitest does", (_matcher, [matcher, value, ...wanted]) => {
  expect(matcher in ours(value)).toBe(true);
  expect(holds(ours(value), matcher, wanted)).toBe(holds(expect(value), matcher, wanted));
  expect(holds(ours(value).not, matcher, wanted)).toBe(holds(expect(value).not, matcher, wanted));
});

test("patterns stand for values", () => {
  const value = { name: "abc", count: 2.71, tags: ["a", "b"] };
  const pattern = { name: ours.stringContaining("b"), count: ours.closeTo(2.7, 1), tags: ours.arrayContaining(["b"]) };
  ours(value).toEqual(pattern);
  ours(value).toEqual(ours.objectContaining({ name: ours.stringMatching(/^a/) }));
  ours([value, 1]).toEqual([ours.anything(), ours.any(Number)]);
  expect(() => ours(value).toEqual({ ...pattern, name: ours.any(Number) })).toThrow();
});

test("what was not found says so", () => {
  expect(() => ours([1]).toBe(2)).toThrow("[ 1 ] toBe(2)");
  expect(() => ours("a").not.toBe("a")).toThrow("'a' not toBe('a')");
});

test("a promise is waited for", async () => {
  await ours(Promise.resolve(2)).resolves.toBe(2);
  await ours(Promise.reject(new Error("late"))).rejects.toThrow("late");
  await expect(async () => ours(Promise.resolve(2)).rejects.toThrow()).rejects.toThrow("an error was expected");
  await expect(async () => ours(Promise.reject(new Error("late"))).resolves.toBe(2)).rejects.toThrow("late");
});

describe("a function that stands in for another", () => {
  test("keeps its calls, and gives what it was told to", () => {
    const mock = createMock((a) => a) as ReturnType<typeof createMock> & Record<"mockReturnValueOnce", (value: unknown) => unknown>;
    mock.mockReturnValueOnce(5);
    expect([mock(1, "x"), mock(2)]).toEqual([5, 2]);
    ours(mock).toHaveBeenCalledTimes(2);
    ours(mock).toHaveBeenCalledWith(1, ours.any(String));
    ours(mock).toHaveBeenLastCalledWith(2);
    expect(() => ours(mock).toHaveBeenCalledWith(3)).toThrow();
  });
});
