import { describe, expect, test } from "vitest";
import type { PromptContext } from "../action.ts";
import { ownAction } from "./action.ts";
import { parseOwnAction } from "./parse.ts";

const file = `---
title: Add logging
languages: [python, "go"]
---
Add a log line at the start of each function of {{path}}.
`;

const context: PromptContext = {
  path: "src/a.py",
  languageId: "python",
  selection: "def a():\n    return '{{path}}'",
  before: "import b",
  after: "",
  references: [],
  instruction: "with the name",
  problems: [],
  purpose: "",
};

describe("an action in a file", () => {
  test("says what it is, and the rest follows", () => {
    expect(parseOwnAction(file)).toEqual({
      action: {
        title: "Add logging",
        shows: "diff",
        role: "code",
        instruction: "none",
        languages: ["python", "go"],
        prompt: "Add a log line at the start of each function of {{path}}.",
      },
      problems: [],
    });
    expect(parseOwnAction("---\r\ntitle: 'Ask'\r\nshows: card\r\n---\r\n{{instruction}}?\r\n").action).toMatchObject({
      role: "general",
      instruction: "required",
      title: "Ask",
    });
  });

  test.each([
    ["title: A", [1], "three dashes"],
    ["---\ntitle: A\n", [1], "no end"],
    ["---\nshows: card\n---\nDo.", [1], "title is missing"],
    ["---\ntitle: A\n---\n", [3], "prompt is missing"],
    ["---\ntitle: A\nshows: popup\n---\nDo.", [3], "card or diff, not “popup”"],
    ["---\ntitle: A\ncolour: red\n\n# note\nwords\n---\nDo.", [3, 6], "no field colour"],
    ["---\ntitle: A\ntitle: B\n---\nDo.", [3], "said twice"],
    ["---\ntitle: A\n---\nDo.\n\nNow {{selektion}}.", [6], "no place {{selektion}}"],
  ])("with mistakes is none, and each is told with its line: %j", (text, lines, message) => {
    const { action, problems } = parseOwnAction(text);
    expect(action).toBeUndefined();
    expect(problems.map(({ line }) => line)).toEqual(lines);
    expect(problems[0]?.message).toContain(message);
  });
});

describe("its prompt", () => {
  const promptOf = (text: string) => {
    const { action } = parseOwnAction(text);
    if (action === undefined) throw new Error("There are mistakes.");
    return ownAction("own", action).prompt(context);
  };

  test("has the code first where it names no place for it, and answers in a fence", () => {
    const { messages, answerPrefix } = promptOf(file);
    const text = messages.at(-1)?.text ?? "";
    expect(text.indexOf("def a()")).toBeLessThan(text.indexOf("Add a log line at the start of each function of src/a.py."));
    expect(text).toContain("import b");
    expect(answerPrefix).toBe("```python\n");
  });

  test("fills places in once: what stands in the code is not one", () => {
    const text = promptOf("---\ntitle: A\nshows: card\n---\nLook at {{selection}} {{instruction}}").messages.at(-1)?.text ?? "";
    expect(text).toBe("Look at \n```python\ndef a():\n    return '{{path}}'\n```\n with the name");
  });
});
