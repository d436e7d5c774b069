import { describe, expect, test } from "vitest";
import { isLooping } from "./loops.ts";

/** Lines that differ in what the number makes of them. */
function counted(times: number, line: (number: number) => string): string {
  return Array.from({ length: times }, (_, index) => line(index + 1)).join("");
}

describe("the same text again", () => {
  const table = "  0, 0, 0, 0,\n".repeat(40);

  test("is a loop, unless the request has it too", () => {
    expect(isLooping(table, "")).toBe(true);
    expect(isLooping(table, `const zeros = [\n${table}];`)).toBe(false);
  });

  test("is none where it is short", () => {
    expect(isLooping("a\na\na\na\n", "")).toBe(false);
  });
});

describe("the same text with other numbers", () => {
  test.each([
    ["a list of lines", counted(40, (n) => `Line ${n}: The function returns the value of the variable.\n`)],
    ["lines in a row", counted(40, (n) => `Line ${n} returns the value of x, `)],
    [
      "paragraphs",
      counted(
        9,
        (n) =>
          `### ${n}.${n + 1} Step ${n}\n\nThe ${n}. step adds ${n * 7} to the sum and goes on.\n\n${"It does so again. ".repeat(5)}\n\n`,
      ),
    ],
    ["numbers of several digits", counted(40, (n) => `- After ${n * 997} items the total is ${n}.${n} and ${n},000.\n`)],
    ["prose behind a block of code", `\`\`\`ts\ncall();\n\`\`\`\n${counted(40, (n) => `Line ${n}: The function returns the value.\n`)}`],
    ["what is written in other letters", counted(60, (n) => `第 ${n} 行返回变量的值并继续执行下一行。\n`)],
  ])("is a loop: %s", (_name, text) => expect(isLooping(text, "Explain this.")).toBe(true));

  test("is seen within a screen, not at the longest answer", () => {
    const lines = Array.from({ length: 200 }, (_, index) => `Line ${index + 1}: The function returns the value of the variable.\n`);
    const at = lines.findIndex((_line, index) => isLooping(lines.slice(0, index + 1).join(""), ""));
    expect(at).toBeGreaterThan(12);
    expect(at).toBeLessThan(24);
  });

  const plan = counted(12, (n) => `- **Week ${n}**: run for ${n + 4} minutes, then walk for ${20 - n} minutes.\n`);
  const block = (code: string) => `Here it is:\n\n\`\`\`ts\n${code}`;
  const sentences = ["reads", "checks", "sorts", "counts", "prints", "writes", "sends", "closes"];
  test.each([
    ["a list of different sentences", counted(60, (n) => `${n}. It ${sentences[n % 8]} the ${sentences[(n * 3 + (n >> 3)) % 8]} list.\n`)],
    ["a plan for twelve weeks", plan],
    ["cases in code", block(counted(120, (n) => `    case ${n}: return "the name of number ${n}";\n`))],
    ["data in code", block(counted(120, (n) => `  { id: ${n}, name: "User ${n}", mail: "user${n}@example.com" },\n`))],
    ["a table in Markdown", counted(80, (n) => `| User ${n} | user${n}@example.com | ${n} points |\n`)],
    ["a row of numbers", counted(400, (n) => `${n}, `)],
    ["a table of sums", counted(100, (n) => `7 × ${n} = ${7 * n}\n`)],
    ["lines of an exchange", `<<<<<<< SEARCH\n${counted(80, (n) => `const value${n} = readTheNextValue(${n});\n`)}`],
  ])("is none: %s", (_name, text) => {
    // Nor at any moment while it was written.
    for (let length = text.length; length > 0; length -= 97) expect(isLooping(text.slice(0, length), "")).toBe(false);
  });

  test("is none where the request has such lines", () => {
    const log = counted(40, (n) => `Step ${n} of 40 was done in ${n * 3} ms by the worker.\n`);
    expect(isLooping(log, "")).toBe(true);
    expect(isLooping(log, `Sort this:\n${log}`)).toBe(false);
  });
});
