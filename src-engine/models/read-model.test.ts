import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readModel } from "./read-model.ts";
import { buildGguf, type TinyValue, tinyGguf } from "./tiny-gguf.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "localcoder-gguf-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const damaged = (message: RegExp) => expect.objectContaining({ code: "MODEL_FILE_DAMAGED", message: expect.stringMatching(message) });
const architecture: readonly [string, TinyValue] = ["general.architecture", { type: "text", value: "llama" }];

/** A head with one value of hand-written bytes. */
function withRawValue(...bytes: number[][]): Buffer {
  const head = buildGguf({ values: [], claimedValues: 1, claimedTensors: 0 }).subarray(0, 24);
  const key = Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("k")]);
  return Buffer.concat([head, key, ...bytes.map((part) => Buffer.from(part)), Buffer.alloc(64)]);
}
const u32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
const u64 = (low: number, high = 0) => [...u32(low), ...u32(high)];

describe("readModel", () => {
  it("describes a whole model", async () => {
    const path = await file("tiny.gguf", tinyGguf({ name: "Tiny", chatTemplate: "{{ messages }}", contextLength: 4096 }));
    expect(await readModel(path)).toMatchObject({
      path,
      name: "Tiny",
      architecture: "llama",
      quantisation: "F32",
      contextLength: 4096,
      // 2 layers x 4 heads x 16 numbers, keys and values, 2 bytes each.
      keyValueBytesPerToken: 512,
      fillInTheMiddle: false,
      chatTemplate: true,
      parts: [path],
    });
  });

  it.each([
    ["Qwen", ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"], true],
    ["DeepSeek", ["<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"], true],
    ["StarCoder", ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"], true],
    ["Codestral", ["[PREFIX]", "[SUFFIX]"], true],
    ["an incomplete set", ["<|fim_prefix|>", "<|fim_suffix|>"], false],
    ["a mixed set", ["<|fim_prefix|>", "<fim_suffix>", "<fim-middle>"], false],
  ])("finds the tokens for filling in the middle of %s in the vocabulary", async (name, tokens, expected) => {
    expect((await readModel(await file(`${name}.gguf`, tinyGguf({ tokens })))).fillInTheMiddle).toBe(expected);
  });

  it("takes the file's name where the head names nothing, and no control characters from a head", async () => {
    const nameless = await file("nameless-Q4.gguf", tinyGguf({ name: "" }));
    expect((await readModel(nameless)).name).toBe("nameless-Q4");
    const hostile = await file("hostile.gguf", tinyGguf({ name: `\u001b[31mred\u202e\n\u0000${"x".repeat(500)}` }));
    const { name } = await readModel(hostile);
    expect(name).toMatch(/^\[31mred x+$/);
    expect(name.length).toBeLessThanOrEqual(120);
  });

  it("adds up key and value heads that differ by layer", async () => {
    const values: (readonly [string, TinyValue])[] = [["llama.attention.head_count_kv", { type: "numbers", value: [4, 1] }]];
    expect((await readModel(await file("layers.gguf", tinyGguf({ values })))).keyValueBytesPerToken).toBe((4 + 1) * 32 * 2);
  });

  it("names a vocabulary, a projector and an adapter as what they are", async () => {
    const vocabulary = await file("vocabulary.gguf", tinyGguf({ weights: false }));
    await expect(readModel(vocabulary)).rejects.toMatchObject({ code: "MODEL_VOCABULARY_ONLY" });
    const projector = await file("mmproj.gguf", tinyGguf({ values: [["general.type", { type: "text", value: "mmproj" }]] }));
    await expect(readModel(projector)).rejects.toMatchObject({ code: "UNSUPPORTED", message: expect.stringMatching(/sees images/) });
  });

  it("reads a split model as one and names a missing part", async () => {
    const parts = join(folder, "split");
    await mkdir(parts);
    const first = join(parts, "big-00001-of-00002.gguf");
    await writeFile(first, tinyGguf({ name: "Big" }));
    await expect(readModel(first)).rejects.toEqual(damaged(/1 of its 2 parts is missing/));
    await writeFile(
      join(parts, "big-00002-of-00002.gguf"),
      buildGguf({ values: [["split.no", { type: "number", value: 1 }]], tensors: [{ name: "more", dimensions: [32, 32] }] }),
    );
    const whole = await readModel(first);
    expect(whole.parts).toHaveLength(2);
    expect(whole.name).toBe("Big");
    await expect(readModel(join(parts, "big-00002-of-00002.gguf"))).rejects.toMatchObject({ code: "BAD_INPUT" });
  });

  it("follows a link", async () => {
    const path = await file("linked.gguf", tinyGguf({ name: "Linked" }));
    const link = join(folder, "link.gguf");
    await symlink(path, link);
    expect((await readModel(link)).name).toBe("Linked");
  });

  it("says plainly when nothing readable is there", async () => {
    await expect(readModel(join(folder, "missing.gguf"))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(readModel(folder)).rejects.toMatchObject({ code: "IS_A_DIRECTORY" });
    const loop = join(folder, "loop.gguf");
    await symlink(loop, loop);
    await expect(readModel(loop)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("a hostile file", () => {
  it.each<[string, Uint8Array | string, RegExp]>([
    ["empty", "", /is empty/],
    ["random", randomBytes(5000), /is not a GGUF/],
    ["web page", "<!DOCTYPE html><title>Sign in</title>", /web page/],
    ["pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00", /Git LFS/],
    ["old format", "tjgg\u0001\u0000\u0000\u0000", /old format/],
    ["magic alone", "GGUF", /incomplete/],
    ["version 1", buildGguf({ version: 1, values: [] }), /version 1/],
    ["absurd version", buildGguf({ version: 4_000_000_000, values: [] }), /version 4000000000/],
    ["other byte order", buildGguf({ version: 0x0300_0000, values: [] }), /byte order/],
    ["absurd number of values", buildGguf({ values: [], claimedValues: 2 ** 40 }), /claims 1099511627776 values/],
    ["more values than bytes", buildGguf({ values: [], claimedValues: 60_000 }), /incomplete/],
    ["absurd number of tensors", buildGguf({ values: [architecture], claimedTensors: 2 ** 33 }), /claims 8589934592 tensors/],
    ["value of unknown type", withRawValue(u32(77)), /unknown type 77/],
    ["text of absurd length", withRawValue(u32(8), u64(0, 0x7fff)), /claims \d+ characters/],
    ["text longer than the file", withRawValue(u32(8), u64(1_000_000)), /incomplete/],
    ["length beyond all numbers", withRawValue(u32(8), u64(0xffff_ffff, 0xffff_ffff)), /absurdly large/],
    ["list of absurd length", withRawValue(u32(9), u32(4), u64(0, 1)), /claims 4294967296 entries/],
    ["list of lists", withRawValue(u32(9), u32(9), u64(1)), /list stands in a list/],
    ["list of unknown type", withRawValue(u32(9), u32(99), u64(1)), /list is of the unknown type/],
    ["value twice", buildGguf({ values: [architecture, architecture] }), /twice/],
    [
      "tensor of many dimensions",
      buildGguf({ values: [architecture], tensors: [{ name: "t", dimensions: Array(9).fill(1) }] }),
      /9 dimensions/,
    ],
    ["nameless kind", buildGguf({ values: [], tensors: [{ name: "t", dimensions: [32] }] }), /what kind of model/],
  ])("%s is refused in one sentence", async (name, bytes, message) => {
    const path = await file(`hostile-${name.replaceAll(" ", "-")}.gguf`, bytes);
    await expect(readModel(path)).rejects.toEqual(damaged(message));
  });

  it("is refused wherever it is cut off", async () => {
    const whole = tinyGguf();
    const path = await file("cut.gguf", whole);
    for (let length = whole.length - 1; length > 0; length -= 997) {
      await truncate(path, length);
      await expect(readModel(path), `cut at ${length}`).rejects.toMatchObject({ code: "MODEL_FILE_DAMAGED" });
    }
  });

  it("never brings anything but a model or a clear error, whatever byte is wrong", async () => {
    const whole = tinyGguf({ tokens: ["<|fim_prefix|>"] });
    const path = join(folder, "flipped.gguf");
    for (let at = 0; at < 1500; at += 7) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      await writeFile(path, bytes);
      const result = await readModel(path).catch((error: unknown) => error);
      if (result instanceof Error) expect(result).toHaveProperty("hint");
      else expect(result).toHaveProperty("architecture");
    }
  });

  it("of many gigabytes on paper costs no reading of them", async () => {
    const path = await file("sparse.gguf", buildGguf({ values: [architecture], claimedTensors: 1 }));
    await truncate(path, 2 ** 36);
    await expect(readModel(path)).rejects.toMatchObject({ code: "MODEL_FILE_DAMAGED" });
  });
});

const real = join(
  process.env.LOCALCODER_TEST_MODELS ?? join(homedir(), ".cache", "localcoder-test-models"),
  "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
);
describe.skipIf(!existsSync(real))("a real model", () => {
  it("is described as its makers do", async () => {
    expect(await readModel(real)).toMatchObject({
      architecture: "qwen2",
      name: "Qwen2.5 Coder 0.5B Instruct AWQ",
      bytes: 491_400_064,
      quantisation: "Q4_K_M",
      contextLength: 32_768,
      keyValueBytesPerToken: 12_288,
      fillInTheMiddle: true,
      chatTemplate: true,
    });
  });
});
