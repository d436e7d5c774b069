import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultSettings } from "#core/settings/schema";
import { createInference } from "../inference/host.ts";
import { servedReference } from "../models/served.ts";
import { createNetwork } from "../network/network.ts";
import { withServers } from "./served-inference.ts";
import { noKeys, ollama, openServer } from "./server.fixture.ts";
import { createServers } from "./servers.ts";

// llama-server itself with a real model, beside a small Ollama. `npm run test:long` builds it; else it takes some minutes nobody has.

const program = process.env.LOCALCODER_BENCH_PEER ?? "";
const file = join(
  process.env.LOCALCODER_TEST_MODELS ?? join(homedir(), ".cache", "localcoder-test-models"),
  "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
);

describe.skipIf(!existsSync(program) || !existsSync(file))("llama-server with a real model", () => {
  const settings = { current: () => defaultSettings, write: async () => {} };
  const network = createNetwork({ processName: "test", settings });
  let child: ChildProcess;
  let close: () => Promise<void>;
  let servers: ReturnType<typeof createServers>;
  const inference = withServers(createInference({ open: () => Promise.reject(new Error("No file is asked.")), settings }), settings);

  beforeAll(async () => {
    const port = await freePort();
    child = spawn(program, ["-m", file, "--host", "127.0.0.1", "--port", String(port), "-c", "4096"], { stdio: "ignore" });
    const url = `http://127.0.0.1:${port}/`;
    while ((await fetch(`${url}health`).catch(() => undefined))?.status !== 200) await delay(200);
    const other = await openServer(ollama());
    close = other.close;
    servers = createServers({ network, settings, env: {}, keys: noKeys, usual: [other.url, url] });
  });
  afterAll(async () => {
    child.kill();
    await close();
    await inference.dispose();
    servers.dispose();
    network.dispose();
  });

  async function model() {
    const [, found] = await servers.forRole("completion");
    if (!found) throw new Error("It is not found.");
    return servedReference(found);
  }

  it("is found for what it is, beside Ollama", async () => {
    expect(await servers.list()).toMatchObject([
      { kind: "ollama" },
      { kind: "llama-server", models: [{ name: "qwen2.5-coder-0.5b-instruct-q4_k_m", contextLength: 4096, fillsIn: true, chats: true }] },
    ]);
  });

  it("fills in, with probabilities, ended by our rules", async () => {
    const request = {
      document: "add.ts",
      path: "add.ts",
      prefix: "/** Adds two numbers. */\nfunction add(one: number, other: number): number {\n  return ",
      suffix: "\n}\n",
      shape: "line" as const,
      maxTokens: 32,
      blockMilliseconds: 60_000,
      priority: "ghost-text" as const,
    };
    const { pieces, stop } = await inference.infill(await model(), request);
    expect(pieces.map(({ text }) => text).join("")).toBe("one + other;");
    expect(stop).toBe("line");
    for (const { probability } of pieces) expect(probability).toBeGreaterThan(0.5);
    expect(pieces.some(({ probability }) => probability < 1)).toBe(true);
  });

  it("answers without a fence, and counts with its own vocabulary", async () => {
    const messages = [{ role: "user" as const, text: "Write a TypeScript function that adds two numbers. Answer with the code alone." }];
    const request = { messages, answerPrefix: "```ts\n", stops: ["\n```"], temperature: 0, maxTokens: 80, priority: "chat" as const };
    let text = "";
    for await (const event of inference.generate(await model(), "code", request)) if (event.type === "text") text += event.text;
    expect(text).toMatch(/^function add/);
    expect(text).not.toMatch(/```/);
    expect(await inference.countTokens(await model(), "code", "hello world")).toBe(2);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === "object" && address !== null ? address.port : 0;
}
