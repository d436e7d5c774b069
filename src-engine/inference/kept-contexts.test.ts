import { mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GenerateRequest } from "#core/contracts/inference";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createInference, type Inference } from "./host.ts";
import { openScripted } from "./scripted.ts";

let root: string;
let settings: Settings;
const opened: Inference[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "localcoder-contexts-"));
  settings = defaultSettings;
  await writeFile(join(root, "tiny.gguf"), "tiny");
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.dispose();
  await rm(root, { recursive: true, force: true });
});

function open() {
  const inference = createInference({
    open: openScripted({ answer: () => "Yes, it does." }),
    settings: { current: () => settings },
    contextsFolder: join(root, "contexts"),
  });
  opened.push(inference);
  return inference;
}

const long = Array.from({ length: 300 }, (_, index) => `word${index}`).join(" ");
const files = async () => (await readdir(join(root, "contexts")).catch(() => [])).filter((name) => name.endsWith(".context"));

/** Tokens of the question that were known. */
async function ask(inference: Inference, ...texts: string[]): Promise<number> {
  const model = { id: "tiny", name: "Tiny", path: join(root, "tiny.gguf") };
  const messages = texts.map((text, index) => ({ role: index % 2 === 0 ? ("user" as const) : ("assistant" as const), text }));
  const request: GenerateRequest = { messages, temperature: 0, maxTokens: 20, priority: "chat" };
  for await (const event of inference.generate(model, "general", request)) if (event.type === "done") return event.tokens.reused;
  throw new Error("It did not end.");
}

const turns = [`Does this make sense? ${long}`, "Yes, it does.", "Why?"] as const;

describe("what a thread left in the context of a model", () => {
  test("is kept for this user alone while the model is not in memory, and used once", async () => {
    const inference = open();
    expect(await ask(inference, turns[0])).toBe(0);
    await inference.unload();
    const [file = ""] = await files();
    if (process.platform !== "win32") {
      expect((await stat(join(root, "contexts"))).mode & 0o777).toBe(0o700);
      for (const name of await readdir(join(root, "contexts"))) expect((await stat(join(root, "contexts", name))).mode & 0o777).toBe(0o600);
    }
    expect(await ask(open(), ...turns)).toBeGreaterThan(600);
    expect(await files()).not.toContain(file);
  });

  test("is kept when one model alone goes, and when the engine ends", async () => {
    const inference = open();
    await ask(inference, turns[0]);
    await inference.unload(join(root, "tiny.gguf"));
    expect(await files()).toHaveLength(1);
    expect(await ask(inference, ...turns)).toBeGreaterThan(600);
    expect(await files()).toHaveLength(0);
    await inference.dispose();
    expect(await files()).toHaveLength(1);
  });

  test.each<[string, () => Promise<unknown> | unknown]>([
    ["the model's file is another one", () => writeFile(join(root, "tiny.gguf"), "other")],
    ["contexts are kept otherwise", () => (settings = { ...settings, "localcoder.inference.keyValueType": "q8_0" })],
    ["the process died when it took it up", async () => renameAll(".context", ".context.reading")],
    ["it is too old", async () => utimes(join(root, "contexts", (await files())[0] ?? ""), 1, 1)],
    ["it is nonsense", async () => writeFile(join(root, "contexts", (await files())[0] ?? ""), "nonsense")],
  ])("is not taken up where %s", async (_what, change) => {
    const inference = open();
    await ask(inference, turns[0]);
    await inference.unload();
    await change();
    expect(await ask(open(), ...turns)).toBe(0);
  });

  test.each<[string, Partial<Settings>]>([
    ["a setting says so", { "localcoder.inference.keptContexts": 0 }],
    ["no history is kept", { "localcoder.history.keep": "session" }],
  ])("is not kept where %s", async (_what, change) => {
    settings = { ...settings, ...change };
    const inference = open();
    await ask(inference, turns[0]);
    await inference.unload();
    expect(await files()).toEqual([]);
  });
});

async function renameAll(from: string, to: string): Promise<void> {
  const folder = join(root, "contexts");
  for (const name of await readdir(folder)) if (name.endsWith(from)) await rename(join(folder, name), join(folder, name.replace(from, to)));
}
