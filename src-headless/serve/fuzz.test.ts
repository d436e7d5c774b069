import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { UserError } from "#core/base/errors";
import type { engineContract } from "#core/contracts/index";
import { connectClient } from "#core/transport/connect";
import { serveRouter } from "#core/transport/serve";
import { portWire, type Wire } from "#core/transport/wire";
import { type Engine, openEngine } from "#engine/open";
import { type Server, startServer } from "./server.ts";

// Messages that nobody would send, over each way in: none ends the process, and none touches what was not opened.

const count = process.env.LOCALCODER_LONG === "1" ? 10_000 : 400;
let folder: string;
let opened: string;
let outside: string;
let engine: Engine;
let server: Server;
const unexpected: unknown[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lc-fuzz-"));
  opened = join(folder, "opened");
  outside = join(folder, "outside");
  for (const each of [opened, outside, join(folder, "window")]) mkdirSync(each);
  writeFileSync(join(folder, "window", "index.html"), "<!doctype html><title>LocalCoder</title>");
  process.env.LOCALCODER_HOME = join(folder, "home");
  engine = await openEngine({ processName: "command line", openInference: () => Promise.reject(new UserError("NO_MODEL", "None.")) });
  const onUnexpected = (error: unknown) => void unexpected.push(error);
  server = await startServer({ engine, host: "127.0.0.1", port: 0, window: join(folder, "window"), query: "", onUnexpected });
});
afterAll(async () => {
  await server.close();
  await engine.dispose();
  delete process.env.LOCALCODER_HOME;
  rmSync(folder, { recursive: true, force: true });
});

/** Chance that is the same at each run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Values that break what was not thought of. */
const strange: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  "",
  "\u0000",
  "\ud800",
  "../../../../etc/passwd",
  "%2e%2e%2foutside",
  "a".repeat(70_000),
  [],
  {},
  [[[[[[[[[[]]]]]]]]]],
  { __proto__: { admin: true } },
  { constructor: { prototype: {} } },
  "'; DROP TABLE sessions; --",
  "app://localcoder/..%2f",
  Number.MAX_SAFE_INTEGER + 2,
];

/** The messages of calls as a window makes them. */
async function recordCalls(): Promise<readonly (string | Uint8Array)[]> {
  const sent: (string | Uint8Array)[] = [];
  const silent: Wire = { send: (message) => void sent.push(message), onMessage() {}, onClose() {}, close() {} };
  const { client } = connectClient<typeof engineContract>(silent);
  const file = join(opened, "a.txt");
  const calls: readonly Promise<unknown>[] = [
    client.workspace.open({ path: opened }),
    client.workspace.stat({ path: file }),
    client.workspace.read({ path: file }),
    client.workspace.write({ path: file, content: new Blob(["text"]), create: true, overwrite: true }),
    client.workspace.rename({ from: file, to: join(opened, "b.txt"), overwrite: true }),
    client.workspace.remove({ path: join(opened, "b.txt"), recursive: false }),
    client.sessions.list({}),
    client.sessions.search({ query: "a" }),
    client.sessions.show({ id: "x" }),
    client.settings.read({}),
    client.network.attempts({}),
    client.completion.complete({ path: file, prefix: "a", suffix: "" }),
    client.assist.run({ action: "explain", path: file, text: "abc", selection: { start: 0, end: 3 } }),
    client.search.text({ folder: opened, pattern: "a" }),
  ];
  for (const call of calls) call.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(sent.length).toBeGreaterThanOrEqual(calls.length);
  return sent;
}

/** A message that is nearly one of these. */
function mutate(message: string | Uint8Array, random: (below: number) => number): string | Uint8Array {
  const text = typeof message === "string" ? message : Buffer.from(message).toString("latin1");
  switch (random(6)) {
    case 0: {
      const bytes = Buffer.from(text, "latin1");
      for (let flips = random(6) + 1; flips > 0; flips--) bytes[random(bytes.length)] = random(256);
      return random(2) === 0 ? bytes.toString("latin1") : new Uint8Array(bytes);
    }
    case 1:
      return text.slice(0, random(text.length));
    case 2:
      return text.slice(0, random(text.length)) + text.slice(random(text.length));
    case 3:
      return JSON.stringify(strange[random(strange.length)]) ?? "";
    case 4:
      return new Uint8Array(Array.from({ length: random(300) }, () => random(256)));
    default:
      try {
        return JSON.stringify(withStrange(JSON.parse(text), random));
      } catch {
        return `${text}${text}`;
      }
  }
}

/** The same value with something strange somewhere. */
function withStrange(value: unknown, random: (below: number) => number): unknown {
  if (typeof value !== "object" || value === null || random(4) === 0) return strange[random(strange.length)];
  const entries = Object.entries(value);
  const chosen = random(Math.max(1, entries.length));
  const changed = entries.map(([key, item], index) => [key, index === chosen ? withStrange(item, random) : item] as const);
  return Array.isArray(value) ? changed.map(([, item]) => item) : Object.fromEntries(changed);
}

/** Nothing outside was touched, and the engine answers as before. */
async function expectUnharmed(): Promise<void> {
  expect(readdirSync(outside)).toEqual(["canary.txt"]);
  expect(readFileSync(join(outside, "canary.txt"), "utf8")).toBe("untouched");
  const { client, dispose } = engine.attach();
  expect(await client.sessions.list({})).toEqual(expect.any(Array));
  await dispose();
}

test(`${count} messages over a port do no harm`, async () => {
  writeFileSync(join(outside, "canary.txt"), "untouched");
  const samples = await recordCalls();
  const random = createRandom(1);
  const { port1, port2 } = new MessageChannel();
  const attached = engine.attach();
  const served = serveRouter(attached.router, portWire(port1 as never), { onUnexpected: (error) => void unexpected.push(error) });
  for (let index = 0; index < count; index += 1) {
    port2.postMessage(mutate(samples[random(samples.length)] ?? "", random));
    if (index % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  // A ping over the same port, with an id that none of the messages has.
  const answered = new Promise((resolve) => port2.on("message", (data) => String(data).includes('"i":"ping"') && resolve(data)));
  port2.postMessage(String(samples.find((sample) => String(sample).includes("/settings/read"))).replace(/^\{"i":"\w+"/, '{"i":"ping"'));
  expect(await answered).toContain("settings");
  served.dispose();
  await attached.dispose();
  await expectUnharmed();
});

test(`${count} messages over a WebSocket do no harm`, async () => {
  const samples = await recordCalls();
  const random = createRandom(2);
  const address = `${new URL(server.url).origin.replace("http", "ws")}/rpc/engine`;
  const connect = () =>
    new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(address, { headers: { authorization: `Bearer ${server.token}` } });
      socket.on("open", () => resolve(socket));
      socket.on("error", reject);
    });
  let socket = await connect();
  for (let index = 0; index < count; index += 1) {
    if (socket.readyState !== WebSocket.OPEN) socket = await connect();
    socket.send(mutate(samples[random(samples.length)] ?? "", random));
    if (index % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  socket.close();
  await expectUnharmed();
});

test(`${count} requests over HTTP do no harm, and none without the token has an effect`, async () => {
  const { hostname, port } = new URL(server.url);
  const random = createRandom(3);
  const paths = [
    "/",
    "/api/sessions/list",
    "/api/workspace/write",
    "/api/workspace/open",
    "/rpc/engine",
    "/infill",
    "/assets/%2e%2e/x",
    "/%00",
  ];
  const methods = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"];
  const ask = (withToken: boolean) =>
    new Promise<number>((resolve) => {
      const body = JSON.stringify(withStrange({ path: outside, content: "x", query: "a", limit: 3, create: true }, random)) ?? "";
      const headers: Record<string, string> = {
        "content-type": ["application/json", "text/plain", "multipart/form-data"][random(3)] ?? "",
      };
      if (withToken) headers.authorization = `Bearer ${server.token}`;
      const path = `${paths[random(paths.length)]}${
        random(3) === 0
          ? `?${encodeURIComponent(
              String(strange[random(strange.length)])
                .replace(/[\ud800-\udfff]/g, "")
                .slice(0, 2000),
            )}`
          : ""
      }`;
      const method = methods[random(methods.length)] ?? "GET";
      const request = httpRequest({ hostname, port, path, method, headers }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
        response.on("error", () => resolve(0));
      });
      request.on("error", () => resolve(0));
      request.end(method === "GET" || method === "HEAD" ? undefined : body);
    });
  for (let index = 0; index < count; index += 1) {
    const withToken = random(2) === 0;
    const status = await ask(withToken);
    // 0: the server hung up before it had read the body, which it need not read to refuse.
    if (!withToken && status !== 0) expect(status).toBeGreaterThanOrEqual(400);
  }
  await expectUnharmed();
});

test("nothing of all that was a fault of ours", () => {
  const faults = unexpected
    .map((error) => (error instanceof Error ? String(error.stack) : String(error)))
    // What is not of the protocol is told to the log, from where it is read.
    .filter((stack) => !/decodeRequestMessage|decodeRawMessage|deserializeRequestMessage|as FormData|^TypeError: Content-Type/.test(stack));
  expect(faults).toEqual([]);
});
