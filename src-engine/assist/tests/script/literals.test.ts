import { expect, test } from "vitest";
import { writtenValue } from "./literals.ts";

test.each([
  [{ a: [1, -0, "x"], "b-c": null }, '{ a: [1, -0, "x"], "b-c": null }'],
  [0.1 + 0.2, undefined],
  [new Map(), undefined],
  [() => 1, undefined],
  ["x".repeat(200), undefined],
  [undefined, "undefined"],
])("%s is written as a test would", (value, text) => {
  expect(writtenValue(value)).toBe(text);
});
