import { expect, test } from "vitest";
import { errorForLog, isLogged, logLine } from "./log.ts";

test("a level has what stands before it", () => {
  expect(["error", "warn", "info", "debug", "audit"].map((level) => isLogged(level as never, "info"))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("an entry is one line of text, or indented, and not endless", () => {
  expect(logLine(0, "warn", "engine", "one\ntwo\n")).toBe("1970-01-01T00:00:00.000Z warn engine: one\n  two\n");
  expect(logLine(0, "info", "engine", "x".repeat(5000))).toContain("… (1000 characters more)");
});

test("what a parser quotes of a text is left out", () => {
  let thrown: unknown;
  try {
    JSON.parse('const password = "secret";');
  } catch (error) {
    thrown = error;
  }
  expect(String((thrown as Error).message)).toContain("const pass");
  expect(errorForLog(thrown)).not.toContain("const pass");
  expect(errorForLog(new TypeError("x is no function"))).toMatch(/^TypeError: x is no function\n\s+at /);
});
