import dgram from "node:dgram";
import dns, { lookup } from "node:dns";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { defaultSettings } from "#core/settings/schema";
import { openInMemory } from "../sessions/database.ts";
import { gatedEnvironment } from "./environment.ts";
import { sqliteLedger } from "./ledger.ts";
import { createNetwork, type Network } from "./network.ts";

const opened: { dispose(): void }[] = [];
afterEach(() => {
  for (const item of opened.splice(0).reverse()) item.dispose();
});

function network(options: { offline?: boolean; database?: Parameters<typeof createNetwork>[0]["database"] } = {}): Network {
  const settings = { current: () => ({ ...defaultSettings, "localcoder.network.offline": options.offline ?? false }) };
  const created = createNetwork({ processName: "test", settings, database: options.database });
  opened.push(created);
  return created;
}

async function listen(server: net.Server, path?: string): Promise<number> {
  await new Promise<void>((resolve) => (path ? server.listen(path, resolve) : server.listen(0, "127.0.0.1", resolve)));
  opened.push({ dispose: () => server.close() });
  return path ? 0 : (server.address() as AddressInfo).port;
}

/** Stands in for the system's resolver, below the gate: a test sends nothing to a name server. */
function resolveTo127(): void {
  const original = dns.lookup;
  const fake = (_host: string, options: { all?: boolean }, callback: (...answer: unknown[]) => void) =>
    process.nextTick(() => (options.all ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4)));
  dns.lookup = fake as typeof dns.lookup;
  opened.push({ dispose: () => (dns.lookup = original) });
}

const failure = (emitter: { once(name: "error", listener: (error: Error) => void): unknown }) =>
  new Promise<unknown>((resolve) => emitter.once("error", resolve));
const refused = expect.objectContaining({ code: "NETWORK_REFUSED" });

describe("the gate", () => {
  it("refuses every way out of the machine before a name is looked up", async () => {
    const ledger = network();
    expect(await failure(net.connect(80, "refused.test"))).toEqual(refused);
    expect(await failure(net.connect({ host: "192.0.2.1", port: 9 }))).toEqual(refused);
    expect(await failure(tls.connect({ host: "refused.test", port: 443 }))).toEqual(refused);
    expect(await failure(http.get("http://refused.test/"))).toEqual(refused);
    expect(await failure(https.get("https://refused.test/"))).toEqual(refused);
    await expect(fetch("http://refused.test/")).rejects.toMatchObject({ cause: refused });
    expect(await failure(http2.connect("https://refused.test/"))).toEqual(refused);
    expect(ledger.attempts().map((attempt) => [attempt.host, attempt.allowed])).toEqual([
      ...Array(5).fill(["refused.test", false]),
      ["192.0.2.1", false],
      ["refused.test", false],
    ]);
  });

  it("refuses name lookups in all their forms", async () => {
    network();
    await expect(promisify(dns.lookup)("refused.test")).rejects.toEqual(refused);
    await expect(promisify(lookup)("refused.test")).rejects.toEqual(refused);
    await expect(promisify(dns.resolve4)("refused.test")).rejects.toEqual(refused);
    await expect(dns.promises.lookupService("192.0.2.1", 80)).rejects.toEqual(refused);
    await expect(dns.promises.lookup("refused.test")).rejects.toEqual(refused);
    await expect(dns.promises.resolveTxt("refused.test")).rejects.toEqual(refused);
    await expect(new dns.promises.Resolver().resolve("refused.test")).rejects.toEqual(refused);
  });

  it("answers localhost without a resolver", async () => {
    network();
    expect(await dns.promises.lookup("app.localhost", { all: true })).toEqual([
      { address: "127.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ]);
    expect(await dns.promises.lookup("localhost", 6)).toEqual({ address: "::1", family: 6 });
  });

  it("refuses datagrams", async () => {
    network();
    const socket = dgram.createSocket("udp4");
    opened.push({ dispose: () => socket.close() });
    const error = await new Promise((resolve) => socket.send("x", 53, "192.0.2.1", resolve));
    expect(error).toEqual(refused);
    expect(() => socket.send(Buffer.from("x"), 0, 1, 53, "192.0.2.1")).toThrow(/refused/);
    expect(() => socket.connect(53, "192.0.2.1")).toThrow(/refused/);
  });

  it("lets this machine, sockets in the file system and datagrams to this machine pass, unrecorded", async () => {
    const ledger = network();
    const port = await listen(http.createServer((_, response) => response.end("hello")));
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("hello");
    expect(await (await fetch(`http://localhost:${port}/`)).text()).toBe("hello");
    const path = process.platform === "win32" ? `\\\\.\\pipe\\gate-${process.pid}` : join(tmpdir(), `gate-${process.pid}.sock`);
    await listen(
      net.createServer((socket) => socket.end()),
      path,
    );
    await new Promise<void>((resolve) => net.connect(path).once("connect", resolve));
    const socket = dgram.createSocket("udp4");
    opened.push({ dispose: () => socket.close() });
    expect(await new Promise((resolve) => socket.send("x", port, "127.0.0.1", resolve))).toBe(null);
    expect(ledger.attempts()).toEqual([]);
  });

  it("lets a permitted host pass under its purpose and records it once", async () => {
    const port = await listen(http.createServer((_, response) => response.end("hello")));
    resolveTo127();
    const ledger = network();
    ledger.allow("permitted.test", "model-download");
    const url = `http://permitted.test:${port}/`;
    expect(await ledger.run("model-download", async () => (await fetch(url)).text())).toBe("hello");
    expect(await failure(http.get(url))).toEqual(refused);
    expect(ledger.attempts().map(({ host, purpose, allowed }) => ({ host, purpose, allowed }))).toEqual([
      { host: "permitted.test", purpose: "unknown", allowed: false },
      { host: "permitted.test", purpose: "model-download", allowed: true },
    ]);
    ledger.revoke("permitted.test", "model-download");
    expect(await ledger.run("model-download", () => failure(http.get(url)))).toEqual(refused);
  });

  it("counts the bytes of a connection, and tells them again under the same number", async () => {
    const server = http.createServer((_, response) => response.end("x".repeat(5000)));
    const port = await listen(server);
    const ledger = network();
    const rows = ledger.watch();
    await ledger.run("model-download", async () => (await fetch(`http://127.0.0.1:${port}/`, { keepalive: false })).text());
    server.closeAllConnections();
    const begun = (await rows.next()).value;
    const ended = (await rows.next()).value;
    expect(ended).toMatchObject({ id: begun?.id, host: "127.0.0.1" });
    expect(ended?.received).toBeGreaterThan(5000);
    expect(ledger.attempts()).toEqual([ended]);
    expect(ledger.verify().broken).toBeUndefined();
  });

  it("asks where nobody decided, keeps to the answer, and lets once end with what it was for", async () => {
    const ledger = network();
    const window = ledger.questions();
    const answerNext = (answer: "once" | "always" | "never") =>
      void window.next().then(({ value }) => ledger.answer(value?.id ?? 0, answer));
    const request = (host: string) => ({ host, port: 443, purpose: "model-download" }) as const;
    answerNext("once");
    await ledger.occasion(async () => {
      expect(await ledger.ask(request("a.example"))).toMatchObject({ allowed: true, reason: expect.stringContaining("once") });
      expect(ledger.check(request("a.example")).allowed).toBe(true);
    });
    expect(ledger.check(request("a.example")).allowed).toBe(false);
    answerNext("always");
    expect((await ledger.ask(request("a.example"))).allowed).toBe(true);
    answerNext("never");
    expect(await ledger.ask(request("b.example"))).toMatchObject({ allowed: false, reason: expect.stringContaining("never") });
    // Nobody is asked again, and what permits in passing does not take it back.
    expect((await ledger.ask(request("b.example"))).allowed).toBe(false);
    expect(() => ledger.allow("b.example", "model-download")).toThrow(/said never/);
    ledger.revoke("b.example", "model-download");
    ledger.allow("b.example", "model-download");
    expect(ledger.check(request("b.example")).allowed).toBe(true);
    // What was not declared is not asked about either.
    expect((await ledger.ask({ host: "c.example", purpose: "unknown" })).allowed).toBe(false);
  });

  it("refuses what was permitted when offline", async () => {
    const ledger = network({ offline: true });
    ledger.allow("permitted.test", "model-download");
    expect(await ledger.run("model-download", () => failure(http.get("http://permitted.test/")))).toEqual(refused);
  });
});

describe("the ledger", () => {
  it("keeps permissions and attempts in the database", () => {
    const sqlite = openInMemory();
    const first = network({ database: { sqlite } });
    first.allow("*.Files.example", "model-download");
    first.check({ host: "refused.test", port: 1, purpose: "unknown" });
    const second = network({ database: { sqlite } });
    expect(second.permissions()).toMatchObject([{ host: "*.files.example", purpose: "model-download" }]);
    expect(second.attempts()).toMatchObject([
      { host: "refused.test", port: 1, process: "test", allowed: false, reason: "Nobody asked for it." },
    ]);
  });

  it("cuts what another process reports at any length", () => {
    const ledger = network();
    const attempt = { time: 1, process: "window", purpose: "unknown", allowed: false } as const;
    ledger.report({ ...attempt, host: "x".repeat(100_000), reason: "y".repeat(100_000) });
    const [row] = ledger.attempts();
    expect(row?.host.length).toBe(255);
    expect(row?.reason.length).toBe(500);
  });

  it("notices a row that was changed or taken out afterwards, and keeps its word when old rows go", () => {
    const made = { time: 1, process: "engine", host: "", purpose: "unknown", allowed: true, reason: "test" } as const;
    const sqlite = openInMemory();
    const ledger = sqliteLedger(sqlite, 50);
    for (let index = 0; index < 120; index++) ledger.add({ ...made, host: `h${index}` });
    expect(ledger.verify()).toEqual({ rows: expect.any(Number) });
    sqlite.prepare("UPDATE network_attempts SET allowed = 0 WHERE host = 'h110'").run();
    expect(ledger.verify().broken).toMatchObject({ host: "h110" });
    sqlite.prepare("UPDATE network_attempts SET allowed = 1 WHERE host = 'h110'").run();
    expect(ledger.verify().broken).toBeUndefined();
    sqlite.prepare("DELETE FROM network_attempts WHERE host = 'h111'").run();
    expect(ledger.verify().broken).toMatchObject({ host: "h112" });
  });

  it("notices that the newest or the oldest rows were taken out", () => {
    const made = { time: 1, process: "engine", host: "h", purpose: "unknown", allowed: true, reason: "test" } as const;
    const sqlite = openInMemory();
    const ledger = sqliteLedger(sqlite, 200);
    expect(ledger.verify()).toEqual({ rows: 0 });
    for (let index = 1; index <= 450; index++) ledger.add(made);
    expect(ledger.verify()).toEqual({ rows: 250 });
    sqlite.prepare("DELETE FROM network_attempts WHERE id > 447").run();
    expect(ledger.verify()).toEqual({ rows: 247, missing: 3 });
    sqlite.prepare("DELETE FROM network_attempts WHERE id <= 202").run();
    expect(ledger.verify()).toEqual({ rows: 245, missing: 5 });
    sqlite.prepare("DELETE FROM network_attempts").run();
    expect(ledger.verify()).toEqual({ rows: 0, missing: 250 });
  });

  it("stays bounded", () => {
    const ledger = sqliteLedger(openInMemory(), 50);
    const attempt = { time: 1, process: "test", purpose: "unknown", allowed: false, reason: "" } as const;
    for (let index = 0; index < 420; index++) ledger.add({ ...attempt, host: `h${index}` });
    const kept = ledger.attempts(10_000);
    expect(kept).toHaveLength(50);
    expect(kept[0]?.host).toBe("h419");
  });

  it("refuses a permission that is no host or for no purpose", () => {
    const ledger = network();
    expect(() => ledger.allow("https://x/", "model-download")).toThrow(/not the name of a host/);
    expect(() => ledger.allow("*.com", "model-download")).toThrow(/not the name of a host/);
    expect(() => ledger.allow("x.example", "unknown")).toThrow(/for a purpose/);
  });

  it.each([
    ["in a database", () => network({ database: { sqlite: openInMemory() } })],
    ["without one", () => network()],
  ])("gives all of a long ledger, the newest first, in pieces: %s", async (_, open) => {
    const ledger = open();
    const count = 12_345;
    for (let time = 1; time <= count; time++)
      ledger.report({ time, process: "window", host: "x.example", purpose: "unknown", allowed: false, reason: "r" });
    const pieces = [];
    for await (const piece of ledger.everything()) pieces.push(piece);
    expect(pieces.map(({ length }) => length)).toEqual([...Array(12).fill(1000), 345]);
    expect(pieces.flat().map(({ time }) => time)).toEqual(Array.from({ length: count }, (_, index) => count - index));
  });

  it("gives nothing of an empty ledger", async () => {
    expect(await network().everything().next()).toEqual({ done: true, value: undefined });
  });

  it("streams attempts as they happen", async () => {
    const ledger = network();
    const stop = new AbortController();
    const stream = ledger.watch(stop.signal);
    ledger.report({ time: 1, process: "window", host: "x.example", purpose: "unknown", allowed: false, reason: "r" });
    expect((await stream.next()).value).toMatchObject({ process: "window", host: "x.example" });
    stop.abort();
    expect((await stream.next()).done).toBe(true);
  });
});

describe("gatedEnvironment", () => {
  it("points proxies of our children nowhere and keeps the rest", () => {
    expect(gatedEnvironment({ PATH: "/bin", https_proxy: "http://proxy.example" })).toMatchObject({
      PATH: "/bin",
      https_proxy: "http://127.0.0.1:9",
      NO_PROXY: "localhost,127.0.0.1,::1",
    });
  });
});
