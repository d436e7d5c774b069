import { describe, expect, test } from "vitest";
import { assistActions, findAction, type PromptContext } from "./index.ts";
import { linesOf, sessionTitle, shownPath } from "./title.ts";

const context: PromptContext = {
  path: "src/a.ts",
  languageId: "typescriptreact",
  selection: "const a = <b />;",
  before: "import b;",
  after: "export { a };",
  instruction: "use c",
  problems: [],
  purpose: "",
  references: [{ place: "notes.md:1-2", text: "as noted" }],
};

describe("every action", () => {
  test("has an id, a title and a key of its own", () => {
    for (const field of ["id", "title", "keybinding"] as const)
      expect(new Set(assistActions.map((action) => action[field])).size).toBe(assistActions.length);
    for (const action of assistActions) expect(findAction(action.id)).toBe(action);
    expect(findAction("none")).toBeUndefined();
  });

  test.each(assistActions)("$id shows the model all it is given, and nothing that changes by itself", (action) => {
    const prompt = action.prompt(context);
    const text = prompt.messages.map((message) => message.text).join("\n");
    expect(text).toContain("```tsx\nconst a = <b />;\n```");
    expect(text).toContain("```tsx\nimport b;\n```");
    expect(text).toContain("```tsx\nexport { a };\n```");
    expect(text).toContain("notes.md:1-2:\n```\nas noted\n```");
    if (action.instruction !== "none") expect(text).toContain("use c");
    expect(action.prompt(context)).toEqual(prompt);
    // The same words first, so that what was read once need not be read again.
    expect(action.prompt({ ...context, selection: "other" }).messages[0]).toEqual(prompt.messages[0]);
  });

  test.each(assistActions.filter(({ shows, compose }) => shows === "diff" && !compose))(
    "$id answers inside a fence that the code does not have",
    (action) => {
      expect(action.prompt(context)).toMatchObject({ answerPrefix: "```tsx\n", stops: ["\n```"] });
      const markdown = { ...context, languageId: "markdown", selection: "Use:\n```sh\nrun\n```" };
      expect(action.prompt(markdown)).toMatchObject({ answerPrefix: "````markdown\n", stops: ["\n````"] });
    },
  );
});

test("a review is shown the lines of a change, and not what Git notes about its files", () => {
  const change = "diff --git a/a.ts b/a.ts\nindex 1..2 100644\n--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-index 1\n+index 2";
  const [, { text } = { text: "" }] = findAction("review")?.prompt({ ...context, selection: change }).messages ?? [];
  expect(text).toContain("```diff\n--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-index 1\n+index 2\n```");
});

test("a path is shown within its workspace", () => {
  expect(shownPath("/work/app/src/a.ts", "/work/app")).toBe("src/a.ts");
  expect(shownPath("C:\\work\\app\\src\\a.ts", "C:\\work\\app\\")).toBe("src/a.ts");
  expect(shownPath("/elsewhere/a.ts", "/work/app")).toBe("a.ts");
  expect(shownPath("Untitled-1", undefined)).toBe("Untitled-1");
});

test("a session is named after what it is about", () => {
  const [explain] = assistActions;
  if (!explain) throw new Error("There are no actions.");
  const title = (selection: string, languageId: string, to: number) =>
    sessionTitle(explain, { path: "src/a.ts", languageId, selection, lines: { from: 3, to } });
  expect(title("export function load() {\n}", "typescript", 4)).toBe("Explain load in a.ts, lines 3–4");
  expect(title("x = 1", "python", 3)).toBe("Explain a.ts, line 3");
  expect(title("words", "plaintext", 3)).toBe("Explain a.ts, line 3");
});

test("the lines of a selection", () => {
  const text = "one\r\ntwo\nthree\n";
  const lines = (start: number, end: number) => linesOf(text, { start, end });
  expect(lines(0, 3)).toEqual({ from: 1, to: 1 });
  expect(lines(0, 5)).toEqual({ from: 1, to: 1 });
  expect(lines(0, 6)).toEqual({ from: 1, to: 2 });
  expect(lines(5, 15)).toEqual({ from: 2, to: 3 });
});
