import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "#core/base/errors";
import { type AssistEvent, type AssistRequest, assistRequest } from "#core/contracts/assist";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createInference, type Inference } from "#engine/inference/host";
import { openScripted, type ScriptedModel } from "#engine/inference/scripted";
import { type Database, openDatabase } from "../sessions/database.ts";
import { createSessions, type Sessions } from "../sessions/sessions.ts";
import { createParsers } from "../syntax/parser.ts";
import { createAssist } from "./assist.ts";
import { oneModel } from "./one-model.fixture.ts";

let folder: string;
let database: Database;
let sessions: Sessions;
let settings: Settings;
const opened: { dispose(): unknown }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "assist-"));
  settings = defaultSettings;
  database = openDatabase({ folder });
  sessions = createSessions({ database, settings: { current: () => settings } });
});
afterEach(async () => {
  for (const item of opened.splice(0)) await item.dispose();
  sessions.dispose();
  database.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const scripted = { id: "scripted", name: "Scripted 1B", path: "/models/scripted.gguf" };
/** What no test here is about. */
const rest = { parsers: createParsers(), ownActions: { find: async () => undefined } };

function assistWith(model: ScriptedModel) {
  const inference = createInference({ open: openScripted(model), settings: { current: () => settings } });
  opened.push(inference);
  const models = oneModel(scripted);
  return createAssist({ inference, models, sessions, settings: { current: () => settings }, ...rest });
}

/** Answers in turn; the last one again and again. */
function inTurn(...answers: string[]): ScriptedModel & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    answer(messages) {
      asked.push(messages.map(({ text }) => text).join("\n"));
      return answers[Math.min(asked.length, answers.length) - 1] ?? "";
    },
  };
}

const code = `import { log } from "./log.ts";

export class Counter {
  count = 0;

  add(amount: number) {
    this.count = this.count + amount;
    log("added " + amount);
  }
}
`;

function request(changes: Partial<AssistRequest> = {}, selected = code.slice(code.indexOf("  add("), code.lastIndexOf("}"))) {
  const start = code.indexOf(selected);
  return assistRequest.parse({
    action: "improve",
    path: "/work/app/src/counter.ts",
    workspace: "/work/app",
    languageId: "typescript",
    text: code,
    selection: { start, end: start + selected.length },
    ...changes,
  });
}

async function collect(events: AsyncIterable<AssistEvent>) {
  const all: AssistEvent[] = [];
  for await (const event of events) all.push(event);
  const last = all.at(-1);
  if (last?.type !== "finished") throw new Error("The stream did not finish.");
  const text = all.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
  return { all, text, answer: last.answer };
}

const improved = 'add(amount: number) {\n    this.count += amount;\n    log("added " + amount);\n}\n';

describe("fix", () => {
  test("tells the model what is wrong at the selected lines, with the lines themselves", async () => {
    const model = inTurn(improved);
    const problems = [
      { line: 7, message: "Cannot find name 'amount'." },
      { line: 1, message: "Not selected." },
    ];
    const { answer } = await collect(assistWith(model).run(request({ action: "fix", problems })));
    expect(model.asked[0]).toContain("- `this.count = this.count + amount;`: Cannot find name 'amount'.");
    expect(model.asked[0]).not.toContain("Not selected.");
    expect(answer.text).toContain("this.count += amount;");
  });

  test("hands on what the user pasted, line by line", async () => {
    const model = inTurn(improved);
    await collect(assistWith(model).run(request({ action: "fix", instruction: "Error: no\n  at add (counter.ts:7)" })));
    expect(model.asked[0]).toContain("It fails with:\n```\nError: no\n  at add (counter.ts:7)\n```");
  });
});

describe("what the model saw", () => {
  test("is kept with the answer, with places in the file", async () => {
    const { answer } = await collect(assistWith({ answer: () => improved, contextSize: 4096 }).run(request({ action: "explain" })));
    const { details } = sessions.show(answer.sessionId).messages.find(({ role }) => role === "assistant") ?? {};
    expect(details).toMatchObject({ model: "Scripted 1B", temperature: settings["localcoder.inference.temperature"], stop: "end" });
    expect(details?.saw?.taken.map(({ name, source }) => [name, source])).toEqual([
      ["instructions", undefined],
      ["selection", "src/counter.ts:6-9"],
      ["before the selection, 5 lines", "src/counter.ts:1-5"],
      ["after the selection, 1 line", "src/counter.ts:10-10"],
    ]);
    expect(details?.tokens.prompt).toBeGreaterThan(20);
    expect(details?.slices?.reduce((sum, size) => sum + size, 0)).toBe(details?.tokens.evaluated);
  });
});

describe("document", () => {
  test("writes a comment above code that stays as it was", async () => {
    const { answer } = await collect(
      assistWith(inTurn("Adds to the count.\n *\n * @param amount how much\n */")).run(request({ action: "document" })),
    );
    expect(answer.text).toBe(
      '  /**\n   * Adds to the count.\n   *\n   * @param amount how much\n   */\n  add(amount: number) {\n    this.count = this.count + amount;\n    log("added " + amount);\n  }\n',
    );
    expect(answer.doubts).toEqual([]);
  });

  test("takes a function that is longer than any answer, because only the comment is written", async () => {
    const text = `function long() {\n${"  call(one, two);\n".repeat(300)}}\n`;
    const long = { text, selection: { start: 0, end: text.length - 1 } };
    const model = (answer: string) => assistWith({ ...inTurn(answer), contextSize: 8192 });
    const { answer } = await collect(model("Calls again and again.\n */").run(request({ action: "document", ...long })));
    expect(answer).toMatchObject({ text: `/** Calls again and again. */\n${text.trimEnd()}`, doubts: [] });
    await expect(collect(model(improved).run(request(long)))).rejects.toMatchObject({ code: "SELECTION_TOO_LONG" });
  });

  test("that says nothing changes nothing", async () => {
    const { answer } = await collect(assistWith(inTurn("")).run(request({ action: "document" })));
    expect(answer.doubts).toMatchObject([{ kind: "unchanged", blocks: false }]);
    expect(answer.diff).toBe("");
  });
});

describe("improve", () => {
  test("streams bare code and answers with what belongs into the document", async () => {
    const { all, text, answer } = await collect(assistWith(inTurn(improved)).run(request()));
    expect(all[0]).toMatchObject({ type: "started", model: "Scripted 1B" });
    expect(text).toBe(improved.trimEnd());
    expect(answer).toMatchObject({ doubts: [], model: "Scripted 1B", stop: "end" });
    expect(answer.text).toBe('  add(amount: number) {\n    this.count += amount;\n    log("added " + amount);\n  }\n');
    expect(answer.diff).toContain("--- a/src/counter.ts\n+++ b/src/counter.ts\n@@ ");
    expect(answer.diff).toContain("-    this.count = this.count + amount;\n");
    expect(answer.diff).toContain("+    this.count += amount;\n");
    expect(answer.tokens.generated).toBeGreaterThan(0);
  });

  test("is kept in the history as it was sent and answered", async () => {
    const { answer } = await collect(assistWith(inTurn(improved)).run(request({ instruction: "use templates" })));
    const { session, messages } = sessions.show(answer.sessionId);
    expect(session).toMatchObject({
      title: "Improve add in counter.ts, lines 6–9",
      kind: "improve",
      state: "done",
      workspace: "/work/app",
      path: "/work/app/src/counter.ts",
      lines: { from: 6, to: 9 },
      model: "Scripted 1B",
    });
    expect(messages.map(({ role }) => role)).toEqual(["system", "user", "note", "assistant"]);
    expect(messages[1]?.text).toContain("use templates");
    expect(messages[2]?.text).toMatch(/^Left out: before the selection, 5 lines \(\d+ tokens, this model would/);
    expect(messages[3]?.text).toBe(improved.trimEnd());
    expect(sessions.search({ query: "templ", limit: 10 })).toHaveLength(1);
  });

  test("gets one more try, and keeps the better answer", async () => {
    const model = inTurn("add(amount: number) {\n    // ... rest of the code\n}", improved);
    const { all, answer } = await collect(assistWith(model).run(request()));
    expect(model.asked).toHaveLength(2);
    expect(all.some((event) => event.type === "waiting" && event.reason.includes("Trying once more"))).toBe(true);
    expect(answer.doubts).toEqual([]);
    expect(answer.text).toContain("this.count += amount;");
    expect(sessions.show(answer.sessionId).messages.map(({ role }) => role)).toEqual([
      "system",
      "user",
      "note",
      "assistant",
      "note",
      "assistant",
    ]);
  });

  test("shows an answer that is no code with the reason, after two more tries", async () => {
    const model = inTurn("You can make it shorter with the compound operator, which is the same.");
    const { answer } = await collect(assistWith(model).run(request()));
    expect(model.asked).toHaveLength(3);
    expect(answer.doubts[0]).toMatchObject({ kind: "prose", blocks: true });
    expect(answer.text).toContain("compound operator");
  });

  test("says when nothing would change", async () => {
    const bare = 'add(amount: number) {\n  this.count = this.count + amount;\n  log("added " + amount);\n}';
    const { answer } = await collect(assistWith(inTurn(bare)).run(request()));
    expect(answer.doubts).toMatchObject([{ kind: "unchanged", blocks: false }]);
    expect(answer.diff).toBe("");
    expect(answer.text).toBe(code.slice(code.indexOf("  add("), code.lastIndexOf("}")));
  });

  test("keeps Windows line ends", async () => {
    const text = code.replaceAll("\n", "\r\n");
    const start = text.indexOf("  add(");
    const { answer } = await collect(assistWith(inTurn(improved)).run(request({ text, selection: { start, end: text.lastIndexOf("}") } })));
    expect(answer.text).toBe('  add(amount: number) {\r\n    this.count += amount;\r\n    log("added " + amount);\r\n  }\r\n');
  });

  test("marks an answer that reached its limit", async () => {
    const { answer } = await collect(
      assistWith(inTurn(Array.from({ length: 300 }, (_, line) => `let a${line} = 1;\n`).join(""))).run(request()),
    );
    expect(answer.stop).toBe("limit");
    expect(answer.doubts[0]?.blocks).toBe(true);
    expect(answer.doubts.map(({ kind }) => kind)).toContain("cut-off");
  });
});

describe("explain", () => {
  test("streams Markdown and proposes no edit", async () => {
    const markdown = "Adds an amount.\n\n- It changes `count`.\n- It logs.\n";
    const { text, answer } = await collect(assistWith(inTurn(markdown)).run(request({ action: "explain" })));
    expect(text).toBe(answer.text);
    expect(answer).toMatchObject({ text: markdown.trimEnd(), diff: "", doubts: [] });
  });
});

describe("refactor", () => {
  test("needs an instruction and hands it on", async () => {
    const model = inTurn(improved);
    await expect(collect(assistWith(model).run(request({ action: "refactor" })))).rejects.toMatchObject({ code: "BAD_INPUT" });
    await collect(assistWith(model).run(request({ action: "refactor", instruction: "use compound assignment" })));
    expect(model.asked[0]).toContain("use compound assignment");
  });
});

describe("a request that cannot be answered", () => {
  test.each<[string, Partial<AssistRequest>, string]>([
    ["an unknown action", { action: "fly" }, "BAD_INPUT"],
    ["a selection behind the end", { selection: { start: 0, end: code.length + 1 } }, "POSITION_OUTSIDE_FILE"],
    ["a selection that ends before it starts", { selection: { start: 5, end: 2 } }, "POSITION_OUTSIDE_FILE"],
    ["blanks only", { selection: { start: code.indexOf("\n"), end: code.indexOf("export") } }, "BAD_INPUT"],
    ["an empty selection", { selection: { start: 3, end: 3 } }, "BAD_INPUT"],
  ])("%s", async (_name, changes, expected) => {
    await expect(collect(assistWith(inTurn(improved)).run(request(changes)))).rejects.toMatchObject({ code: expected });
    expect(sessions.list({ limit: 10 })).toEqual([]);
  });

  test.each([
    ["a little", 300],
    ["far", 100_000],
  ])("a selection that is %s longer than the window", async (_name, lines) => {
    const text = "call(one, two);\n".repeat(lines);
    const long = request({ text, selection: { start: 0, end: text.length } });
    const error = await collect(assistWith({ ...inTurn(improved), contextSize: 2048 }).run(long)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "SELECTION_TOO_LONG", message: expect.stringMatching(/\d{4} tokens.* With [1-9]\d+ for.* 2048 /) });
    expect(sessions.list({ limit: 10 })).toMatchObject([{ state: "failed" }]);
    expect(sessions.show(sessions.list({ limit: 1 })[0]?.id ?? "").messages).toMatchObject([{ role: "note" }]);
    // As many lines as it names are not too many then.
    const fewer = Number(/about (\d+) of/.exec((error as { hint?: string }).hint ?? "")?.[1]);
    const again = request({ text, selection: { start: 0, end: "call(one, two);\n".length * fewer - 1 } });
    await collect(assistWith({ ...inTurn(improved), contextSize: 2048 }).run(again));
  });

  test("what does not fit around a selection is named in the history", async () => {
    const text = `${"const before = 1;\n".repeat(400)}${code}`;
    const start = text.indexOf("  add(");
    const { answer } = await collect(
      assistWith({ ...inTurn(improved), contextSize: 700 }).run(
        request({ action: "explain", text, selection: { start, end: text.lastIndexOf("}") } }),
      ),
    );
    const note = sessions.show(answer.sessionId).messages.find(({ role }) => role === "note")?.text ?? "";
    expect(note).toMatch(/Left out: before the selection, \d+ lines \(\d+ tokens, (no room|too far from the selection)\)/);
  });

  test("no model at all leaves no trace", async () => {
    const failing = createAssist({
      inference: createInference({ open: openScripted({}), settings: { current: () => settings } }),
      models: {
        ...oneModel(scripted),
        forRole: async () => {
          throw new UserError("NO_MODEL", "No model is set up.", "Choose one.");
        },
      },
      sessions,
      settings: { current: () => settings },
      ...rest,
    });
    await expect(collect(failing.run(request()))).rejects.toMatchObject({ code: "NO_MODEL" });
    expect(sessions.list({ limit: 10 })).toEqual([]);
  });
});

describe("stopping", () => {
  test("by the signal keeps what was shown", async () => {
    const stop = new AbortController();
    let shown = "";
    const run = assistWith({ ...inTurn(improved.repeat(20)), millisecondsPerToken: 1 }).run(request(), stop.signal);
    await expect(
      (async () => {
        for await (const event of run) {
          if (event.type === "text") shown += event.text;
          if (shown.length > 40) stop.abort();
        }
      })(),
    ).rejects.toMatchObject({ code: "STOPPED" });
    const [session] = sessions.list({ limit: 10 });
    expect(session?.state).toBe("stopped");
    expect(sessions.show(session?.id ?? "").messages.at(-1)?.text).toBe(shown);
  });

  test("by leaving the stream counts as stopped", async () => {
    for await (const event of assistWith(inTurn(improved)).run(request())) if (event.type === "text") break;
    expect(sessions.list({ limit: 10 })).toMatchObject([{ state: "stopped" }]);
  });
});

test("an engine that ends leaves the session as interrupted", async () => {
  const assist = assistWith({ ...inTurn(improved.repeat(20)), millisecondsPerToken: 1 });
  let dispose: Promise<unknown> | undefined;
  await expect(
    (async () => {
      for await (const event of assist.run(request()))
        if (event.type === "text") dispose ??= Promise.all(opened.splice(0).map((item) => item.dispose()));
    })(),
  ).rejects.toMatchObject({ code: "ENGINE_GONE" });
  await dispose;
  expect(sessions.list({ limit: 10 })).toMatchObject([{ state: "interrupted" }]);
});

describe("what is kept", () => {
  test("nothing, with the history off, and the action works", async () => {
    settings = { ...defaultSettings, "localcoder.history.keep": "off" };
    const { answer, all } = await collect(assistWith(inTurn(improved)).run(request()));
    expect(answer.text).toContain("+=");
    expect(answer.sessionId).toBe("");
    expect(all[0]).toMatchObject({ sessionId: "" });
    expect(sessions.list({ limit: 10 })).toEqual([]);
  });

  test("what a full disk takes; the answer goes on and the user is told once", async () => {
    const assist = assistWith(inTurn(improved));
    const pages = Number(database.sqlite.pragma("page_count", { simple: true }));
    database.sqlite.pragma(`max_page_count = ${pages}`);
    const { all, answer } = await collect(assist.run(request({ instruction: "use += ".repeat(1500) })));
    expect(all.filter((event) => event.type === "notice")).toMatchObject([{ code: "DISK_FULL" }]);
    expect(answer.text).toContain("this.count += amount;");
    expect(answer.sessionId).toBe("");
  });
});

test("a model process that dies fails the session with its reason", async () => {
  const open = openScripted({ ...inTurn(improved.repeat(50)), millisecondsPerToken: 1 });
  let kill = () => {};
  const inference = createInference({
    open: async () => {
      const connection = await open();
      kill = connection.kill;
      return connection;
    },
    settings: { current: () => settings },
  });
  opened.push(inference);
  const models = oneModel(scripted);
  const assist = createAssist({ inference, models, sessions, settings: { current: () => settings }, ...rest });
  await expect(
    (async () => {
      for await (const event of assist.run(request())) if (event.type === "text") kill();
    })(),
  ).rejects.toMatchObject({ code: "INFERENCE_STOPPED" });
  const [session] = sessions.list({ limit: 10 });
  expect(session?.state).toBe("failed");
  expect(sessions.show(session?.id ?? "").messages.at(-1)).toMatchObject({ role: "note" });
  await collect(assist.run(request({ action: "explain" })));
});

describe("a model that cannot answer", () => {
  const first = { id: "first", name: "First", path: "/models/first.gguf" };
  const second = { id: "second", name: "Second", path: "/models/second.gguf" };

  function assistAfter(problem: UserError, where: "choosing" | "loading", order: readonly (typeof first)[] = [second]) {
    const scripted = createInference({ open: openScripted({ answer: () => improved }), settings: { current: () => settings } });
    opened.push(scripted);
    const asked: (string | undefined)[] = [];
    const models = {
      ...oneModel(first),
      async forRole(_role: string, _place: unknown, failed?: { readonly path?: string }) {
        if (!failed) {
          if (where === "choosing") throw problem;
          return first;
        }
        asked.push(failed.path);
        const [next] = order;
        if (!next) throw new UserError("NO_MODEL", "None.");
        return next;
      },
    };
    const inference: Pick<Inference, "ensure" | "generate" | "countTokens" | "infill"> = {
      ...scripted,
      ensure: (model, ...rest) => (model.path === first.path ? Promise.reject(problem) : scripted.ensure(model, ...rest)),
    };
    return { assist: createAssist({ inference, models, sessions, settings: { current: () => settings }, ...rest }), asked };
  }

  test.each([
    ["choosing", new UserError("SERVER_UNREACHABLE", "The server does not answer."), undefined],
    ["loading", new UserError("MODEL_LOAD_FAILED", "First could not be loaded."), first.path],
  ] as const)("at %s makes way for the next one, and that is shown", async (where, problem, failed) => {
    const { assist, asked } = assistAfter(problem, where);
    const { all, answer } = await collect(assist.run(request()));
    expect(all.filter(({ type }) => type === "notice")).toEqual([
      { type: "notice", code: problem.code, message: `${problem.message} Second answers instead.` },
    ]);
    expect(answer).toMatchObject({ model: "Second", provider: "local-llama" });
    expect(asked).toEqual([failed]);
    const { session, messages } = sessions.show(answer.sessionId);
    expect(session.model).toBe("Second");
    expect(messages.filter(({ role }) => role === "note")[0]?.text).toMatch(/Second answers instead/);
  });

  test("fails with its own reason where there is no other", async () => {
    const problem = new UserError("MODEL_LOAD_FAILED", "First could not be loaded.");
    await expect(collect(assistAfter(problem, "loading", []).assist.run(request()))).rejects.toMatchObject({ code: "MODEL_LOAD_FAILED" });
    await expect(collect(assistAfter(problem, "loading", [first]).assist.run(request()))).rejects.toMatchObject({
      code: "MODEL_LOAD_FAILED",
    });
  });
});
