import { describe, expect, test } from "vitest";
import { UserError } from "#core/base/errors";
import { type CompletionRequest, completionRequest } from "#core/contracts/completion";
import type { InfillRequest } from "#core/contracts/inference";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createInference, type Inference } from "../inference/host.ts";
import { openScripted, type ScriptedModel } from "../inference/scripted.ts";
import { createCompletion } from "./completion.ts";

const model = { id: "scripted", name: "Scripted 1B", path: "/models/scripted.gguf" };

function setUp(script: ScriptedModel, change: Partial<Settings> = {}, forRole = async () => model) {
  const settings = { current: (): Settings => ({ ...defaultSettings, ...change }) };
  const inference = createInference({ open: openScripted(script), settings });
  const asked: InfillRequest[] = [];
  const watched: Pick<Inference, "infill" | "prepare" | "current"> = {
    prepare: inference.prepare,
    current: inference.current,
    infill(reference, request, signal) {
      asked.push(request);
      return inference.infill(reference, request, signal);
    },
  };
  const completion = createCompletion({ inference: watched, models: { forRole }, settings });
  return {
    asked,
    completion,
    /** `‸` is the cursor. */
    complete(place: string, more: Partial<CompletionRequest> = {}, signal?: AbortSignal) {
      const [prefix = "", suffix = ""] = place.split("‸");
      return completion.complete(
        completionRequest.parse({ path: "/work/a.ts", languageId: "typescript", prefix, suffix, ...more }),
        signal,
      );
    },
  };
}

describe("what is inserted", () => {
  test("the rest of a word, a line, nothing twice", async () => {
    const { complete } = setUp({ knows: ["const total = sum(values);\n"] });
    expect(await complete("const total = su‸\n")).toMatchObject({ text: "m(values);", replaces: 0, model: "Scripted 1B", stop: "line" });
    expect(await complete("const total = sum(‸);\n")).toMatchObject({ text: "values);", replaces: 2 });
    expect(await complete("const total = sum(‸)\n")).toMatchObject({ text: "values);", replaces: 1 });
  });

  test("a block where the line opens one", async () => {
    const { complete } = setUp({ knows: ["function add(a, b) {\n  return a + b;\n}\nconst next = 1;\n"] });
    expect((await complete("function add(a, b) {‸\n")).text).toBe("\n  return a + b;\n}");
    expect((await complete("function add(a, b) {‸}\n")).text).toBe("\n  return a + b;\n");
  });

  test("in the document's line ends and indentation", async () => {
    const { complete, asked } = setUp({ knows: ["function add(a, b) {\n    return a + b;\n}\n"] });
    const place = "class A {\r\n\tb() {\r\n\t\tc();\r\n\t}\r\n}\r\nfunction add(a, b) {‸\r\n";
    expect((await complete(place)).text).toBe("\r\n\treturn a + b;\r\n}");
    expect(asked[0]?.prefix).not.toContain("\r");
  });

  test("a cursor behind an emoji, and behind half of one", async () => {
    const { complete } = setUp({ knows: ["const face = '😀'.length;\n"] });
    expect((await complete("const face = '😀‸\n")).text).toBe("'.length;");
    expect((await complete("const face = '\uD83D‸\n")).text).toBe("😀'.length;");
  });

  test("special tokens in the text are text", async () => {
    const { complete } = setUp({ knows: ["const mark = '<|fim_middle|>' + rest;\n"] });
    expect((await complete("const mark = '<|fim_middle|>' ‸\n")).text).toBe("+ rest;");
  });
});

describe("when nothing is shown", () => {
  const script: ScriptedModel = { knows: ["const total = sum(values);\n"] };

  test("a model that has nothing to say", async () => {
    expect(await setUp({}).complete("unheard = ‸\n")).toMatchObject({ text: "", hidden: "empty" });
  });

  test("a suggestion that is already there", async () => {
    expect(await setUp(script).complete("const total = ‸\nsum(values);\n")).toMatchObject({ text: "", hidden: "repeats-suffix" });
  });

  test("inside a word, but by hand", async () => {
    const { complete } = setUp(script);
    expect(await complete("const total = su‸m(values)")).toMatchObject({ hidden: "mid-word" });
    expect((await complete("const total = su‸ + 1", { trigger: "manual" })).text).toBe("m(values);");
  });

  test("switched off for the language, for all, or altogether", async () => {
    const off = setUp(script, { "localcoder.completion.languages": { "*": true, typescript: false } });
    expect(await off.complete("const total = ‸\n")).toMatchObject({ hidden: "switched-off" });
    expect((await off.complete("const total = ‸\n", { trigger: "manual" })).text).not.toBe("");
    expect((await off.complete("const total = ‸\n", { languageId: "python" })).text).not.toBe("");
    const rest = setUp(script, { "localcoder.completion.languages": { "*": false } });
    expect(await rest.complete("const total = ‸\n")).toMatchObject({ hidden: "switched-off" });
    const all = setUp(script, { "localcoder.completion.enabled": false });
    expect(await all.complete("const total = ‸\n", { trigger: "manual" })).toMatchObject({ hidden: "switched-off" });
  });

  test("no model: a state while typing, an error when asked", async () => {
    const missing = async () => {
      throw new UserError("NO_MODEL", "There is no model for ghost text.", "Choose one.");
    };
    const { complete } = setUp(script, {}, missing);
    expect(await complete("const total = ‸\n", { asShown: true })).toMatchObject({ hidden: "no-model" });
    await expect(complete("const total = ‸\n")).rejects.toMatchObject({ code: "NO_MODEL" });
  });

  test("doubt, as it is shown; everything for whoever wants to see it", async () => {
    const { complete } = setUp({ ...script, probability: (piece) => (piece.includes("sum") ? 0.1 : 0.9) });
    expect(await complete("const total = ‸\n", { asShown: true })).toMatchObject({ text: "", hidden: "uncertain" });
    expect(await complete("const total = ‸\n")).toMatchObject({ text: "sum(values);" });
  });

  test("bolder shows what quieter does not", async () => {
    const unsure: ScriptedModel = { ...script, probability: (piece) => (piece === "(values" ? 0.25 : 0.95) };
    const shown = async (confidence: Settings["localcoder.completion.confidence"]) =>
      (await setUp(unsure, { "localcoder.completion.confidence": confidence }).complete("const total = ‸\n", { asShown: true })).text;
    expect(await shown("quieter")).toBe("sum");
    expect(await shown("balanced")).toBe("sum(values);");
  });
});

describe("requests that overtake each other", () => {
  test("a newer one for the same document stops the older one, another document's goes on", async () => {
    const { complete } = setUp({ knows: ["const total = sum(values);\n"], millisecondsPerToken: 3 });
    const older = complete("const total = ‸\n");
    const elsewhere = complete("const total = ‸\n", { path: "/work/b.ts" });
    const newer = complete("const total = s‸\n");
    await expect(older).rejects.toMatchObject({ code: "STOPPED", message: expect.stringContaining("newer") });
    expect((await newer).text).toBe("um(values);");
    expect((await elsewhere).text).toBe("sum(values);");
  });

  test("the caller's signal stops it", async () => {
    const { complete } = setUp({ knows: ["const total = sum(values);\n"], millisecondsPerToken: 3 });
    const controller = new AbortController();
    const request = complete("const total = ‸\n", {}, controller.signal);
    controller.abort();
    await expect(request).rejects.toMatchObject({ code: "STOPPED", message: "Stopped." });
  });
});

test("the model hears names of the project, and limits of what is asked", async () => {
  const { complete, asked } = setUp({});
  await complete("if (a) {‸\n", { workspace: "/work", asShown: true });
  await complete("a = ‸\n", { maxTokens: 5 });
  expect(asked).toMatchObject([
    { path: "a.ts", repository: "work", shape: "block", maxTokens: 160, blockMilliseconds: 250, priority: "ghost-text" },
    { path: "a.ts", shape: "line", maxTokens: 5 },
  ]);
});

test("what became of suggestions is counted once, in memory", async () => {
  const { complete, completion } = setUp({ knows: ["const total = sum(values);\n"] });
  const { id } = await complete("const total = ‸\n");
  for (const outcome of ["shown", "shown", "accepted"] as const) completion.outcome(id, outcome);
  completion.outcome("unknown", "rejected");
  expect(completion.outcomes()).toEqual({ shown: 1, accepted: 1, partly: 0, rejected: 0 });
});
