import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { UserError } from "#core/base/errors";
import { createMeanings, type Meanings, type MeaningsOptions } from "./meanings.ts";

let folder: string;
let meanings: Meanings | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "localcoder-meanings-"));
  writeFileSync(join(folder, "tiny.gguf"), "tiny");
});
afterEach(() => {
  meanings?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const scope = { workspace: "/project", exclude: [], repositories: [] };

/** A project of places, of which those in `kept` have a vector. */
function open(texts: readonly string[], change: Partial<MeaningsOptions["inference"]> = {}, isThere = true) {
  const kept = new Map<number, readonly number[]>();
  const path = join(folder, "tiny.gguf");
  const inMemory = new Map<string, number>();
  let done = () => {};
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  meanings = createMeanings({
    model: async () => {
      if (isThere) return { id: "tiny", name: "Tiny", path };
      throw new UserError("NO_MODEL", "There is none.");
    },
    inference: {
      preload: async () => void inMemory.set(path, 1),
      inMemory: () => inMemory,
      embed: async (_model, { texts: asked }) => {
        if (asked.some((text) => text.length > 20)) throw new UserError("TOO_LARGE", "Too long.");
        return asked.map((text) => [text.length]);
      },
      ...change,
    },
    thread: {
      async withoutVectors(_scope, _model, most) {
        const places = texts.flatMap((text, place) => (kept.has(place) ? [] : [{ root: "/project", version: 1, place, text }]));
        if (places.length === 0) done();
        return { reading: false, places: places.slice(0, most) };
      },
      async keepVectors(_scope, _model, vectors) {
        for (const { place, vector } of vectors) kept.set(place, vector);
      },
    },
  });
  return { meanings, kept, all };
}

test("every place gets its vector, and one that is too long gets an empty one", async () => {
  const { meanings, kept, all } = open(["one", "three", "a text that is longer than the model reads", "seven"]);
  meanings.follow(scope);
  await all;
  expect([...kept].sort(([one], [other]) => one - other)).toEqual([
    [0, [3]],
    [1, [5]],
    [2, []],
    [3, [5]],
  ]);
  expect(await meanings.of("what")).toMatchObject({ model: expect.stringContaining("tiny.gguf"), vector: [4] });
});

test("nothing is asked of a model that is not there, or that has no room", async () => {
  const embed = () => Promise.reject(new Error("It was asked."));
  expect(await open(["one"], { embed }, false).meanings.of("what")).toBeUndefined();
  expect(await open(["one"], { embed, preload: async () => {} }).meanings.of("what")).toBeUndefined();
});

test("it stops when it is to, and a question that cannot be given a vector is asked without", async () => {
  const stopped = new Promise<boolean>((resolve) => {
    const embed: MeaningsOptions["inference"]["embed"] = (_model, _request, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => {
          resolve(true);
          reject(new UserError("STOPPED", "Stopped."));
        });
        meanings?.dispose();
      });
    open(["one"], { embed }).meanings.follow(scope);
  });
  expect(await stopped).toBe(true);
  expect(await open(["one"], { embed: () => Promise.reject(new Error("Broken.")) }).meanings.of("what")).toBeUndefined();
});
