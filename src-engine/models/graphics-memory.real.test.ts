import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { GgufInsights, readGgufFileInfo } from "node-llama-cpp";
import { describe, expect, test } from "vitest";
import { memoryOnCard } from "#core/models/graphics-memory";
import { readModel } from "./read-model.ts";

const path = join(
  process.env.LOCALCODER_TEST_MODELS || join(homedir(), ".cache", "localcoder-test-models"),
  "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
);

describe.skipIf(!existsSync(path))("with the head of the real 0.5B", () => {
  test("what does not lie on a card is what node-llama-cpp keeps in main memory", async () => {
    const model = await readModel(path);
    const insights = await GgufInsights.from(await readGgufFileInfo(path));
    const weights = (layers: number) => memoryOnCard(model, [], "f16", layers) ?? 0;
    const inMain = (layers: number) => insights.estimateModelResourceRequirements({ gpuLayers: layers }).cpuRam;
    expect(model.layerBytes.length).toBe(24);
    const all = weights(25) + inMain(25);
    for (const layers of [1, 2, 8, 24]) expect(Math.abs(weights(layers) + inMain(layers) - all)).toBeLessThan(all / 1000);
  });
});
