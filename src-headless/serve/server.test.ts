import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { describeError, UserError } from "#core/base/errors";
import type { desktopContract } from "#core/contracts/desktop";
import type { engineContract } from "#core/contracts/index";
import { connectClient } from "#core/transport/connect";
import { webSocketWire } from "#core/transport/wire";
import { type Engine, openEngine } from "#engine/open";
import { askRaw, type RawAnswer, type RawRequest } from "./raw-client.ts";
import { type Server, startServer } from "./server.ts";

let folder: string;
let engine: Engine;
let server: Server;
let origin: string;
let cookie: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lc-serve-"));
  process.env.LOCALCODER_HOME = join(folder, "home");
  const window = join(folder, "window");
  mkdirSync(join(window, "assets"), { recursive: true });
  writeFileSync(join(window, "index.html"), "<!doctype html><title>LocalCoder</title>");
  writeFileSync(join(window, "assets", "main.js"), "export {};");
  writeFileSync(join(window, "assets", "editor.worker-x.js"), "export {};");
  writeFileSync(join(window, "assets", "service-worker-x.js"), "export {};");
  writeFileSync(join(folder, "secret.txt"), "secret");
  engine = await openEngine({ processName: "command line", openInference: () => Promise.reject(new UserError("NO_MODEL", "None.")) });
  server = await startServer({ engine, host: "127.0.0.1", port: 0, window, query: "?workspace=/shop", onUnexpected: () => {} });
  origin = new URL(server.url).origin;
});
afterAll(async () => {
  await server.close();
  await engine.dispose();
  delete process.env.LOCALCODER_HOME;
  rmSync(folder, { recursive: true, force: true });
});

const ask = (path: string, asked?: RawRequest) => askRaw(origin, path, asked);

const codeOf = (answer: RawAnswer) => JSON.parse(answer.body).code;

test("the printed address is good for one browser and leaves no token behind", async () => {
  const { pathname, search } = new URL(server.url);
  const first = await ask(pathname + search);
  expect(first.status).toBe(303);
  expect(first.headers.location).toBe("/?workspace=%2Fshop");
  const [setCookie = ""] = first.headers["set-cookie"] ?? [];
  expect(setCookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
  cookie = setCookie.split(";")[0] ?? "";

  expect((await ask(pathname + search)).status).toBe(401);
  expect((await ask(pathname + search, { headers: { cookie } })).status).toBe(303);
  expect((await ask("/", { headers: { cookie } })).status).toBe(200);
});

test("nothing is given without cookie or token, or with wrong ones", async () => {
  const wrong: Record<string, string>[] = [
    {},
    { cookie: `${cookie}x` },
    { cookie: "localcoder=1" },
    { authorization: "Bearer x" },
    { authorization: server.token },
  ];
  for (const headers of wrong) {
    for (const path of ["/", "/assets/main.js", "/api/openapi.json", "/api/sessions/list", "/?token=wrong"]) {
      const answer = await ask(path, { headers });
      expect([answer.status, codeOf(answer)]).toEqual([401, "UNAUTHORIZED"]);
    }
  }
  // The one exception, because browsers ask for it without cookies.
  expect((await ask("/assets/service-worker-x.js")).status).toBe(200);
});

test("another Host is refused, whatever the name points to", async () => {
  for (const host of ["evil.example", `evil.example:${new URL(origin).port}`, "127.0.0.1", "127.0.0.1:1", "localhost.evil.example"]) {
    const answer = await ask("/", { headers: { host, cookie } });
    expect([answer.status, codeOf(answer)]).toEqual([403, "NO_PERMISSION"]);
  }
  const { port } = new URL(origin);
  expect((await ask("/", { headers: { host: `localhost:${port}`, cookie } })).status).toBe(200);
});

test("another Origin is refused, and the cookie alone does not permit a change", async () => {
  const call = { method: "POST", headers: { cookie, "content-type": "application/json" }, body: "{}" };
  for (const bad of ["http://evil.example", "null", origin.replace("http", "https"), "http://127.0.0.1:1"]) {
    expect((await ask("/api/sessions/list", { ...call, headers: { ...call.headers, origin: bad } })).status).toBe(403);
  }
  expect((await ask("/api/sessions/list", call)).status).toBe(401);
  expect((await ask("/api/sessions/list", { ...call, headers: { ...call.headers, origin } })).status).toBe(200);
});

test("files come with their type and policy, and nothing outside of the window's folder comes at all", async () => {
  const page = await ask("/", { headers: { cookie } });
  expect(page.headers["content-type"]).toContain("text/html");
  expect(page.headers["content-security-policy"]).toContain("require-trusted-types-for 'script'");
  expect((await ask("/assets/editor.worker-x.js", { headers: { cookie } })).headers["content-security-policy"]).toBeDefined();
  const script = await ask("/assets/main.js", { headers: { cookie } });
  expect(script.headers["content-type"]).toBe("text/javascript");
  expect((await ask("/assets/main.js", { headers: { cookie, "if-none-match": String(script.headers.etag) } })).status).toBe(304);
  for (const path of [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/..%5csecret.txt",
    "/assets/../../secret.txt",
    "/%00",
    "/%",
  ]) {
    const answer = await ask(path, { headers: { cookie } });
    expect([path, answer.status]).toEqual([path, 404]);
  }
});

test("the HTTP interface answers to the token, describes itself and refuses bad input by name", async () => {
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
  const document = JSON.parse((await ask("/api/openapi.json", { headers })).body);
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(["/sessions/list", "/completion/complete", "/workspace/read"]));
  expect(JSON.parse((await ask("/api/sessions/list", { method: "POST", headers, body: "{}" })).body)).toEqual([]);

  const bad = await ask("/api/sessions/list", { method: "POST", headers, body: '{"limit":"many"}' });
  expect([bad.status, codeOf(bad)]).toEqual([400, "BAD_INPUT"]);
  expect(bad.body).toContain("limit");
  const malformed = await ask("/api/sessions/list", { method: "POST", headers, body: '{"limit":' });
  expect([malformed.status, codeOf(malformed)]).toEqual([400, "BAD_INPUT"]);
  expect((await ask("/api/sessions/explode", { method: "POST", headers, body: "{}" })).status).toBe(404);
});

test("a request that is too large is refused", async () => {
  const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
  const huge = await ask("/api/sessions/search", {
    method: "POST",
    headers,
    body: JSON.stringify({ query: "x".repeat(65 * 1024 * 1024) }),
  });
  expect([huge.status, codeOf(huge)]).toEqual([413, "TOO_LARGE"]);
});

test("garbage on the port does no harm", async () => {
  const { hostname, port } = new URL(origin);
  for (const garbage of [
    "\u0000\u0001\u0002\r\n\r\n",
    "GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n",
    "POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.end(garbage));
      socket.on("error", () => {});
      socket.on("close", () => resolve());
      socket.resume();
    });
  }
  expect((await ask("/", { headers: { cookie } })).status).toBe(200);
});

function open(path: string, headers: Record<string, string>): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(origin.replace("http", "ws") + path, { headers });
    socket.on("open", () => resolve(socket));
    socket.on("unexpected-response", (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on("error", reject);
  });
}

test("a WebSocket needs the cookie and our own origin, or the token", async () => {
  expect(await open("/rpc/engine", {})).toBe(401);
  expect(await open("/rpc/engine", { cookie })).toBe(401);
  expect(await open("/rpc/engine", { cookie, origin: "http://evil.example" })).toBe(403);
  expect(await open("/rpc/engine", { cookie, origin, host: "evil.example" })).toBe(403);
  expect(await open("/rpc/nothing", { cookie, origin })).toBe(404);
  expect(await open("/rpc/engine", { authorization: `Bearer ${server.token}` })).toBeInstanceOf(WebSocket);
});

test("a WebSocket message that is too large ends its connection before it is stored, and no other", async () => {
  const other = (await open("/rpc/engine", { cookie, origin })) as WebSocket;
  const socket = (await open("/rpc/engine", { cookie, origin })) as WebSocket & { readonly _socket: Socket };
  const closed = once(socket, "close");
  // The head of a masked binary message of one gigabyte, and nothing after it.
  socket._socket.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]));
  expect((await closed)[0]).toBe(1009);
  expect(other.readyState).toBe(WebSocket.OPEN);
  other.close();
});

test("tabs speak the contract: each has its own files, and all have one history", async () => {
  const one = (await open("/rpc/engine", { cookie, origin })) as WebSocket;
  const other = (await open("/rpc/engine", { cookie, origin })) as WebSocket;
  const [first, second] = [one, other].map((socket) =>
    connectClient<typeof engineContract>(webSocketWire(socket as unknown as Parameters<typeof webSocketWire>[0])),
  );
  const file = join(folder, "secret.txt");
  await first?.client.workspace.open({ path: folder });
  expect(await (await first?.client.workspace.read({ path: file }))?.text()).toBe("secret");
  expect(describeError(await second?.client.workspace.read({ path: file }).catch((error) => error)).code).toBe("OUTSIDE_WORKSPACE");
  expect(await second?.client.sessions.list({})).toEqual([]);
  one.send("not of the protocol");
  one.send(new Uint8Array([1, 2, 3]));
  expect(await first?.client.sessions.list({})).toEqual([]);
  first?.close();
  second?.close();
});

test("a tab learns from its address what to show, and the folder becomes a recent one", async () => {
  const socket = (await open("/rpc/desktop?workspace=/shop&file=/shop/cart.ts:3:4", { cookie, origin })) as WebSocket;
  const { client, close } = connectClient<typeof desktopContract>(webSocketWire(socket as unknown as Parameters<typeof webSocketWire>[0]));
  const start = await client.start();
  expect(start.target).toEqual({ workspace: "/shop", files: [{ path: "/shop/cart.ts", line: 3, column: 4 }] });
  expect(start.browser).toBe(true);
  expect(start.firstRun).toBe(true);
  await client.finishFirstRun();
  expect((await client.start()).firstRun).toBe(false);
  expect(await client.recent()).toEqual(["/shop"]);
  close();
});

test("a port that is taken is said so", async () => {
  const taken = startServer({
    engine,
    host: "127.0.0.1",
    port: Number(new URL(origin).port),
    window: folder,
    query: "",
    onUnexpected: () => {},
  });
  await expect(taken).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
});
