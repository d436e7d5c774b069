import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AssistEvent, assistRequest } from "#core/contracts/assist";
import { defaultSettings } from "#core/settings/schema";
import { openForked } from "#engine/inference/forked";
import { createInference, type Inference } from "#engine/inference/host";
import { type Database, openDatabase } from "../sessions/database.ts";
import { createSessions, type Sessions } from "../sessions/sessions.ts";
import { createParsers } from "../syntax/parser.ts";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { type Assist, createAssist } from "./assist.ts";
import { oneModel } from "./one-model.fixture.ts";

const path = join(
  process.env.LOCALCODER_TEST_MODELS || join(homedir(), ".cache", "localcoder-test-models"),
  "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
);

const small = { id: path, name: "Qwen2.5-Coder 0.5B", path };

// On a busy machine a token can take seconds, and no test is about time.
describe.skipIf(!existsSync(path))("with the real 0.5B model", { timeout: 600_000 }, () => {
  const settings = {
    current: () => ({
      ...defaultSettings,
      "localcoder.inference.gpu": "off" as const,
      "localcoder.inference.contextSize": 2048,
      "localcoder.inference.temperature": 0,
      "localcoder.inference.maxTokens": 200,
    }),
  };
  let folder: string;
  let database: Database;
  let sessions: Sessions;
  let inference: Inference;
  let assist: Assist;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "assist-real-"));
    database = openDatabase({ folder });
    sessions = createSessions({ database, settings });
    inference = createInference({
      open: openForked(fileURLToPath(new URL("../inference/inference.process.ts", import.meta.url)), join(folder, "inference.log")),
      settings,
    });
    assist = createAssist({
      inference,
      models: oneModel(small),
      parsers: createParsers(),
      ownActions: { find: async () => undefined },
      sessions,
      settings,
    });
  });
  afterAll(async () => {
    await inference.dispose();
    sessions.dispose();
    database.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(action: string, languageId: string, text: string, selected: string) {
    const start = text.indexOf(selected);
    const selection = { start, end: start + selected.length };
    const events: AssistEvent[] = [];
    const run = assist.run(
      assistRequest.parse({ action, path: `/work/app/file.${languageId}`, workspace: "/work/app", languageId, text, selection }),
    );
    for await (const event of run) events.push(event);
    const last = events.at(-1);
    if (last?.type !== "finished") throw new Error("The stream did not finish.");
    const streamed = events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
    return { answer: last.answer, streamed, text: text.slice(0, start) + last.answer.text + text.slice(selection.end) };
  }

  const python = `import sys


def is_even(number):
    if number % 2 == 0:
        result = True
    else:
        result = False
    return result


print(is_even(int(sys.argv[1])))
`;

  test("improves a function in its place", async () => {
    const selected = python.slice(python.indexOf("def"), python.indexOf("\n\n\nprint"));
    const { answer, text, streamed } = await ask("improve", "python", python, selected);
    expect(answer.doubts.filter(({ blocks }) => blocks)).toEqual([]);
    expect(text).toMatch(/^import sys\n\n\ndef is_even\(number/);
    expect(text).toMatch(/\n\n\nprint\(is_even\(int\(sys\.argv\[1\]\)\)\)\n$/);
    expect(answer.text).not.toContain("```");
    expect(streamed).not.toContain("```");
    expect(answer.tokens.generated).toBeGreaterThan(5);
    expect(sessions.show(answer.sessionId)).toMatchObject({
      session: { state: "done", title: "Improve is_even in file.python, lines 4–9" },
    });
  });

  test("explains what it is shown", async () => {
    const { answer, streamed } = await ask("explain", "python", python, python.slice(python.indexOf("def"), python.indexOf("\n\n\nprint")));
    expect(streamed).toBe(answer.text);
    expect(answer.text).toMatch(/even/i);
    expect(answer.diff).toBe("");
    expect(answer.text.length).toBeGreaterThan(40);
  });

  test("writes tests that stand in a file of their own and call what is tested", async () => {
    using project = temporaryFolder({ "even.py": "def is_even(number):\n    return number % 2 == 0\n", "pytest.ini": "" });
    const text = "def is_even(number):\n    return number % 2 == 0\n";
    const request = { action: "test", path: project.at("even.py"), workspace: project.path, languageId: "python", text };
    const run = assist.run(assistRequest.parse({ ...request, selection: { start: 0, end: text.length - 1 } }));
    let file: { readonly path: string; readonly text: string } | undefined;
    for await (const event of run) if (event.type === "finished") ({ file } = event.answer);
    expect(file?.path).toBe(project.at("test_even.py"));
    expect(file?.text).toMatch(/^import pytest\n\nfrom even import is_even\n\n\ndef test_/);
    expect(file?.text).toContain("is_even(");
    expect(file?.text).not.toContain("```");
  });

  test("introduces a project between facts", async () => {
    using project = temporaryFolder({ "package.json": '{ "name": "shop", "description": "Adds prices of a cart." }', "src/cart.ts": "" });
    const run = assist.run(
      assistRequest.parse({ action: "readme", path: "README.md", workspace: project.path, text: "", selection: { start: 0, end: 0 } }),
    );
    let text = "";
    for await (const event of run) if (event.type === "finished") ({ text } = event.answer);
    expect(text).toMatch(/^# shop\n\nshop is [^\n]{10,}\n\n## Install\n/);
  });

  test("stops in the middle and answers the next one", async () => {
    const stop = new AbortController();
    const request = assistRequest.parse({
      action: "explain",
      path: "file.py",
      languageId: "python",
      text: python,
      selection: { start: 0, end: python.length },
    });
    const stopped = (async () => {
      for await (const event of assist.run(request, stop.signal)) if (event.type === "text") stop.abort();
    })();
    await expect(stopped).rejects.toMatchObject({ code: "STOPPED" });
    expect(sessions.list({ limit: 1 })).toMatchObject([{ state: "stopped" }]);
    const { answer } = await ask(
      "improve",
      "python",
      python,
      "    if number % 2 == 0:\n        result = True\n    else:\n        result = False\n    return result\n",
    );
    expect(answer.tokens.generated).toBeGreaterThan(0);
  });
});
