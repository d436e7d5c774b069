import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultSettings } from "#core/settings/schema";
import type { InferenceConnection } from "#engine/inference/connection";
import { openForked } from "#engine/inference/forked";
import { createInference } from "#engine/inference/host";

/** The model to measure with: the one that is named, else the one the tests use. */
export function modelFile(named: string | undefined): string {
  const folder = process.env.LOCALCODER_TEST_MODELS || join(homedir(), ".cache", "localcoder-test-models");
  const file = named ?? join(folder, "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf");
  if (!existsSync(file)) throw new Error(`There is no model at ${file}. Run npm test once, or name a GGUF file.`);
  return file;
}

/** Our inference with its process, on the processor, with the given context. `untilIdle` waits until nothing is computed. */
export function openInference(contextSize: number) {
  const log = join(mkdtempSync(join(tmpdir(), "localcoder-bench-")), "log");
  const entry = fileURLToPath(new URL("../src-engine/inference/inference.process.ts", import.meta.url));
  let connection: InferenceConnection | undefined;
  const inference = createInference({
    async open() {
      connection = await openForked(entry, log)();
      return connection;
    },
    settings: {
      current: () => ({
        ...defaultSettings,
        "localcoder.inference.gpu": "off" as const,
        "localcoder.inference.contextSize": contextSize,
      }),
    },
  });
  return {
    inference,
    async untilIdle(): Promise<void> {
      while ((await connection?.client.ping())?.busy === true);
    },
  };
}

/** A text of code to read: our own sources, from the given character on. */
export function someCode(characters: number, from = 0): string {
  const files = ["healing", "hole", "stops", "overlap", "lines", "templates", "confidence", "prompt", "shape"];
  const text = files.map((name) => readFileSync(new URL(`../src-core/completion/${name}.ts`, import.meta.url), "utf8")).join("\n");
  return (text + text).slice(from % text.length).slice(0, characters);
}
