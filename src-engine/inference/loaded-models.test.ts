import { expect, test } from "vitest";
import type { LoadOptions } from "#core/contracts/inference";
import { createLoadedModels, type ModelLoader } from "./loaded-models.ts";
import { createQueue } from "./queue.ts";
import { createScriptedLoader } from "./scripted.ts";

const gigabyte = 2 ** 30;

function setUp(free: number) {
  const opened: string[] = [];
  let available = free;
  const scripted = createScriptedLoader({ knows: ["a b c"], answer: () => "word ".repeat(50), millisecondsPerToken: 2 });
  const loader: ModelLoader = {
    ...scripted,
    room: async () => ({ needed: 2 * gigabyte, free: available }),
    async open(options) {
      opened.push(options.path);
      available -= 2 * gigabyte;
      const { model, tried } = await scripted.open(options);
      return {
        tried,
        model: {
          ...model,
          async dispose() {
            available += 2 * gigabyte;
          },
        },
      };
    },
  };
  const models = createLoadedModels(loader, createQueue());
  const load = (path: string, use: LoadOptions["use"] = "chat") =>
    models.load({ path, gpu: "off", threads: 0, contextSize: 1024, use }, () => {}, undefined);
  return { models, load, opened };
}

test("one file for two uses is opened once", async () => {
  const { load, opened } = setUp(8 * gigabyte);
  await Promise.all([load("/a", "completion"), load("/a", "chat"), load("/a", "both")]);
  expect(opened).toEqual(["/a"]);
});

test("the one unused for longest makes room", async () => {
  const { load, models } = setUp(5 * gigabyte);
  await load("/a");
  await load("/b");
  models.countTokens("/a", "x");
  expect((await load("/c")).evicted).toEqual(["/b"]);
  expect(() => models.countTokens("/b", "x")).toThrow();
});

test("a model that computes is never taken away", async () => {
  const { load, models } = setUp(3 * gigabyte);
  await load("/a");
  const request = {
    messages: [{ role: "user" as const, text: "x" }],
    answerPrefix: "",
    stops: [],
    temperature: 0,
    maxTokens: 50,
    priority: "chat" as const,
  };
  const answer = models.generate("/a")(request, undefined);
  await answer.next();
  await expect(load("/b")).rejects.toMatchObject({ code: "MODEL_DOES_NOT_FIT", message: expect.stringContaining("2.0 GB") });
  await answer.return();
  expect((await load("/b")).evicted).toEqual(["/a"]);
});

test("what does not fit alone is refused with numbers", async () => {
  const { load } = setUp(gigabyte);
  await expect(load("/a")).rejects.toMatchObject({
    code: "MODEL_DOES_NOT_FIT",
    message: "a needs about 2.0 GB of memory, and 1.0 GB are free.",
    hint: expect.any(String),
  });
});
