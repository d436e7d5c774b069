import { afterEach, beforeEach, expect, test } from "vitest";
import { type AssistEvent, type AssistRequest, assistRequest } from "#core/contracts/assist";
import { defaultSettings } from "#core/settings/schema";
import { createInference } from "#engine/inference/host";
import { openScripted } from "#engine/inference/scripted";
import { createParsers } from "../../syntax/parser.ts";
import { createAssist } from "../assist.ts";
import { openTestHistory, type TestHistory } from "../history.fixture.ts";

const settings = { current: () => defaultSettings };
let history: TestHistory;

beforeEach(() => {
  history = openTestHistory(settings);
});
afterEach(() => history.dispose());

const small = 500_000_000;

/** Runs an action with a model that gives its answers in turn; tells what it was asked, and what came. */
async function run(text: string, changes: Partial<AssistRequest>, answers: readonly string[], bytes = small) {
  const asked: string[] = [];
  const answer = (messages: readonly { readonly text: string }[]) => {
    asked.push(messages.at(-1)?.text ?? "");
    return answers[Math.min(asked.length, answers.length) - 1] ?? "";
  };
  const inference = createInference({ open: openScripted({ answer, bytes }), settings });
  history.own(inference);
  const model = { id: "scripted", name: "Scripted", path: "/models/scripted.gguf" };
  const models = { forRole: async () => model, reference: async () => model };
  const ownActions = { find: async () => undefined };
  const assist = createAssist({ inference, models, sessions: history.sessions, settings, parsers: createParsers(), ownActions });
  const request = {
    action: "refactor",
    path: history.folder.at("a.py"),
    languageId: "python",
    text,
    selection: { start: 0, end: text.length },
  };
  const events: AssistEvent[] = [];
  for await (const event of assist.run(assistRequest.parse({ ...request, ...changes }))) events.push(event);
  const last = events.at(-1);
  if (last?.type !== "finished") throw new Error("The stream did not finish.");
  const notices = events.flatMap((event) => (event.type === "notice" ? [event.code] : []));
  return { asked, notices, answer: last.answer };
}

const first = "def first(items):\n    if items:\n        check(items)\n        return items[0]\n    else:\n        return None\n";
const guarded = "def first(items):\n    if not items:\n        return None\n    check(items)\n    return items[0]\n";
const counted = "def count(s, t):\n    n = 0\n    for c in s:\n        if c in t:\n            n += 1\n    print(n)\n";

test("what rules surely do is not asked of a small model", async () => {
  const { asked, notices, answer } = await run(first, { instruction: "use early returns" }, []);
  expect(asked).toEqual([]);
  expect(notices).toEqual(["BY_RULES"]);
  expect(answer).toMatchObject({ text: guarded, doubts: [], tokens: { generated: 0 } });
});

test.each([
  ["a large one", { instruction: "use early returns" }, 9_000_000_000],
  ["one that somebody names", { instruction: "use early returns", model: "scripted" }, small],
  ["any, where more is asked for", { instruction: "use early returns and log the items" }, small],
])("is asked of %s", async (_whom, changes, bytes) => {
  const { asked } = await run(first, changes, [guarded], bytes);
  expect(asked.length).toBeGreaterThan(0);
});

test("the model gives the names, and code puts them in their places", async () => {
  const { asked, answer } = await run(counted, { instruction: "use better names for the local variables" }, ["total\n", "letter\n"]);
  expect(asked).toHaveLength(2);
  expect(answer).toMatchObject({ text: counted.replace(/\bn\b/g, "total").replace(/\bc\b/g, "letter"), doubts: [] });
});

test.each([
  ["a name that the model gives", "count_of(", "count_of"],
  ["a name by rule where the model gives one that is taken", "count(", "do_part"],
])("a part of a function gets %s", async (_what, said, name) => {
  const text = counted.replace("print(n)", "print(n)\n    return t");
  const { answer } = await run(text, { instruction: "extract a helper function" }, [said]);
  expect(answer.doubts).toEqual([]);
  expect(answer.text).toBe(
    `def ${name}(s, t):\n    n = 0\n    for c in s:\n        if c in t:\n            n += 1\n    return n\n\n\ndef count(s, t):\n    n = ${name}(s, t)\n    print(n)\n    return t\n`,
  );
});

test("where rules find nothing to do, the model is asked for all of it", async () => {
  const one = "def one(a):\n    return a\n";
  const { asked, answer } = await run(one, { instruction: "write it more concisely" }, ["def one(a): return a"]);
  expect(asked[0]).toContain("write it more concisely");
  expect(answer.text).toBe("def one(a): return a\n");
});

test("rules know TypeScript, too", async () => {
  const text = "function f(a: number[]): number {\n  if (a.length === 0) {\n    return 0;\n  } else {\n    return a[0] ?? 1;\n  }\n}\n";
  const { asked, answer } = await run(text, { instruction: "use early returns", languageId: "typescript" }, []);
  expect(asked).toEqual([]);
  expect(answer.text).toBe("function f(a: number[]): number {\n  if (a.length === 0) {\n    return 0;\n  }\n  return a[0] ?? 1;\n}\n");
});
