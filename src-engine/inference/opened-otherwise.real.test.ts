import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { GenerateRequest } from "#core/contracts/inference";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { testModel } from "../models/test-load.ts";
import { tinyBert } from "../models/tiny-bert.ts";
import { buildGguf } from "../models/tiny-gguf.ts";
import { openForked } from "./forked.ts";
import { createInference, type Inference } from "./host.ts";

// The real model as settings open it otherwise than usual, and a model of vectors, each in a real process.

const file = join(
  process.env.LOCALCODER_TEST_MODELS ?? join(homedir(), ".cache", "localcoder-test-models"),
  "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
);
const there = existsSync(file);
if (!there) console.warn(`Skipped: the model ${file} is not there. \`npm test\` fetches it.`);
const model = { id: "qwen", name: "Qwen2.5-Coder 0.5B", path: file };
const folder = mkdtempSync(join(tmpdir(), "localcoder-opened-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const opened: Inference[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.dispose();
});

function open(change: Partial<Settings> = {}) {
  let values: Settings = { ...defaultSettings, "localcoder.inference.gpu": "off", "localcoder.inference.contextSize": 2048, ...change };
  const inference = createInference({
    open: openForked(fileURLToPath(new URL("./inference.process.ts", import.meta.url)), join(folder, "log")),
    settings: { current: () => values },
    contextsFolder: join(folder, "contexts"),
  });
  opened.push(inference);
  const set = (next: Partial<Settings>) => {
    values = { ...values, ...next };
  };
  return { inference, set };
}

async function answer(inference: Inference, text: string, maxTokens = 24): Promise<string> {
  let written = "";
  const request = { messages: [{ role: "user" as const, text }], temperature: 0, maxTokens, priority: "chat" as const };
  for await (const event of inference.generate(model, "code", request)) if (event.type === "text") written += event.text;
  return written;
}

const capital = "What is the capital of France? Answer with one word.";

describe.skipIf(!there)("the real model", () => {
  test.each(["q8_0", "q4_0"] as const)("answers with its context kept as %s, which takes less memory", async (type) => {
    const { inference, set } = open();
    const usual = await inference.ensure(model, "code");
    set({ "localcoder.inference.keyValueType": type });
    const less = await inference.ensure(model, "code");
    expect(less.needed).toBeLessThan(usual.needed);
    expect(await answer(inference, capital)).toMatch(/Paris/);
  });

  test("writes otherwise with an adapter, and as before without it", async () => {
    const adapter = join(folder, "adapter.gguf");
    const layers = Array.from({ length: 8 }, (_, layer) => `blk.${layer}.attn_output.weight`);
    writeFileSync(
      adapter,
      buildGguf({
        values: [
          ["general.type", { type: "text", value: "adapter" }],
          ["general.architecture", { type: "text", value: "qwen2" }],
          ["adapter.type", { type: "text", value: "lora" }],
          ["adapter.lora.alpha", { type: "float", value: 64 }],
        ],
        tensors: layers.flatMap((name) => [
          { name: `${name}.lora_a`, dimensions: [896, 4] },
          { name: `${name}.lora_b`, dimensions: [4, 896] },
        ]),
      }),
    );
    const { inference, set } = open();
    const before = await answer(inference, capital);
    const { needed } = await inference.ensure(model, "code");
    set({ "localcoder.models.adapters": { [model.path]: [adapter] } });
    expect(await answer(inference, capital)).not.toBe(before);
    expect((await inference.ensure(model, "code")).needed - needed).toBe(statSync(adapter).size);
    set({ "localcoder.models.adapters": { [`completion:${model.path}`]: [adapter] } });
    expect(await answer(inference, capital)).toBe(before);
    set({ "localcoder.models.adapters": { [`chat:${model.path}`]: [adapter] } });
    expect(await answer(inference, capital)).not.toBe(before);
    set({ "localcoder.models.adapters": {} });
    expect(await answer(inference, capital)).toBe(before);
    set({ "localcoder.models.adapters": { qwen: [join(folder, "none.gguf")] } });
    await expect(answer(inference, capital)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  describe("with guesses from the prompt", () => {
    const code = Array.from({ length: 4 }, (_, index) => `  const value${index} = input[${index}] * factor;`).join("\n");
    const text = `Rename the parameter factor to scale and answer with the whole code:\n\nfunction f(input, factor) {\n${code}\n}`;
    const asked = { messages: [{ role: "user" as const, text }], maxTokens: 64, priority: "chat" as const };

    async function write(inference: Inference, change: Partial<GenerateRequest>) {
      let written = "";
      const request = { ...asked, temperature: 0, lookAhead: true, ...change };
      for await (const event of inference.generate(model, "code", request)) {
        if (event.type === "text") written += event.text;
        if (event.type === "done") return { ...event, written };
      }
      throw new Error("It did not end.");
    }

    test("writes the same as without", async () => {
      const { inference } = open();
      const guessed = await write(inference, {});
      await inference.unload();
      expect((await write(inference, { lookAhead: false })).written).toBe(guessed.written);
      // It repeats the code, which is what can be guessed.
      expect(guessed.written).toMatch(/value3 = input\[3\]/);
    });

    test("takes chances, and the same ones when an answer is made again", async () => {
      const { inference } = open();
      const invents = [{ role: "user" as const, text: `Repeat these lines, then invent as many of your own:\n\n${code}` }];
      const chance = { messages: invents, temperature: 1.2, maxTokens: 100 };
      const first = await write(inference, { ...chance, seed: 7, slices: [] });
      const { seed, slices, lookAhead } = first;
      await write(inference, { temperature: 0.9, maxTokens: 8, messages: [{ role: "user", text: "Name three colours." }] });
      expect(lookAhead).toBe(true);
      expect((await write(inference, { ...chance, seed, slices, lookAhead })).written).toBe(first.written);
      expect((await write(inference, { ...chance, seed: 8, slices: [] })).written).not.toBe(first.written);
    });

    test("leaves the next turn of a thread only what is new to read", async () => {
      const { inference } = open();
      const first = await write(inference, { temperature: 0.2, seed: 3 });
      const messages = [...asked.messages, { role: "assistant" as const, text: first.written }, { role: "user" as const, text: "Thanks." }];
      const { tokens } = await write(inference, { messages, maxTokens: 4 });
      expect(tokens.reused).toBeGreaterThan(0.95 * (first.tokens.prompt + first.tokens.generated));
    });
  });
});

describe.skipIf(!there)("the real model, after it was unloaded", () => {
  test("goes on with a thread that is kept on disk and reads only what is new", async () => {
    const code = Array.from({ length: 24 }, (_, index) => `const value${index} = input[${index}] * factor;`).join("\n");
    const question = { role: "user" as const, text: `What does this compute?\n\n${code}` };
    const next = async (kept: boolean) => {
      const { inference } = open({ "localcoder.inference.keptContexts": kept ? 100 : 0 });
      const first = await turn(inference, [question]);
      await inference.unload();
      const asked = [question, { role: "assistant" as const, text: first.text }, { role: "user" as const, text: "How many values?" }];
      return turn(inference, asked);
    };
    const [without, kept] = [await next(false), await next(true)];
    expect(without.tokens.reused).toBe(0);
    expect(kept.tokens.evaluated).toBeLessThan(0.1 * kept.tokens.prompt);
    expect(kept.text).not.toBe("");
  });

  async function turn(inference: Inference, messages: GenerateRequest["messages"]) {
    let text = "";
    for await (const event of inference.generate(model, "general", { messages, temperature: 0, maxTokens: 12, priority: "chat" })) {
      if (event.type === "text") text += event.text;
      if (event.type === "done") return { text, tokens: event.tokens };
    }
    throw new Error("It did not end.");
  }
});

describe("a model of vectors", () => {
  test("gives each text a vector of length 1, passes its test, and refuses what is too long", async () => {
    const path = join(folder, "vectors.gguf");
    writeFileSync(path, tinyBert());
    const vectors = { id: path, name: "Tiny vectors", path };
    const { inference } = open();
    const texts = ["the function adds two numbers", "it rained all night", "the function adds two numbers"];
    const [one = [], other = [], same = []] = await inference.embed(vectors, { texts, priority: "background" });
    expect(one).toHaveLength(32);
    for (const vector of [one, other]) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    expect(inference.current()).toMatchObject([{ role: "embedding", state: "ready" }]);
    expect((await testModel(inference, vectors, "embedding")).text).toMatch(/means the same/);
    const long = { texts: ["night ".repeat(100)], priority: "background" as const };
    await expect(inference.embed(vectors, long)).rejects.toMatchObject({ code: "TOO_LARGE", message: expect.stringMatching(/101 tokens/) });
    // Nothing of it is left undone by that.
    expect(await inference.embed(vectors, { texts: ["sum"], priority: "background" })).toHaveLength(1);
  });
});
