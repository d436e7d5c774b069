import { describe, expect, test } from "vitest";
import { putTogether, takeApart, withDocumentation } from "./documentation.ts";

/** The code with what a model wrote after the opening of the documentation. */
const documented = (languageId: string, code: string, text: string) => putTogether(takeApart(code, languageId), text, languageId);

describe("documentation stands where a language wants it", () => {
  const typescript = "export function add(a: number, b: number) {\n  return a + b;\n}";
  const python = "def add(a, b):\n    return a + b";
  test.each([
    ["before the declaration", "typescript", typescript, "Adds two numbers.", `/** Adds two numbers. */\n${typescript}`],
    [
      "in lines of its own",
      "typescript",
      typescript,
      "Adds.\n *\n * @param a one",
      `/**\n * Adds.\n *\n * @param a one\n */\n${typescript}`,
    ],
    [
      "deeper code",
      "java",
      "  int one() {\n    return 1;\n  }",
      "One.\n   * Always.",
      "  /**\n   * One.\n   * Always.\n   */\n  int one() {\n    return 1;\n  }",
    ],
    ["in the body", "python", python, "Adds two numbers.", 'def add(a, b):\n    """Adds two numbers."""\n    return a + b'],
    [
      "in the body, in lines",
      "python",
      python,
      "Adds.\n\n    Args:\n        a: one",
      'def add(a, b):\n    """Adds.\n\n    Args:\n        a: one\n    """\n    return a + b',
    ],
    [
      "behind a signature of several lines",
      "python",
      "@cached\ndef add(\n    a: int,  # one: two\n) -> int:\n    return a",
      "Adds.",
      '@cached\ndef add(\n    a: int,  # one: two\n) -> int:\n    """Adds."""\n    return a',
    ],
    ["above a body without a line of its own", "python", "def one(): return 1", "One.", "# One.\ndef one(): return 1"],
    [
      "with marks on each line",
      "go",
      "func Add() {}",
      "adds.\n// It is quick.\nfunc Add() {}",
      "// Add adds.\n// It is quick.\nfunc Add() {}",
    ],
    [
      "with the name of what it is about",
      "go",
      "//go:noinline\nfunc (a A) Add() {}",
      "adds.",
      "// Add adds.\n//go:noinline\nfunc (a A) Add() {}",
    ],
    ["in Rust", "rust", "pub fn add() {}", "Adds.", "/// Adds.\npub fn add() {}"],
  ])("%s", (_name, languageId, code, text, expected) => expect(documented(languageId, code, text)).toBe(expected));

  test.each([
    ["typescript", "/** Old. */\nconst a = 1;", "/** New. */\nconst a = 1;"],
    ["typescript", "/**\n * Old.\n */\nconst a = 1;", "/** New. */\nconst a = 1;"],
    ["typescript", "/* Not documentation. */\nconst a = 1;", "/** New. */\n/* Not documentation. */\nconst a = 1;"],
    ["python", 'def a():\n    """Old.\n\n    More.\n    """\n    return 1', 'def a():\n    """New."""\n    return 1'],
    ["python", 'def a():\n    """Old."""\n    return 1', 'def a():\n    """New."""\n    return 1'],
    ["rust", "/// Old.\nfn a() {}", "/// New.\nfn a() {}"],
    ["shellscript", "#!/bin/sh\n# Old.\na", "# New.\n#!/bin/sh\n# Old.\na"],
  ])("in place of the one there was (%s)", (languageId, code, expected) => expect(documented(languageId, code, "New.")).toBe(expected));

  test.each([
    ["typescript", "a;\n/** Old.\n * @x */\nexport const b = 1;", "/** Old.\n * @x */\nexport const b = 1;"],
    ["typescript", "/* Of all. */\nconst b = 1;", "const b = 1;"],
    ["typescript", "/** Of all. */\n\nconst b = 1;", "const b = 1;"],
    ["go", "// a.go\n\n// Old.\n// More.\nfunc b() {}", "// Old.\n// More.\nfunc b() {}"],
    ["go", "// Old.\n//go:noinline\nfunc b() {}", "func b() {}"],
    ["rust", "//! Of all.\n/// Old.\nfn b() {}", "/// Old.\nfn b() {}"],
    ["shellscript", "#!/bin/sh\nb() {", "b() {"],
    ["python", "# Old.\ndef b():\n  pass", "def b():\n  pass"],
  ])("what stands above already is taken along (%s)", (languageId, text, expected) => {
    const start = text.lastIndexOf("\n", text.search(/\bb\b/)) + 1;
    const { start: from, end } = withDocumentation(text, { start, end: text.length }, languageId);
    expect(text.slice(from, end)).toBe(expected);
  });

  test("nothing written changes nothing", () => {
    expect(documented("typescript", typescript, " \n")).toBe(typescript);
    expect(documented("python", python, "")).toBe(python);
  });
});
