import { describe, expect, test } from "vitest";
import { createStopRules, type Stop } from "./stops.ts";

/** Lets a text grow in small pieces, as a model writes it, until a rule stops it. `‸` is the cursor. */
function write(place: string, text: string, shape: "line" | "block" = "block"): { text: string; reason: Stop["reason"] | "written" } {
  const [prefix = "", suffix = ""] = place.split("‸");
  const rules = createStopRules({ shape, prefix, suffix });
  const pieces = text.match(/\s*\S{1,4}|\s+/g) ?? [];
  let written = "";
  for (const piece of pieces) {
    written += piece;
    const stop = rules.judge(written, false);
    if (stop !== undefined) return { text: written.slice(0, stop.keep), reason: stop.reason };
  }
  const stop = rules.judge(written, true);
  return stop === undefined ? { text: written, reason: "written" } : { text: written.slice(0, stop.keep), reason: stop.reason };
}

describe("a line", () => {
  test("ends at the line end", () => {
    expect(write("x = ‸\n", "1 + 2\ny = 3", "line")).toEqual({ text: "1 + 2", reason: "line" });
  });

  test("ends where it repeats what follows", () => {
    expect(write("const a = ‸readFileSync(path, encoding);\n", "b + readFileSync(path, encoding);", "line")).toEqual({
      text: "b +",
      reason: "suffix",
    });
  });

  test("is nothing where it would be the next line once more", () => {
    expect(write("type A = ‸\ntype A = string;\n", "string;\n", "line")).toEqual({ text: "", reason: "suffix" });
    expect(write("        return ‸\n    return False\n", "False\n", "line").text).toBe("False");
  });

  test("a short likeness to what follows is chance", () => {
    expect(write("a = ‸value\n", "value", "line").reason).toBe("written");
  });
});

describe("a block", () => {
  test.each([
    [
      "behind a colon ends at the dedent",
      "def add(a, b):‸\n\n\nprint(add(1, 2))\n",
      "\n    return a + b\n\nprint(1)",
      "\n    return a + b",
    ],
    ["on a blank line ends at the dedent", "def add(a, b):\n    ‸\n", "return a + b\n\ndef sub(a, b):\n    pass", "return a + b"],
    ["takes its indentation from its first line", "def add(a, b):\n‸\n", "    return a + b\n\nprint(add(1, 2))", "    return a + b"],
    ["goes on in deeper lines", "for x in y:‸\n", "\n    if x:\n        go()\n    stop()\nend()", "\n    if x:\n        go()\n    stop()"],
    ["ends with its first line when that closes the bracket", "if text[‸\n", "i] == 1:\n    go()\n    more()", "i] == 1:"],
    ["goes on in a bracket that stays open", "call(‸\n", "\n  a,\n  b,\n)\nmore()", "\n  a,\n  b,\n)"],
    ["writes its own closer", "if (a) {‸\nrest();\n", "\n  go();\n}\nmore();", "\n  go();\n}"],
    ["leaves a closer that is there", "if (a) {\n  ‸\n}\n", "go();\n}\nmore();", "go();"],
    ["leaves a closer that is there, behind the opener", "if (a) {‸\n}\n", "\n  go();\n}\nmore();", "\n  go();"],
    ["goes on over an else", "if (a) {‸\n", "\n  b();\n} else {\n  c();\n}\nd();", "\n  b();\n} else {\n  c();\n}"],
    ["goes on over a Python else", "if a:‸\n", "\n    b()\nelse:\n    c()\nd()", "\n    b()\nelse:\n    c()"],
    ["ends at a closer with a semicolon", "const f = () => {‸\n", "\n  go();\n};\nmore();", "\n  go();\n};"],
    ["ends at two blank lines", "x = 1\n‸\n", "y = 2\n\n\nz = 3", "y = 2"],
    ["goes on over one blank line", "x = 1\n‸\n", "y = 2\n\nz = 3", "y = 2\n\nz = 3"],
    ["ends at a fence", "def f():\n‸\n", "    return 1\n```\n\nThis code returns 1", "    return 1"],
    ["tabs count as indentation", "\tpop() {\n\t\t‸\n\t}\n", "return this.items.pop();\n\t}\n\tpush()", "return this.items.pop();"],
  ])("%s", (_name, place, text, kept) => expect(write(place, text).text).toBe(kept));

  test("ends before the next existing line", () => {
    const place = "total = 0\n‸\nprint(total, average)\n";
    expect(write(place, "average = total / 2\nprint(total, average)\nprint(1)")).toEqual({ text: "average = total / 2", reason: "suffix" });
  });

  test("ends before a line that differs from the next existing one in a letter or two", () => {
    const place = "a = 1\n‸\n  results.append(compute(values))\n";
    expect(write(place, "b = 2\n  results.append(compute(value))\n").text).toBe("b = 2");
  });

  test("a bracket-only line is no repetition of the next one", () => {
    expect(write("x = [\n‸\n]\n", "  [\n    1\n  ],\n  [").text).toBe("  [\n    1\n  ],\n  [");
  });

  test("an opener whose block was cut away goes too", () => {
    const place = "‸\n\nprint(fact(5))\n";
    expect(write(place, "def fact(n):\n    return 1\n\nif True:\n    print(fact(5))\n").text).toBe("def fact(n):\n    return 1");
  });

  test.each([
    ["the same line three times", "‸\n", "import a\nimport a\nimport a\nimport a", "import a\nimport a"],
    ["with the lines above counted", "x()\nx()\n‸\n", "x()\nx()", ""],
    ["a cycle of lines", "‸\n", "a()\nb()\na()\nb()\na()\nb()\na()\nb()", "a()\nb()\na()\nb()\na()\nb()"],
  ])("ends at repetition: %s", (_name, place, text, kept) => expect(write(place, text)).toEqual({ text: kept, reason: "repeat" }));
});
