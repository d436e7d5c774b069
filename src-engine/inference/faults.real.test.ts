import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defaultSettings } from "#core/settings/schema";
import { openForked } from "./forked.ts";
import { createInference, type Inference } from "./host.ts";

// What the system does to a process that computes with a real model.

const folderOfModels = process.env.LOCALCODER_TEST_MODELS ?? join(homedir(), ".cache", "localcoder-test-models");
const original = join(folderOfModels, "gemma-3-270m-q4_k_m.gguf");
const there = existsSync(original) && process.platform === "linux";
if (!there) console.warn(`Skipped: needs Linux and the model ${original}.`);

let folder: string;
let model: { id: string; name: string; path: string };
let inference: Inference;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "localcoder-faults-"));
  model = { id: "gemma", name: "Gemma 3 270M", path: join(folder, "gemma.gguf") };
  if (there) copyFileSync(original, model.path);
  const entry = fileURLToPath(new URL("./inference.process.ts", import.meta.url));
  const current = () => ({ ...defaultSettings, "localcoder.inference.gpu": "off" as const, "localcoder.inference.contextSize": 2048 });
  inference = createInference({ open: openForked(entry, join(folder, "log")), settings: { current } });
});
afterEach(async () => {
  await inference.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function answer(words: string, maxTokens = 8): Promise<string> {
  const messages = [{ role: "user" as const, text: words }];
  let text = "";
  for await (const event of inference.generate(model, "general", { messages, temperature: 0, maxTokens, priority: "chat" }))
    if ("text" in event) text += event.text;
  return text;
}

/** The processes that this one started. */
function children(): number[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

test.runIf(there)(
  "a model file that is cut while it computes ends its process with a sentence that names it, and comes back whole",
  async () => {
    expect(await answer("Say hello.")).not.toBe("");
    const long = answer("Count from one to five hundred in words.", 1500);
    long.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    truncateSync(model.path, 1000);
    await expect(long).rejects.toMatchObject({
      code: "INFERENCE_STOPPED",
      message: "The model process ended because gemma.gguf was changed or removed while it was in use.",
    });
    expect(inference.current()).toMatchObject([{ state: "failed", reason: expect.stringContaining("gemma.gguf was changed or removed") }]);
    await expect(answer("Say hello.")).rejects.toMatchObject({ code: expect.stringMatching(/^MODEL_/) });
    copyFileSync(original, model.path);
    expect(await answer("Say hello.")).not.toBe("");
  },
);

test.runIf(there && process.env.LOCALCODER_LONG === "1")(
  "a process that gets no more memory says so, and the model is loaded when there is some",
  async () => {
    await inference.backends();
    const [id = 0] = children();
    const size = Number(/^VmSize:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]) * 1024;
    execFileSync("prlimit", ["--pid", String(id), `--as=${size + 100_000_000}:`]);
    const failure = await answer("Say hello.").catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: expect.stringMatching(/^MODEL_/),
      message: expect.stringContaining("gemma.gguf"),
      hint: expect.stringMatching(/memory/i),
    });
    if (children().includes(id)) execFileSync("prlimit", ["--pid", String(id), "--as=unlimited:"]);
    expect(await answer("Say hello.")).not.toBe("");
  },
);
