import { describe, expect, test } from "vitest";
import type { InfillLayout } from "../contracts/inference.ts";
import { type Hole, holeLimits, placeHole } from "./hole.ts";

const count = (text: string) => Math.ceil(text.length / 4);
const limits = holeLimits.cpu;
const unfinished = (text: string) => /\w*$/.exec(text)?.[0] ?? "";
const options = (anchor: InfillLayout["anchor"] = "above") => ({
  limits,
  layout: { anchor, healing: true, names: true },
  context: [],
  count,
  unfinished,
});
const place = (open: Hole | undefined, prefix: string, suffix = "\nend\n", anchor: InfillLayout["anchor"] = "above") =>
  placeHole(open, prefix, suffix, options(anchor));
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join("");

describe("where a hole opens", () => {
  test("at a line start four lines above the cursor", () => {
    const { hole, middle } = place(undefined, `${lines(0, 30)}abc`);
    expect(middle).toBe(`${lines(26, 30)}abc`);
    expect(hole.before).toBe(lines(0, 26));
  });

  test("at the beginning of a short document", () => {
    expect(place(undefined, "one\ntwo").middle).toBe("one\ntwo");
    expect(place(undefined, "").middle).toBe("");
  });

  test("at the start of the enclosing block when that is near", () => {
    const body = Array.from({ length: 7 }, (_, index) => `    step${index}()\n`).join("");
    const { middle } = place(undefined, `x = 1\ny = 2\ndef go():\n${body}    ret`);
    expect(middle.startsWith("def go():\n")).toBe(true);
  });

  test("nearer where lines are long, and inside a line that is longer than any middle", () => {
    const long = `${"word ".repeat(60)}\n`;
    expect(place(undefined, long.repeat(10)).middle.length).toBeLessThanOrEqual(limits.middle * 2);
    const minified = place(undefined, "x=1;".repeat(5000));
    expect(count(minified.middle)).toBeLessThanOrEqual(limits.middle / 2);
    expect(count(minified.hole.window)).toBeLessThanOrEqual(limits.window);
  });
});

describe("a burst of keys", () => {
  test("extends the middle and leaves the rest as it is", () => {
    let { hole } = place(undefined, `${lines(0, 200)}`);
    for (const typed of ["c", "co", "con", "const x = 1;\n", "const x = 1;\nconst y"]) {
      const next = place(hole, lines(0, 200) + typed);
      expect(next.moved).toBe(false);
      expect(next.hole).toBe(hole);
      expect(next.middle.endsWith(typed)).toBe(true);
      hole = next.hole;
    }
  });

  test("going back inside the middle keeps the hole", () => {
    const { hole } = place(undefined, `${lines(0, 20)}abc`);
    expect(place(hole, `${lines(0, 20)}`).moved).toBe(false);
  });

  test.each([
    ["the cursor leaves the middle", `${lines(0, 10)}`],
    ["text above it changes", `other\n${lines(1, 20)}abc`],
    ["the middle grows too long", `${lines(0, 20)}abc${"word ".repeat(200)}`],
  ])("the hole opens anew when %s", (_name, prefix) => {
    const { hole } = place(undefined, `${lines(0, 20)}abc`);
    expect(place(hole, prefix).moved).toBe(true);
  });

  test("an edit right of the cursor changes the suffix alone", () => {
    const { hole } = place(undefined, `${lines(0, 20)}call`, "(old);\nrest\n");
    const next = place(hole, `${lines(0, 20)}call`, "(new);\nrest\n");
    expect(next.moved).toBe(true);
    expect(next.hole.before).toBe(hole.before);
    expect(next.hole.suffix).toBe("(new);\nrest\n");
  });

  test("closers that the editor adds, and typing over them, change nothing", () => {
    const { hole } = place(undefined, `${lines(0, 20)}if `, "\nrest\n");
    for (const [typed, suffix] of [
      ["if (", ")\nrest\n"],
      ["if ('", "')\nrest\n"],
      ["if ('a')", "\nrest\n"],
      ["if ('a') {", "}\nrest\n"],
      ["if ('a') {\n  ", "\n}\nrest\n"],
    ] as const)
      expect(place(hole, lines(0, 20) + typed, suffix)).toMatchObject({ moved: false, hole });
    expect(place(hole, `${lines(0, 20)}if `, "x\nrest\n").moved).toBe(true);
  });

  test("the same in a document so long that what is sent of it is cut where the cursor stands", () => {
    const rest = `\nrest\n${lines(20, 5000)}`.slice(0, 20_000);
    const { hole } = place(undefined, `${lines(0, 20)}if `, rest);
    expect(place(hole, `${lines(0, 20)}if (`, `)${rest}`.slice(0, 20_000))).toMatchObject({ moved: false, hole });
    expect(place(hole, `${lines(0, 20)}if (`, `)\nresx\n${rest.slice(6)}`.slice(0, 20_000)).moved).toBe(true);
    // A text that ends there is another one than a text that goes on.
    expect(place(hole, `${lines(0, 20)}if (`, ")\nrest\n").moved).toBe(true);
  });

  test("a cursor far below opens a new hole there", () => {
    const { hole } = place(undefined, lines(0, 20), lines(20, 80));
    expect(place(hole, lines(0, 60), lines(60, 80)).hole.before).toBe(lines(0, 56));
  });
});

describe("what the model reads", () => {
  test("starts at a line of the grid and keeps 64 lines at least", () => {
    const { hole } = place(undefined, lines(0, 150));
    expect(hole.window.startsWith("line 64\n")).toBe(true);
    const further = place(undefined, lines(0, 160));
    expect(further.hole.window.startsWith("line 64\n")).toBe(true);
  });

  test("stays within its tokens", () => {
    const code = "    some = longer(line, of, code) + that * fills(the, window)\n".repeat(300);
    const { hole } = place(undefined, code, code);
    expect(count(hole.window)).toBeLessThanOrEqual(limits.window);
    expect(count(hole.window)).toBeGreaterThan(limits.window / 2);
    expect(count(hole.suffix)).toBeLessThanOrEqual(limits.suffix);
    expect(hole.suffix.endsWith("\n")).toBe(true);
  });

  test("never begins or ends with half a character", () => {
    const { hole } = place(undefined, "😀".repeat(4001), "😀".repeat(4001));
    expect(hole.window.isWellFormed()).toBe(true);
    expect(hole.suffix.isWellFormed()).toBe(true);
  });
});
