import { expect, test } from "vitest";
import type { LoadOptions } from "#core/contracts/inference";
import { createLoadedModels, type ModelLoader } from "./loaded-models.ts";
import { createQueue } from "./queue.ts";
import { createScriptedLoader } from "./scripted.ts";

const gigabyte = 2 ** 30;
const options: Omit<LoadOptions, "path" | "memory"> = {
  gpu: "off",
  gpuLayers: -1,
  threads: 0,
  contextSize: 1024,
  keyValueType: "f16",
  use: "chat",
  keep: [],
  adapters: [],
};

function setUp(memory: number) {
  const opened: string[] = [];
  const scripted = createScriptedLoader({ knows: ["a b c"], answer: () => "word ".repeat(50), millisecondsPerToken: 2 });
  const loader: ModelLoader = {
    ...scripted,
    // Two for the weights, and one for a context of 8192 tokens.
    room: async ({ loaded, contexts }) => ({
      needed: (loaded ? 0 : 2 * gigabyte) + (contexts(false).reduce((sum, { size }) => sum + size, 0) * gigabyte) / 8192,
      available: 100 * gigabyte,
    }),
    async open(options) {
      opened.push(options.path);
      return scripted.open(options);
    },
  };
  const models = createLoadedModels(loader, createQueue());
  const load = (path: string, change: Partial<LoadOptions> = {}) =>
    models.load({ ...options, path, memory, ...change }, () => {}, undefined);
  return { models, load, opened };
}

test("one file for two uses is opened once", async () => {
  const { load, opened } = setUp(8 * 1024);
  await Promise.all([load("/a", { use: "completion" }), load("/a", { use: "chat" }), load("/a", { use: "both" })]);
  expect(opened).toEqual(["/a"]);
});

test("a model of vectors is opened for them alone, and gives one of length 1 for each text", async () => {
  const { load, models } = setUp(8 * 1024);
  await load("/a");
  expect(() => models.embed("/a")).toThrow("not loaded for vectors");
  await load("/a", { use: "embedding" });
  const [one = [], same, other] = await models.embed("/a")({ texts: ["a b", "b a", "c"], priority: "background" }, undefined);
  expect(Math.hypot(...one)).toBeCloseTo(1, 6);
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
});

test("the one unused for longest makes room", async () => {
  const { load, models } = setUp(5 * 1024);
  await load("/a");
  await load("/b");
  models.countTokens("/a", "x");
  expect((await load("/c"))?.evicted).toEqual(["/b"]);
  expect(() => models.countTokens("/b", "x")).toThrow();
});

test("a model that computes, or is to be kept, is never taken away", async () => {
  const { load, models } = setUp(3 * 1024);
  await load("/a");
  const request = {
    messages: [{ role: "user" as const, text: "x" }],
    answerPrefix: "",
    stops: [],
    temperature: 0,
    maxTokens: 50,
    choices: [],
    lookAhead: false,
    priority: "chat" as const,
  };
  const answer = models.generate("/a")(request, undefined);
  await answer.next();
  expect(await load("/b")).toBeUndefined();
  await answer.return();
  expect(await load("/b", { keep: ["/a"] })).toBeUndefined();
  expect((await load("/b"))?.evicted).toEqual(["/a"]);
});

test("what does not fit alone is refused with numbers and a smaller context that would", async () => {
  const { load } = setUp(2.5 * 1024);
  await expect(load("/a", { contextSize: 8192 })).rejects.toMatchObject({
    code: "MODEL_DOES_NOT_FIT",
    message: "a needs about 3 GB of memory, and the setting localcoder.inference.memory allows 2.5 GB.",
    hint: "With a context of 4096 tokens it takes 2.5 GB: set localcoder.inference.contextSize to 4096.",
  });
});

test("without a setting a share of what is free is taken, and where nothing smaller fits that is said", async () => {
  const { load } = setUp(0);
  await expect(load("/a", { contextSize: 600 * 1024 })).rejects.toMatchObject({
    message: "a needs about 77 GB of memory, and models may take 70 GB of the 100 GB that are free.",
    hint: expect.stringContaining("16384"),
  });
  await expect(setUp(1024).load("/a")).rejects.toMatchObject({ hint: "Choose a smaller model, or raise that setting." });
});

test("a second use needs room for its context only, and none where it is there", async () => {
  const { load } = setUp(3.2 * 1024);
  const first = await load("/a", { use: "completion" });
  const second = await load("/a", { use: "chat", contextSize: 2048 });
  expect((second?.needed ?? 0) - (first?.needed ?? 0)).toBe(gigabyte / 4);
  expect((await load("/a", { use: "both" }))?.needed).toBe(second?.needed);
});
