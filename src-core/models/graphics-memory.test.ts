import { expect, test } from "vitest";
import { estimateMemory } from "./fit.ts";
import { memoryOnCard } from "./graphics-memory.ts";

const megabyte = 2 ** 20;
/** Four layers of 100 MB, an output of 50 MB and the tokens' weights, which stay in main memory. */
const model = {
  bytes: 500 * megabyte,
  keyValueBytesPerToken: 4 * 1024,
  dimensions: { embedding: 1024, feedForward: 4096, vocabulary: 32_000, merges: 0 },
  layerBytes: [100, 100, 100, 100].map((each) => each * megabyte),
  outputBytes: 50 * megabyte,
};
const contexts = [{ size: 4096, sequences: 2 }];
const { working } = estimateMemory(model, contexts);
const cache = 4 * 1024 * 4096 * 2;
const onCard = (layers: number, type: "f16" | "q4_0" = "f16") => memoryOnCard(model, contexts, type, layers);

test("the output goes to the card first, then layers from the last one back, each with its keys and values", () => {
  expect(onCard(0)).toBe(0);
  expect(onCard(1)).toBe(50 * megabyte + working);
  expect(onCard(3)).toBe(250 * megabyte + cache / 2 + working);
  expect(onCard(5)).toBe(450 * megabyte + cache + working);
});

test("all of them are as many as one says beyond what there is", () => {
  expect(onCard(-1)).toBe(onCard(5));
  expect(onCard(99)).toBe(onCard(5));
});

test("a context of fewer bits takes less there too, and a file that does not tell its layers is not guessed at", () => {
  expect(onCard(5, "q4_0")).toBe(450 * megabyte + Math.round(cache * 0.28) + working);
  expect(memoryOnCard({ ...model, layerBytes: [] }, contexts, "f16", 5)).toBeUndefined();
});
