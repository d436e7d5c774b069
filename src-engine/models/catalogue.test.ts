import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contradictions } from "#core/models/catalogue";
import { recommend } from "#core/models/tiers";
import { catalogue as shipped } from "./catalogue.ts";
import { readModel } from "./read-model.ts";

const testModels = process.env.LOCALCODER_TEST_MODELS || join(homedir(), ".cache", "localcoder-test-models");

describe("the shipped catalogue", () => {
  it("is valid, and never claims an exact size or hash it does not know", () => {
    expect(shipped.length).toBeGreaterThan(15);
    for (const entry of shipped) {
      expect(entry.bytesEstimated && entry.sha256 !== null, entry.id).toBe(false);
      expect(entry.revision === "main" && entry.sha256 !== null, entry.id).toBe(false);
      expect(entry.listedOnly || entry.licence.commercial, entry.id).toBe(true);
    }
  });

  it.each([
    ["Qwen2.5-Coder", ["0.5B base", "0.5B Instruct", "1.5B base", "1.5B Instruct", "7B base", "7B Instruct"]],
    ["Qwen2.5-Coder", ["14B base", "14B Instruct", "32B base", "32B Instruct", "3B base", "3B Instruct"]],
  ])("carries all of %s", (family, names) => {
    for (const name of names) expect(shipped.map((entry) => entry.name)).toContain(`${family} ${name}`);
  });

  it("carries the other families, and a model for vectors", () => {
    const families = new Set(shipped.map((entry) => entry.family));
    for (const family of ["DeepSeek-Coder", "StarCoder2", "Codestral", "Granite", "Llama", "Phi", "Gemma", "Nomic"]) {
      expect(
        [...families].some((each) => each.startsWith(family)),
        family,
      ).toBe(true);
    }
  });

  const present = shipped.map((entry) => ({ entry, path: join(testModels, entry.file) })).filter(({ path }) => existsSync(path));
  it.runIf(present.length > 0).each(present)("says of $entry.name what the head of its file says", async ({ entry, path }) => {
    expect(contradictions(entry, await readModel(path))).toEqual([]);
  });
});

describe("the recommendation from the shipped catalogue", () => {
  const gigabyte = 2 ** 30;
  it.each([
    [5.7, ["qwen2.5-coder-0.5b-base", "qwen2.5-coder-1.5b-instruct", "qwen2.5-coder-1.5b-instruct"]],
    [7.7, ["qwen2.5-coder-1.5b-base", "qwen2.5-coder-1.5b-instruct", "qwen2.5-coder-1.5b-instruct"]],
    [15.5, ["qwen2.5-coder-1.5b-base", "qwen2.5-coder-7b-instruct", "llama-3.1-8b-instruct"]],
    [31, ["qwen2.5-coder-1.5b-base", "qwen2.5-coder-14b-instruct", "llama-3.1-8b-instruct"]],
    [62, ["qwen2.5-coder-1.5b-base", "qwen2.5-coder-32b-instruct", "qwen2.5-coder-14b-instruct"]],
  ])("for %d GB", (total, expected) => {
    const recommended = recommend(shipped, { total: total * gigabyte, gpu: [] }, 8192);
    expect(recommended.map(({ entry }) => entry.id)).toEqual(expected);
  });

  it("is one that two cores write quickly enough with", () => {
    const recommended = recommend(shipped, { total: 24 * gigabyte, gpu: [], cores: 2 }, 8192);
    const expected = ["qwen2.5-coder-1.5b-base", "qwen2.5-coder-1.5b-instruct", "phi-3.5-mini-instruct"];
    expect(recommended.map(({ entry }) => entry.id)).toEqual(expected);
  });
});
