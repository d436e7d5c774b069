import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { UserError } from "#core/base/errors";
import type { engineContract } from "#core/contracts/index";
import { serveRouter } from "#core/transport/serve";
import { portWire } from "#core/transport/wire";
import { type Engine, openEngine } from "#engine/open";
import { version } from "#engine/version";
import { createRandom, mutate, recordMessages, strange, withStrange } from "./broken-messages.ts";
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

/** The messages of calls as a window makes them. */
function recordCalls(): Promise<readonly (string | Uint8Array)[]> {
  const file = join(opened, "a.txt");
  const canary = join(outside, "canary.txt");
  return recordMessages<typeof engineContract>((client) => [
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
    client.git.initialise({ root: opened }),
    client.git.stage({ root: opened, paths: ["a.txt"] }),
    client.git.show({ root: opened, path: "a.txt", version: { staged: true } }),
    client.git.history({ root: opened, path: "a.txt", limit: 3 }),
    client.project.symbols({ workspace: opened, query: "a", wait: 0 }),
    client.memory.add({ workspace: opened, scope: "project", text: "a" }),
    client.chat.send({ text: "a", workspace: opened, mode: "smart" }),
    client.models.inspect({ path: file }),
    client.servers.remove({ address: "http://127.0.0.1:9" }),
    client.logs.read({ name: "localcoder.log" }),
    client.typescript.write({ id: "x", requests: [{ seq: 1, type: "request", command: "open" }] }),
    client.terminal.write({ id: "x", data: "a" }),
    // What was not opened, by everything that changes files of a folder.
    client.workspace.write({ path: canary, content: new Blob(["text"]), create: true, overwrite: true }),
    client.workspace.rename({ from: file, to: join(outside, "b.txt"), overwrite: true }),
    client.workspace.copy({ from: file, to: join(outside, "c.txt"), overwrite: true }),
    client.workspace.createDirectory({ path: join(outside, "folder") }),
    client.workspace.remove({ path: canary, recursive: true }),
    client.git.initialise({ root: outside }),
    client.git.discard({ root: outside, paths: ["canary.txt"] }),
  ]);
}

/** One of the messages, mostly broken: what is refused must be refused also where it is whole. */
function next(samples: readonly (string | Uint8Array)[], random: (below: number) => number): string | Uint8Array {
  const sample = samples[random(samples.length)] ?? "";
  return random(8) === 0 ? sample : mutate(sample, random);
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
    port2.postMessage(next(samples, random));
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
    socket.send(next(samples, random));
    if (index % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  socket.close();
  await expectUnharmed();
  // What is whole and allowed was done.
  expect(readdirSync(opened)).not.toEqual([]);
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

/** A message as the private socket frames it: its length, whether it is bytes, and the content. */
function framed(message: string | Uint8Array): Buffer {
  const content = Buffer.from(message as string);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(content.length, 0);
  head[4] = typeof message === "string" ? 0 : 1;
  return Buffer.concat([head, content]);
}

test.skipIf(process.platform === "win32")(
  `${count} messages over the private socket do no harm, and none is answered before a greeting of the same version`,
  async () => {
    const samples = await recordCalls();
    const random = createRandom(4);
    const address = join(folder, "home", "data", "engine.sock");
    let answered = 0;
    async function meet(greeting: string | undefined): Promise<Socket> {
      const socket = connect(address);
      await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
      socket.on("error", () => {});
      if (greeting === undefined) socket.on("data", () => (answered += 1));
      else socket.write(framed(greeting));
      return socket;
    }
    const hello = JSON.stringify({ hello: { version, process: 1 } });
    let socket = await meet(hello);
    for (let index = 0; index < count; index += 1) {
      const message = next(samples, random);
      // A guest, a stranger who does not greet, and frames that lie about their length.
      const kind = random(20);
      if (kind === 0) socket.destroy();
      if (socket.destroyed || !socket.writable) socket = await meet(random(2) === 0 ? hello : undefined);
      const frame = framed(message);
      if (kind === 1) frame.writeUInt32BE(random(2 ** 32), 0);
      socket.write(frame);
      if (index % 50 === 0) await wait(1);
    }
    await wait(50);
    socket.destroy();
    expect(answered).toBe(0);
    await expectUnharmed();
    // Whoever greets rightly is let in as before.
    const guest = await meet(hello);
    const welcome = await new Promise<string>((resolve) => guest.once("data", (data) => resolve(String(data.subarray(5)))));
    expect(JSON.parse(welcome)).toMatchObject({ welcome: { version } });
    guest.destroy();
  },
);

test("nothing of all that was a fault of ours", () => {
  const faults = unexpected
    .map((error) => (error instanceof Error ? String(error.stack) : String(error)))
    // What is not of the protocol is told to the log, from where it is read.
    .filter((stack) => !/decodeRequestMessage|decodeRawMessage|deserializeRequestMessage|as FormData|^TypeError: Content-Type/.test(stack));
  expect(faults).toEqual([]);
});
