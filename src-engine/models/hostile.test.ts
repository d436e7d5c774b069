import { existsSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "#core/base/errors";
import { readGgufHeader } from "#core/models/gguf";
import { defaultSettings } from "#core/settings/schema";
import { openForked } from "../inference/forked.ts";
import { createInference } from "../inference/host.ts";
import { mutateGguf } from "./mutate-gguf.ts";
import { readModel } from "./read-model.ts";
import { tinyGguf } from "./tiny-gguf.ts";

const testModels = process.env.LOCALCODER_TEST_MODELS || join(homedir(), ".cache", "localcoder-test-models");
const realFiles = ["qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", "gemma-3-270m-q4_k_m.gguf"]
  .map((name) => join(testModels, name))
  .filter((path) => existsSync(path));
const long = process.env.LOCALCODER_LONG === "1";
const headBytes = 8 * 2 ** 20;

function headOf(path: string): Buffer {
  const buffer = Buffer.alloc(headBytes);
  readSync(openSync(path, "r"), buffer, 0, headBytes, 0);
  return buffer;
}

/** Reads a head that goes on with zeros to the size of a real file, and counts what is asked for. */
async function readMutated(bytes: Buffer, size: number) {
  let asked = 0;
  let largest = 0;
  const source = {
    name: "mutated.gguf",
    size,
    async read(offset: number, length: number) {
      asked += length;
      largest = Math.max(largest, length);
      const result = Buffer.alloc(length);
      bytes.copy(result, 0, Math.min(offset, bytes.length), Math.min(offset + length, bytes.length));
      return result;
    },
  };
  const result = await readGgufHeader(source).catch((error: unknown) => error);
  return { result, asked, largest };
}

describe("heads made wrong on purpose", () => {
  const heads = [
    { name: "a tiny one", head: tinyGguf({ tokens: ["<|fim_prefix|>"], chatTemplate: "{{ messages }}" }), size: 2 ** 20 },
    ...realFiles.map((path) => ({ name: path.split("/").at(-1) ?? path, head: headOf(path), size: 500_000_000 })),
  ];
  const each = Math.ceil((long ? 1000 : 250) / heads.length);

  it.each(heads)(
    "from $name are refused with a sentence or read, within bounds",
    async ({ head, size }) => {
      for (let number = 0; number < each; number++) {
        const { name, bytes } = mutateGguf(head, number);
        const { result, asked, largest } = await readMutated(bytes, size);
        const what = `${name} (${number})`;
        if (result instanceof Error) {
          expect(result, what).toBeInstanceOf(UserError);
          expect(result.message, what).not.toMatch(/undefined|NaN|\n/);
        }
        // What is read bounds the time, and what is read at once the memory.
        expect(asked, what).toBeLessThan(300 * 2 ** 20);
        expect(largest, what).toBeLessThan(2 * 2 ** 20);
      }
    },
    240_000,
  );
});

describe("the process that runs models", () => {
  const folder = mkdtempSync(join(tmpdir(), "localcoder-hostile-"));
  const inference = createInference({
    open: openForked(fileURLToPath(new URL("../inference/inference.process.ts", import.meta.url)), join(folder, "log")),
    settings: {
      current: () => ({ ...defaultSettings, "localcoder.inference.gpu": "off" as const, "localcoder.inference.contextSize": 512 }),
    },
  });
  afterAll(async () => {
    await inference.dispose();
    rmSync(folder, { recursive: true });
  });
  const reference = (name: string, bytes: Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return { id: path, name, path };
  };

  it("refuses or survives files whose heads pass for right, and loads a good one afterwards", async () => {
    const whole = tinyGguf({ chatTemplate: "{{ messages[0].content }}" });
    let tried = 0;
    for (let number = 0; tried < (long ? 100 : 6); number++) {
      const model = reference(`wrong-${number}.gguf`, mutateGguf(whole, number).bytes);
      // The engine reads heads itself, and what it refuses never gets that far.
      if (!(await readModel(model.path).catch(() => undefined))) continue;
      tried += 1;
      const result = await inference.ensure(model, "code").catch((error: unknown) => error);
      if (result instanceof Error) expect(result, model.name).toBeInstanceOf(UserError);
    }
    await expect(inference.ensure(reference("right.gguf", whole), "code")).resolves.toMatchObject({ backend: "cpu" });
  }, 240_000);
});
