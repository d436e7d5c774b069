import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AssistEvent, type AssistRequest, assistRequest } from "#core/contracts/assist";
import { defaultSettings } from "#core/settings/schema";
import { createInference } from "#engine/inference/host";
import { openScripted, type ScriptedModel } from "#engine/inference/scripted";
import { createParsers } from "../syntax/parser.ts";
import { createAssist } from "./assist.ts";
import { openTestHistory, type TestHistory } from "./history.fixture.ts";
import { oneModel } from "./one-model.fixture.ts";

const settings = { current: () => defaultSettings };
let history: TestHistory;

beforeEach(() => {
  history = openTestHistory(settings);
});
afterEach(() => history.dispose());

/** Runs Refactor at the empty line that `‸` marks; the answer, and the whole text with it. */
async function insertAt(marked: string, model: ScriptedModel, changes: Partial<AssistRequest> = {}) {
  const inference = createInference({ open: openScripted(model), settings });
  history.own(inference);
  const reference = { id: "scripted", name: "Scripted", path: "/models/scripted.gguf" };
  const models = oneModel(reference);
  const ownActions = { find: async () => undefined };
  const assist = createAssist({ inference, models, sessions: history.sessions, settings, parsers: createParsers(), ownActions });
  const start = marked.indexOf("‸");
  const text = marked.replace("‸", "");
  const end = start + (/^[ \t]*/.exec(text.slice(start))?.[0].length ?? 0);
  const request = {
    action: "refactor",
    path: history.folder.at("a.py"),
    languageId: "python",
    text,
    selection: { start, end },
    instruction: "add two numbers",
  };
  const events: AssistEvent[] = [];
  for await (const event of assist.run(assistRequest.parse({ ...request, ...changes }))) events.push(event);
  const last = events.at(-1);
  if (last?.type !== "finished") throw new Error("The stream did not finish.");
  return { answer: last.answer, after: text.slice(0, start) + last.answer.text + text.slice(end) };
}

test("a model that does not fill in and counts on is stopped, and its whole turns are kept", async () => {
  const functions = Array.from({ length: 60 }, (_, n) => `def add_${n}(a):\n    return a + ${n}\n\n`).join("");
  const { answer } = await insertAt("import math\n\n‸\n", { fillInTheMiddle: false, answer: () => functions });
  expect(answer.text).toBe(functions.split("\n\n").slice(0, 12).join("\n\n"));
  expect(answer.doubts).toMatchObject([{ kind: "repetition", blocks: false }]);
});

test("of an answer that goes round in circles, what stands before that is kept", async () => {
  const again = "# The sum.\ndef total(numbers):\n    return sum(numbers)\n\n";
  const { answer } = await insertAt("import math\n\n‸\n", {
    fillInTheMiddle: false,
    answer: () => `def add(a, b):\n    return a + b\n\n${again.repeat(8)}`,
  });
  expect(answer.text).toBe("def add(a, b):\n    return a + b\n\n# The sum.\ndef total(numbers):\n    return sum(numbers)");
  expect(answer.doubts).toMatchObject([{ kind: "repetition", blocks: false }]);
});

test("an answer that goes round in circles within one statement is not offered", async () => {
  const { answer } = await insertAt("import math\n\n‸\n", {
    fillInTheMiddle: false,
    answer: () => `def add(a, b):\n${"    a = a + 1\n".repeat(40)}`,
  });
  expect(answer.doubts).toMatchObject([{ kind: "repetition", blocks: true }]);
});

describe("at an empty line, what is asked for is filled in", () => {
  test("between what stands before and behind it", async () => {
    const knows = ["import math\n\n# add two numbers\ndef add(a, b):\n    return a + b\n\n\nprint(add(1, 2))\n"];
    const { answer, after } = await insertAt("import math\n\n‸\n\nprint(add(1, 2))\n", { knows });
    expect(after).toBe("import math\n\ndef add(a, b):\n    return a + b\n\nprint(add(1, 2))\n");
    expect(answer.doubts).toEqual([]);
    expect(answer.diff).toContain("+def add(a, b):");
    expect(history.sessions.show(answer.sessionId).session.title).toBe("Insert in a.py, line 3");
    const { details } = history.sessions.show(answer.sessionId).messages.find(({ role }) => role === "assistant") ?? {};
    expect(details?.saw?.taken.map(({ name }) => name)).toEqual(["instructions", "before the place, 2 lines", "after the place, 3 lines"]);
  });

  test("and what a model without an end goes on with is left out", async () => {
    const further = Array.from({ length: 60 }, (_, n) => `# add ${n} numbers\ndef add_${n}(numbers):\n    return sum(numbers) + ${n}\n\n`);
    const knows = [`import math\n\n# add two numbers\ndef add(a, b):\n    return a + b\n\n${further.join("")}`];
    const { answer } = await insertAt("import math\n\n‸\n", { knows });
    expect(answer.text).toBe("def add(a, b):\n    return a + b");
    expect(answer.doubts).toEqual([]);
  });

  test("and what was cut off at the longest length is left out, with its comment", async () => {
    const body = Array.from({ length: 120 }, (_, n) => `    total += numbers[${n}] * ${n + 2}\n`).join("");
    const knows = [
      `import math\n\n# add two numbers\ndef add(a, b):\n    return a + b\n\n@cache\ndef sum_all(numbers):\n    total = 0\n${body}`,
    ];
    const { answer } = await insertAt("import math\n\n‸\n", { knows });
    expect(answer.text).toBe("def add(a, b):\n    return a + b");
    expect(answer.doubts).toMatchObject([{ kind: "cut-off", blocks: false }]);
  });

  test("and one statement that is longer than that is not offered, with a way out", async () => {
    const body = Array.from({ length: 120 }, (_, n) => `    total += numbers[${n}] * ${n + 2}\n`).join("");
    const knows = [`import math\n\n# add two numbers\ndef sum_all(numbers):\n    total = 0\n${body}`];
    const { answer } = await insertAt("import math\n\n‸\n", { knows });
    expect(answer.doubts).toMatchObject([{ kind: "cut-off", blocks: true, message: expect.stringContaining("smaller part") }]);
  });

  test("as deep as the block around it, with the line ends of the file", async () => {
    const knows = ["def f(a):\n    # add two numbers\n    return a + 1\n"];
    const { after } = await insertAt("def f(a):\r\n‸\r\n", { knows });
    expect(after).toBe("def f(a):\r\n    return a + 1\r\n");
  });

  test("by a question, where the model does not fill in", async () => {
    const { after } = await insertAt("class A:\n    x = 1\n\n    ‸\n\n    y = 2\n", {
      fillInTheMiddle: false,
      answer: () => "    def add(self):\n        return 1\n\n    y = 2",
    });
    expect(after).toBe("class A:\n    x = 1\n\n    def add(self):\n        return 1\n\n    y = 2\n");
  });
});

test.each([
  ["nothing", "", "empty"],
  ["something broken", "def add(:\n", "syntax"],
])("%s is not offered", async (_what, said, kind) => {
  const { answer } = await insertAt("a = 1\n‸\nb = 2\n", { fillInTheMiddle: false, answer: () => said });
  expect(answer.doubts).toContainEqual(expect.objectContaining({ kind, blocks: true }));
});

test.each([
  ["without an instruction", { instruction: undefined, action: "improve" }],
  ["by an action that writes no code", { action: "explain" }],
])("an empty line is refused %s", async (_how, changes) => {
  await expect(insertAt("a = 1\n‸\nb = 2\n", {}, changes)).rejects.toMatchObject({ code: "BAD_INPUT" });
});
