import { describe, expect, test } from "vitest";
import { UserError } from "#core/base/errors";
import type { Settings } from "#core/settings/schema";
import type { ScriptedModel } from "../inference/scripted.ts";
import { openScriptedCompletion, scriptedModel } from "./scripted-completion.ts";

describe("what is inserted", () => {
  test("the rest of a word, a line, nothing twice", async () => {
    const { complete } = openScriptedCompletion({ knows: ["const total = sum(values);\n"] });
    expect(await complete("const total = su‸\n")).toMatchObject({ text: "m(values);", replaces: 0, model: "Scripted 1B", stop: "line" });
    expect(await complete("const total = sum(‸);\n")).toMatchObject({ text: "values);", replaces: 2 });
    expect(await complete("const total = sum(‸)\n")).toMatchObject({ text: "values);", replaces: 1 });
  });

  test("a block where the line opens one", async () => {
    const { complete } = openScriptedCompletion({ knows: ["function add(a, b) {\n  return a + b;\n}\nconst next = 1;\n"] });
    expect((await complete("function add(a, b) {‸\n")).text).toBe("\n  return a + b;\n}");
    expect((await complete("function add(a, b) {‸}\n")).text).toBe("\n  return a + b;\n");
  });

  test("in the document's line ends and indentation", async () => {
    const { complete, asked } = openScriptedCompletion({ knows: ["function add(a, b) {\n    return a + b;\n}\n"] });
    const place = "class A {\r\n\tb() {\r\n\t\tc();\r\n\t}\r\n}\r\nfunction add(a, b) {‸\r\n";
    expect((await complete(place)).text).toBe("\r\n\treturn a + b;\r\n}");
    expect(asked[0]?.prefix).not.toContain("\r");
  });

  test("a cursor behind an emoji, and behind half of one", async () => {
    const { complete } = openScriptedCompletion({ knows: ["const face = '😀'.length;\n"] });
    expect((await complete("const face = '😀‸\n")).text).toBe("'.length;");
    expect((await complete("const face = '\uD83D‸\n")).text).toBe("😀'.length;");
  });

  test("special tokens in the text are text", async () => {
    const { complete } = openScriptedCompletion({ knows: ["const mark = '<|fim_middle|>' + rest;\n"] });
    expect((await complete("const mark = '<|fim_middle|>' ‸\n")).text).toBe("+ rest;");
  });
});

describe("when nothing is shown", () => {
  const script: ScriptedModel = { knows: ["const total = sum(values);\n"] };

  test("a model that has nothing to say", async () => {
    expect(await openScriptedCompletion({}).complete("unheard = ‸\n")).toMatchObject({ text: "", hidden: "empty" });
  });

  test("a suggestion that is already there", async () => {
    expect(await openScriptedCompletion(script).complete("const total = ‸\nsum(values);\n")).toMatchObject({
      text: "",
      hidden: "repeats-suffix",
    });
  });

  test("inside a word, but by hand", async () => {
    const { complete } = openScriptedCompletion(script);
    expect(await complete("const total = su‸m(values)")).toMatchObject({ hidden: "mid-word" });
    expect((await complete("const total = su‸ + 1", { trigger: "manual" })).text).toBe("m(values);");
  });

  test("switched off for the language, for all, or altogether", async () => {
    const off = openScriptedCompletion(script, { "localcoder.completion.languages": { "*": true, typescript: false } });
    expect(await off.complete("const total = ‸\n")).toMatchObject({ hidden: "switched-off" });
    expect((await off.complete("const total = ‸\n", { trigger: "manual" })).text).not.toBe("");
    expect((await off.complete("const total = ‸\n", { languageId: "python" })).text).not.toBe("");
    const rest = openScriptedCompletion(script, { "localcoder.completion.languages": { "*": false } });
    expect(await rest.complete("const total = ‸\n")).toMatchObject({ hidden: "switched-off" });
    const all = openScriptedCompletion(script, { "localcoder.completion.enabled": false });
    expect(await all.complete("const total = ‸\n", { trigger: "manual" })).toMatchObject({ hidden: "switched-off" });
  });

  test("in comments and strings, where they are switched off", async () => {
    const quiet = openScriptedCompletion(script, {
      "localcoder.completion.inComments": false,
      "localcoder.completion.inStrings": false,
    });
    expect(await quiet.complete("// const total = ‸\n")).toMatchObject({ text: "", hidden: "in-comment" });
    expect(await quiet.complete("a = 'const total = ‸';\n")).toMatchObject({ text: "", hidden: "in-string" });
    expect(quiet.asked).toEqual([]);
    expect((await quiet.complete("// const total = ‸\n", { trigger: "manual" })).text).toBe("sum(values);");
    expect((await quiet.complete("const total = ‸\n")).text).toBe("sum(values);");
    const loud = openScriptedCompletion(script);
    expect((await loud.complete("// const total = ‸\n")).text).toBe("sum(values);");
  });

  test("no model: a state while typing, an error when asked", async () => {
    const missing = async () => {
      throw new UserError("NO_MODEL", "There is no model for ghost text.", "Choose one.");
    };
    const { complete } = openScriptedCompletion(script, {}, missing);
    expect(await complete("const total = ‸\n", { asShown: true })).toMatchObject({ hidden: "no-model" });
    await expect(complete("const total = ‸\n")).rejects.toMatchObject({ code: "NO_MODEL" });
  });

  test("doubt, as it is shown; everything for whoever wants to see it", async () => {
    const { complete } = openScriptedCompletion({ ...script, probability: (piece) => (piece.includes("sum") ? 0.1 : 0.9) });
    expect(await complete("const total = ‸\n", { asShown: true })).toMatchObject({ text: "", hidden: "uncertain" });
    expect(await complete("const total = ‸\n")).toMatchObject({ text: "sum(values);" });
  });

  test("bolder shows what quieter does not", async () => {
    const unsure: ScriptedModel = { ...script, probability: (piece) => (piece === "(values" ? 0.25 : 0.95) };
    const shown = async (confidence: Settings["localcoder.completion.confidence"]) =>
      (
        await openScriptedCompletion(unsure, { "localcoder.completion.confidence": confidence }).complete("const total = ‸\n", {
          asShown: true,
        })
      ).text;
    expect(await shown("quieter")).toBe("sum");
    expect(await shown("balanced")).toBe("sum(values);");
  });
});

describe("requests that overtake each other", () => {
  test("a newer one for the same document stops the older one, another document's goes on", async () => {
    const { complete } = openScriptedCompletion({ knows: ["const total = sum(values);\n"], millisecondsPerToken: 3 });
    const older = complete("const total = ‸\n");
    const elsewhere = complete("const total = ‸\n", { path: "/work/b.ts" });
    const newer = complete("const total = s‸\n");
    await expect(older).rejects.toMatchObject({ code: "STOPPED", message: expect.stringContaining("newer") });
    expect((await newer).text).toBe("um(values);");
    expect((await elsewhere).text).toBe("sum(values);");
  });

  test("the caller's signal stops it", async () => {
    const { complete } = openScriptedCompletion({ knows: ["const total = sum(values);\n"], millisecondsPerToken: 3 });
    const controller = new AbortController();
    const request = complete("const total = ‸\n", {}, controller.signal);
    controller.abort();
    await expect(request).rejects.toMatchObject({ code: "STOPPED", message: "Stopped." });
  });
});

test("the model hears names of the project, and limits of what is asked", async () => {
  const { complete, asked } = openScriptedCompletion({});
  await complete("if (a) {‸\n", { workspace: "/work", asShown: true });
  await complete("a = ‸\n", { maxTokens: 5 });
  expect(asked).toMatchObject([
    { path: "a.ts", repository: "work", shape: "block", maxTokens: 160, blockMilliseconds: 250, priority: "ghost-text" },
    { path: "a.ts", shape: "line", maxTokens: 5 },
  ]);
});

test("the model reads what is known of the project, and hears whether the cursor rests", async () => {
  const { complete, prepare, asked, wanted, knows } = openScriptedCompletion({ knows: ["const total = sum(values);\n"] });
  const context = [{ path: "sum.ts", text: "export function sum(values: number[]): number;" }];
  knows(context);
  await complete("const total = ‸\n", { workspace: "/work" });
  await prepare("const total = ‸\n");
  expect(asked[0]?.context).toEqual(context);
  expect(wanted).toMatchObject([
    { path: "/work/a.ts", languageId: "typescript", workspace: "/work", prefix: "const total = ", graphics: false, cursor: "typing" },
    { cursor: "resting" },
  ]);
});

describe("the list of requests", () => {
  const script: ScriptedModel = { knows: ["const total = sum(values);\n"] };

  test("tells of a suggestion what was read and written, and how sure the model was", async () => {
    const { complete, journal, statistics } = openScriptedCompletion(script);
    const { id } = await complete("const total = ‸\n");
    const [record] = journal.requests();
    expect(record).toMatchObject({ id, state: "shown", model: "Scripted 1B", line: 1, column: 15, stop: "line", known: false });
    expect(record?.candidates).toEqual([{ text: "sum(values);", confidence: expect.closeTo(0.9), shown: true }]);
    expect(record?.tokens.generated).toBeGreaterThan(0);
    expect(record?.prompt.map(({ name }) => name)).toContain("middle");
    statistics.outcome(id, "shown");
    expect(statistics.read().shown).toBe(1);
  });

  test("knows the rest of a suggestion as the same one", async () => {
    const { complete, journal, statistics } = openScriptedCompletion(script);
    const first = await complete("const total = ‸\n");
    const rest = await complete("const total = sum‸\n");
    expect(rest).toMatchObject({ text: "(values);", known: true, id: first.id });
    for (const { id } of [first, rest]) statistics.outcome(id, "shown");
    expect(statistics.read().shown).toBe(1);
    expect(journal.requests().map(({ known }) => known)).toEqual([true, false]);
    expect((await complete("const total = other(‸\n")).id).not.toBe(first.id);
  });

  test("tells of doubt what was written all the same", async () => {
    const { complete, journal } = openScriptedCompletion({ ...script, probability: (piece) => (piece.includes("sum") ? 0.1 : 0.9) });
    await complete("const total = ‸\n", { asShown: true });
    expect(journal.requests()).toMatchObject([{ state: "hidden", hidden: "uncertain", candidates: [{ shown: false, why: "uncertain" }] }]);
    expect(journal.requests()[0]?.candidates[0]?.text).toContain("sum");
  });

  test("tells who was overtaken, what failed, and what the model was busy with", async () => {
    const overtaken = openScriptedCompletion({ ...script, millisecondsPerToken: 3 });
    const older = overtaken.complete("const total = ‸\n");
    const newer = overtaken.complete("const total = s‸\n");
    await expect(older).rejects.toMatchObject({ code: "STOPPED" });
    await newer;
    expect(overtaken.journal.requests().map(({ state }) => state)).toEqual(["shown", "cancelled"]);

    const failing = openScriptedCompletion(script, {}, async () => {
      throw new UserError("NO_FIM_TOKENS", "This model cannot fill in code.", "Choose another.");
    });
    await expect(failing.complete("const total = ‸\n")).rejects.toMatchObject({ code: "NO_FIM_TOKENS" });
    expect(failing.journal.requests()).toMatchObject([{ state: "failed", reason: "This model cannot fill in code. Choose another." }]);

    const busy = openScriptedCompletion({ ...script, answer: () => "a long answer", millisecondsPerToken: 3 });
    const question = { messages: [{ role: "user" as const, text: "?" }], answerPrefix: "", stops: [] };
    const stopping = new AbortController();
    const stream = busy.inference.generate(
      scriptedModel,
      "code",
      { ...question, temperature: 0, maxTokens: 99, priority: "chat" },
      stopping.signal,
    );
    const first = await stream.next();
    const rest = (async () => {
      for await (const event of stream) if (event.type === "done") return;
    })();
    expect(first.done).toBe(false);
    await busy.complete("const total = ‸\n");
    expect(busy.journal.requests()).toMatchObject([{ state: "shown", busyWith: "answer" }]);
    stopping.abort();
    await rest.catch(() => {});
  });
});

describe("a pause", () => {
  test("keeps suggestions from coming by themselves, not those that are asked for", async () => {
    const { complete, pause, journal } = openScriptedCompletion({ knows: ["const total = sum(values);\n"] });
    pause.set(10);
    expect(await complete("const total = ‸\n")).toMatchObject({ text: "", hidden: "paused" });
    expect((await complete("const total = ‸\n", { trigger: "manual" })).text).toBe("sum(values);");
    pause.set(0);
    expect((await complete("const total = ‸\n")).text).toBe("sum(values);");
    expect(journal.requests().map(({ hidden }) => hidden)).toEqual([undefined, undefined, "paused"]);
    pause.dispose();
  });
});

test("files that are excluded get suggestions only by hand", async () => {
  const exclude = { "localcoder.completion.exclude": ["legacy/**", "/elsewhere/b.ts"] };
  const { complete } = openScriptedCompletion({ knows: ["const total = sum(values);\n"] }, exclude);
  const at = (path: string, more = {}) => complete("const total = ‸\n", { path, workspace: "/work", ...more });
  expect(await at("/work/legacy/old/a.ts")).toMatchObject({ text: "", hidden: "excluded" });
  expect(await at("/elsewhere/b.ts")).toMatchObject({ text: "", hidden: "excluded" });
  expect((await at("/work/legacy/a.ts", { trigger: "manual" })).text).toBe("sum(values);");
  expect((await at("/work/src/legacy/a.ts")).text).toBe("sum(values);");
});

describe("what is known already", () => {
  const script: ScriptedModel = { knows: ["const total = sum(values);\nconst mean = total / values.length;\nshow(mean);\n"] };

  test("typing along, going back and accepting ask nothing", async () => {
    const { complete, asked, quiet } = openScriptedCompletion(script);
    expect(await complete("const total = ‸\n", { asShown: true })).toMatchObject({ text: "sum(values);", known: false });
    for (const [place, text] of [
      ["const total = s‸\n", "um(values);"],
      ["const total = sum(val‸)\n", "ues);"],
      ["const total = su‸\n", "m(values);"],
    ] as const)
      expect(await complete(place, { asShown: true, wait: 5000 })).toMatchObject({ text, known: true, tokens: { evaluated: 0 } });
    await quiet();
    expect(await complete("const total = sum(values);\n‸\n", { asShown: true, wait: 5000 })).toMatchObject({
      text: "const mean = total / values.length;\nshow(mean);",
      known: true,
    });
    expect(asked.filter(({ priority }) => priority === "ghost-text")).toHaveLength(1);
  });

  test("nothing is known of another model", async () => {
    let path = "/models/one.gguf";
    const { complete } = openScriptedCompletion(script, {}, async () => ({ ...scriptedModel, path }));
    await complete("const total = ‸\n");
    expect(await complete("const total = s‸\n")).toMatchObject({ known: true });
    path = "/models/other.gguf";
    expect(await complete("const total = s‸\n")).toMatchObject({ text: "um(values);", known: false });
  });

  test("a wait that is cut short asks nothing", async () => {
    const { complete, asked } = openScriptedCompletion(script);
    const waiting = complete("const total = ‸\n", { wait: 5000 });
    const controller = new AbortController();
    const later = complete("const total = ‸\n", { wait: 5000 }, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "STOPPED" });
    await expect(later).rejects.toMatchObject({ code: "STOPPED" });
    expect(asked).toEqual([]);
  });
});

describe("several suggestions", () => {
  const script: ScriptedModel = {
    knows: ["const total = sum(values);\n", "const total = count(values);\n", "const total = mean(values);\n"],
    probability: (piece) => (piece.trim() === "sum" ? 0.4 : 0.95),
    others: (piece) =>
      piece.trim() === "sum"
        ? [
            { piece: piece.replace("sum", "count"), probability: 0.35 },
            { piece: piece.replace("sum", "mean"), probability: 0.2 },
          ]
        : [],
  };

  test("branch off where the model was least decided", async () => {
    const { complete } = openScriptedCompletion(script);
    const { text, alternatives } = await complete("const total = ‸\n", { trigger: "manual", alternatives: 3 });
    expect([text, ...alternatives.map((one) => one.text)]).toEqual(["sum(values);", "count(values);", "mean(values);"]);
  });

  test("are not made up where the model is sure", async () => {
    const { complete } = openScriptedCompletion({ knows: script.knows });
    expect((await complete("const total = ‸\n", { trigger: "manual", alternatives: 3 })).alternatives).toEqual([]);
  });
});

test("a block ends where the syntax says, also on a line that is as deep", async () => {
  const { complete } = openScriptedCompletion({ knows: ["class A {\n  b() {\n    c();\n  }\n\n  d() {\n    e();\n  }\n}\n"] });
  expect(await complete("class A {\n  ‸\n}\n")).toMatchObject({ text: "b() {\n    c();\n  }", stop: "block" });
});

describe("a key while the model writes", () => {
  const script: ScriptedModel = { knows: ["const total = sum(values, weights, offset);\n"], millisecondsPerToken: 15 };

  test("that agrees takes over what is being written", async () => {
    const { complete, asked } = openScriptedCompletion(script);
    const first = complete("const total = ‸\n", { asShown: true });
    await expect.poll(() => asked.length).toBe(1);
    const second = complete("const total = s‸\n", { asShown: true });
    await expect(first).rejects.toMatchObject({ code: "STOPPED" });
    const third = complete("const total = su‸\n", { asShown: true, wait: 5000 });
    await expect(second).rejects.toMatchObject({ code: "STOPPED" });
    expect(await third).toMatchObject({ text: "m(values, weights, offset);", known: false });
    expect(asked.filter(({ priority }) => priority === "ghost-text")).toHaveLength(1);
  });

  test("that contradicts stops it and asks anew", async () => {
    const { complete, asked } = openScriptedCompletion({ ...script, knows: [...(script.knows ?? []), "const total = mean(all);\n"] });
    const first = complete("const total = s‸\n", { asShown: true });
    await expect.poll(() => asked.length).toBe(1);
    const second = complete("const total = m‸\n", { asShown: true });
    await expect(first).rejects.toMatchObject({ code: "STOPPED" });
    expect(await second).toMatchObject({ text: "ean(all);" });
    expect(asked.filter(({ priority }) => priority === "ghost-text")).toHaveLength(2);
  });

  test("and without another key after it, what nobody waits for is stopped", async () => {
    const { complete, inference } = openScriptedCompletion(script);
    const controller = new AbortController();
    const first = complete("const total = ‸\n", { asShown: true }, controller.signal);
    await expect.poll(() => inference.current()[0]?.state, { interval: 5 }).toBe("busy");
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: "STOPPED" });
    await expect.poll(() => inference.current()[0]?.state, { interval: 5 }).toBe("ready");
  });
});

test("a place that was prepared costs a key only itself", async () => {
  const before = "function a() {\n  return 1;\n}\n".repeat(20);
  const { complete, prepare } = openScriptedCompletion({ knows: ["const total = sum(values);\n"] });
  await complete(`${before}x‸\n`);
  await prepare(`const total =‸\n${before}`);
  const { tokens } = await complete(`const total = s‸\n${before}`);
  expect(tokens.reused).toBeGreaterThan(50);
  expect(tokens.evaluated).toBeLessThanOrEqual(2);
});

test("a cursor that rests loads no model", async () => {
  const { prepare, inference } = openScriptedCompletion({});
  await prepare("const total =‸\n");
  expect(inference.current()).toEqual([]);
});
