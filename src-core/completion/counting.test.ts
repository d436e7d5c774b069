import { describe, expect, test } from "vitest";
import { countingIn, countsOn, withCounted } from "./counting.ts";

function counted(times: number, turn: (number: number) => string): string {
  return Array.from({ length: times }, (_, index) => turn(index + 1)).join("");
}

const pythonTests = (times: number) => counted(times, (n) => `def test_square_${n}():\n    assert square(${n}) == ${n * n}\n\n`);

describe("code that counts on", () => {
  test.each([
    ["functions", counted(12, (n) => `function add${n}(value) {\n  return value + ${n};\n}\n\n`)],
    ["tests in Python", pythonTests(12)],
    ["tests in TypeScript", counted(12, (n) => `test("case ${n}", () => {\n  expect(square(${n})).toBe(${n * n});\n});\n`)],
    ["assignments", counted(40, (n) => `value${n} = read_the_value(${n})\n`)],
    ["assertions in turn", counted(20, (n) => `    assert is_even(${2 * n})\n    assert not is_even(${2 * n + 1})\n`)],
    ["members", counted(40, (n) => `  property${n}: string;\n`)],
  ])("%s", (_what, code) => {
    const before = "import { square } from './square';\n\n";
    expect(countsOn(before + code, "Write tests.")).toBe(true);
    expect(countingIn(before + code, "repeat")?.start).toBe(before.length);
    // Not before it went on for a while.
    expect(countsOn(before + code.slice(0, code.length / 2), "Write tests.")).toBe(false);
  });
});

describe("code that does not", () => {
  test.each([
    ["the months", counted(12, (n) => `    case ${n}: return "the name of a month";\n`)],
    ["data whose numbers say something", counted(60, (n) => `  { id: ${n}, price: ${(n * n * 7) % 101} },\n`)],
    ["a row of numbers", counted(100, (n) => `  ${n},\n`)],
    ["lines that are the same", "  total += price;\n".repeat(60)],
    ["different functions", counted(20, (n) => `function ${"abcdefghijklmnopqrstuvwxyz"[n]}${n}(value) {\n  return value;\n}\n`)],
  ])("%s", (_what, code) => expect(countsOn(code, "Write it.")).toBe(false));

  const users = counted(60, (n) => `  { id: ${n}, name: "User ${n}" },\n`);
  test("what was asked for by its number", () => {
    expect(countsOn(users, "Write users.")).toBe(true);
    expect(countsOn(users, "Write 100 users.")).toBe(false);
    expect(countsOn(users, "Write 60 different test users.")).toBe(false);
    expect(countsOn(users, "Write 20 users.")).toBe(true);
    expect(countsOn(users, "Write hundreds of users.")).toBe(false);
  });

  test("what the request has as well", () => expect(countsOn(users, `Sort these:\n${users}`)).toBe(false));
});

test("some turns are kept, or what stands before them", () => {
  const code = `import pytest\n\n\n${pythonTests(14)}def test_squ`;
  expect(withCounted(code, 2, "repeat")).toBe(`import pytest\n\n\n${pythonTests(2)}`.trimEnd());
  expect(withCounted(code, 0, "repeat")).toBe("import pytest");
  expect(withCounted("def one():\n    pass\n", 3, "repeat")).toBe("def one():\n    pass\n");
  // A test that is nearly alike does not move the beginning of the turns.
  const alike = `def test_none():\n    assert square(0) == 0\n\n${pythonTests(13)}`;
  expect(withCounted(alike, 1, "repeat")).toBe(`def test_none():\n    assert square(0) == 0\n\n${pythonTests(1)}`.trimEnd());
});

test("of an answer that found no end fewer turns tell why, and of one that did none", () => {
  const code = `import pytest\n\n\n${pythonTests(6)}def test_squ`;
  expect(withCounted(code, 0, "limit")).toBe("import pytest");
  expect(withCounted(code, 0, "repeat")).toBe(code);
  expect(withCounted(`${pythonTests(20)}`, 1, "end")).toBe(pythonTests(20));
});
