import { describe, expect, test } from "vitest";
import { cleanCode, withoutKnownImports } from "./clean.ts";
import { frameSelection, restoreFrame } from "./frame.ts";

/** A document with its selection between « and ». */
function select(marked: string) {
  const start = marked.indexOf("«");
  const text = marked.replace(/[«»]/g, "");
  const selection = { start, end: marked.indexOf("»") - 1 };
  const frame = frameSelection(text, selection);
  return { text, frame, rewrite: (answer: string) => text.slice(0, start) + restoreFrame(frame, answer) + text.slice(selection.end) };
}

describe("a selection", () => {
  test.each([
    ["whole lines", "class A {\n«    one() {\n        return 1;\n    }\n»}\n"],
    ["from the first word", "class A {\n    «one() {\n        return 1;\n    }»\n}\n"],
    ["within a line", "let a = «b + c»;\n"],
    ["from within a line to the next lines", "  foo(«a,\n      b,\n    c»);\n"],
    ["blank lines around it", "a\n«\n\n  b\n  c\n\n»d"],
    ["Windows line ends", "a {\r\n«\tb\r\n\t\tc\r\n»}\r\n"],
    ["a byte order mark", "«\uFEFFone\ntwo\n»three"],
    ["after a byte order mark", "\uFEFF«one\ntwo»"],
    ["blanks in blank lines", "  «if (a) {\n    \n    b\n\n  }»"],
    ["a first line deeper than the rest", "«      a\n  b\n»c"],
    ["tabs and blanks mixed", "«\tone\n    two\n»"],
    ["old line ends", "a\r«b\rc»\rd"],
  ])("given back unchanged is the document again: %s", (_name, marked) => {
    const { text, frame, rewrite } = select(marked);
    expect(rewrite(frame.body)).toBe(text);
  });

  test("goes to the model without the indent it shares", () => {
    expect(select("class A {\r\n    «one() {\r\n        return 1;\r\n    }»\r\n}").frame.body).toBe("one() {\n    return 1;\n}");
    expect(select("if a:\n«    b()\n    c()\n»").frame.body).toBe("b()\nc()");
  });

  test("of nothing but blanks has no body", () => {
    expect(select("a «  \n \n»b").frame.body.trim()).toBe("");
    expect(select("a «»b").frame.body).toBe("");
  });
});

describe("an answer", () => {
  test("gets indent and line ends of its place", () => {
    expect(select("class A {\r\n    «one()»\r\n}").rewrite("two() {\n    three()\n}\n")).toBe(
      "class A {\r\n    two() {\r\n        three()\r\n    }\r\n}",
    );
  });

  test("loses an indent of its own", () => {
    expect(select("if a:\n«    b()\n»c()").rewrite("    b()\n    if d:\n        e()")).toBe("if a:\n    b()\n    if d:\n        e()\nc()");
  });

  test("indents by the steps of its document", () => {
    expect(select("«\tif (a) {\n\t\tb();\n\t}»").rewrite("if (a) {\n  if (c) {\n    b();\n  }\n}")).toBe(
      "\tif (a) {\n\t\tif (c) {\n\t\t\tb();\n\t\t}\n\t}",
    );
    expect(select("«if (a) {\n  b();\n}»").rewrite("if (a) {\n    b();\n    if (c) {\n        d();\n    }\n}")).toBe(
      "if (a) {\n  b();\n  if (c) {\n    d();\n  }\n}",
    );
    expect(select("x {\n  y\n}\n«a»").rewrite("a {\n\tb\n}")).toBe("x {\n  y\n}\na {\n  b\n}");
  });

  test("keeps the one blank before the stars of a comment", () => {
    const comment = "/**\n * Adds.\n */\n";
    expect(select("«function a() {\n  b();\n}»").rewrite(`${comment}function a() {\n  b();\n}`)).toBe(
      `${comment}function a() {\n  b();\n}`,
    );
    expect(select("«function a() {\n\tb();\n}»").rewrite(`${comment}function a() {\n  b();\n}`)).toBe(
      `${comment}function a() {\n\tb();\n}`,
    );
  });

  test("ends where the selection ended", () => {
    expect(select("«a\n»b").rewrite("c\n\n\n")).toBe("c\nb");
    expect(select("«a»\nb").rewrite("c\n")).toBe("c\nb");
  });
});

describe("cleaning", () => {
  test.each([
    ["code alone", "a = 1\nb = 2\n", "a = 1\nb = 2"],
    ["fences", "```python\na = 1\n```", "a = 1"],
    ["fences and talk", "Sure! Here is the improved code:\n\n```python\na = 1\n```\n\nThis sets a.", "a = 1"],
    ["talk without fences", "Here's the code:\na = 1", "a = 1"],
    ["a closing fence and talk", "a = 1\n```\nI changed it.", "a = 1"],
    ["line numbers", "1: a = 1\n2: b = 2\n3:\n4:   c", "a = 1\nb = 2\n\n  c"],
    ["line numbers with bars", " 9 | a = 1\n10 | b = 2", "a = 1\nb = 2"],
    ["an indent of its own", "    a = 1\n    b = 2", "    a = 1\n    b = 2"],
    ["nothing", "```\n```", ""],
    ["a fence in a comment", "/**\n * ```ts\n * x\n * ```\n */", "/**\n * ```ts\n * x\n * ```\n */"],
  ])("leaves the code of %s", (_name, raw, code) => {
    expect(cleanCode(raw, "x = 0", true)).toBe(code);
  });

  test("keeps fences and numbers that the original has", () => {
    const original = "Use it:\n```sh\nrun\n```\nDone.";
    expect(cleanCode("Use it so:\n```sh\nrun it\n```\nDone.", original, true)).toBe("Use it so:\n```sh\nrun it\n```\nDone.");
    expect(cleanCode("1. one\n2. second\n", "1. one\n2. two", true)).toBe("1. one\n2. second");
  });

  test.each([
    "```ts\nconst a = `x`;\n\n\nconst b = 2;\n```\nThat is all.",
    "Certainly! Here it is:\n\n```ts\nconst a = 1;\n```",
    "\n\n  a();\n\n  b();\n",
    "a = 1\n```\n\nMore words",
    "one line",
    "/*\n   ```js\n   x\n   ```\n*/\nlet a;",
  ])("a growing answer only ever grows: %j", (raw) => {
    let shown = "";
    for (let length = 0; length <= raw.length; length++) {
      const now = cleanCode(raw.slice(0, length), "", false);
      expect(now.startsWith(shown), `${JSON.stringify(now)} after ${JSON.stringify(shown)}`).toBe(true);
      shown = now;
    }
    expect(cleanCode(raw, "", true).startsWith(shown)).toBe(true);
  });
});

test("imports that the document has are not added once more", () => {
  const elsewhere = "import a from 'a';\r\nfrom b import c\r\n";
  expect(withoutKnownImports("import a from 'a';\n\nrun(a);", "run(a)", elsewhere)).toBe("run(a);");
  expect(withoutKnownImports("from b import c\nfrom d import e\nrun()", "run()", elsewhere)).toBe("from d import e\nrun()");
  expect(withoutKnownImports("import a from 'a';\nrun(a);", "import a from 'a';\nrun(a)", elsewhere)).toBe("import a from 'a';\nrun(a);");
});
