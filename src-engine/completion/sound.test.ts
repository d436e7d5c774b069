import { afterAll, describe, expect, test } from "vitest";
import type { ScriptedModel } from "../inference/scripted.ts";
import { createParsers } from "../syntax/parser.ts";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { createSuggestionCheck } from "./check/check.ts";
import { openScriptedCompletion } from "./scripted-completion.ts";
import { createCompletionSyntax } from "./syntax/syntax.ts";

// The real check with all the time it wants, and a model that prefers what does not exist.

const folder = temporaryFolder({ "tsconfig.json": JSON.stringify({ compilerOptions: { target: "es2022", lib: ["es2022"] } }) });
const syntax = createCompletionSyntax(createParsers());
const check = createSuggestionCheck({ syntax, patience: 2 ** 30 });

afterAll(async () => {
  await check.dispose();
  syntax.dispose();
  folder[Symbol.dispose]();
});

const script: ScriptedModel = {
  knows: ["const total = values.size;\n", "const total = values.length;\n", "const total = values.count;\n"],
  probability: (piece) => (piece.endsWith("size") ? 0.4 : 0.95),
  others: (piece) =>
    piece.endsWith("size")
      ? [
          { piece: piece.replace("size", "count"), probability: 0.35 },
          { piece: piece.replace("size", "length"), probability: 0.3 },
        ]
      : [],
};
const place = "const values = [1, 2];\nconst total = values.‸\n";
const request = { path: folder.at("a.ts"), workspace: folder.path, asShown: true };
const open = (model: ScriptedModel) => openScriptedCompletion(model, {}, undefined, check);

describe("a suggestion with a member that does not exist", () => {
  test("gives way to the next that has none", async () => {
    const { complete, journal } = open(script);
    expect(await complete(place, request)).toMatchObject({ text: "length;", check: "repaired" });
    expect(journal.requests()[0]).toMatchObject({ state: "shown", check: "repaired" });
  });

  test("also where somebody asked by hand and looks at it, but not for a program", async () => {
    const byHand = { ...request, asShown: false, trigger: "manual" as const };
    expect(await open(script).complete(place, { ...byHand, seen: true })).toMatchObject({ text: "length;", check: "repaired" });
    expect(await open(script).complete(place, byHand)).toMatchObject({ text: "size;", check: "none" });
  });

  test("typing along the one that is shown goes on with it, without the model", async () => {
    const { complete, asked, quiet } = open(script);
    await complete(place, request);
    await quiet();
    const before = asked.length;
    const along = await complete(place.replace("‸", "len‸"), request);
    expect(along).toMatchObject({ text: "gth;", known: true, check: "passed" });
    expect(asked.filter(({ priority }) => priority === "ghost-text").length).toBeLessThanOrEqual(before);
  });

  test("is not shown where there is no other, and the model is not asked again for it", async () => {
    const { complete, asked } = open({ knows: script.knows?.slice(0, 1) });
    expect(await complete(place, request)).toMatchObject({ text: "", hidden: "broken" });
    const before = asked.length;
    expect(await complete(place.replace("‸", "si‸"), request)).toMatchObject({ text: "", hidden: "broken", known: true });
    expect(asked.length).toBe(before);
  });

  test("is what a program gets that asks for what the model wrote", async () => {
    const { complete } = open(script);
    expect(await complete(place, { ...request, asShown: false })).toMatchObject({ text: "size;", check: "none" });
  });
});

test("of several suggestions the broken ones are left out", async () => {
  const { complete } = open(script);
  const { text, alternatives } = await complete(place, { ...request, trigger: "manual", alternatives: 3 });
  expect([text, ...alternatives.map((other) => other.text)]).toEqual(["length;"]);
  const all = await complete(place, { ...request, asShown: false, trigger: "manual", alternatives: 3 });
  expect([all.text, ...all.alternatives.map((other) => other.text)]).toEqual(["size;", "count;", "length;"]);
});

test("a check that is not done in time costs nobody the suggestion", async () => {
  const never = createSuggestionCheck({ syntax, patience: 0 });
  const { complete } = openScriptedCompletion(script, {}, undefined, never);
  expect(await complete(place, request)).toMatchObject({ text: "size;", check: "late" });
  await never.dispose();
});
