import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { CatalogueEntry, Download } from "#core/contracts/models";
import { defaultSettings } from "#core/settings/schema";
import { createConnections } from "../network/connections.ts";
import { createNetwork } from "../network/network.ts";
import { createDownloadQueue } from "./download-queue.ts";
import { createDownloads, type DownloadsOptions } from "./downloads.ts";
import {
  type Answer,
  catalogueEntry,
  type LocalHub,
  openHub,
  serve,
  serveAtMost,
  serveSlowly,
  serveWith,
  stall,
  status,
} from "./hub.fixture.ts";
import { fileAddress } from "./hub.ts";
import { createPace } from "./pace.ts";
import { readModel } from "./read-model.ts";
import { tinyGguf } from "./tiny-gguf.ts";

const model = tinyGguf();
const opened: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

interface Setup {
  readonly answers?: readonly Answer[];
  readonly bytes?: Buffer;
  readonly entry?: Partial<CatalogueEntry>;
  readonly options?: Partial<DownloadsOptions>;
  readonly offline?: boolean;
}

async function setup({ answers, bytes = model, entry: change, options, offline = false }: Setup = {}) {
  const folder = await mkdtemp(join(tmpdir(), "localcoder-models-"));
  const hub = await openHub(bytes, answers);
  const settings = { current: () => ({ ...defaultSettings, "localcoder.network.offline": offline }) };
  const network = createNetwork({ processName: "test", settings });
  const entry = catalogueEntry(hub, change);
  const connections = createConnections({ purpose: "model-download", network, env: {}, settings: { current: () => defaultSettings } });
  const queue = createDownloadQueue(join(folder, "downloads.json"));
  const waits: number[] = [];
  const open = (more: Partial<DownloadsOptions> = {}) =>
    createDownloads({
      catalogue: [entry],
      network,
      connections,
      queue,
      limits: () => ({ atOnce: 1, connections: 4, bytesPerSecond: 0 }),
      token: async () => undefined,
      folder: () => folder,
      address: (each) => fileAddress(new URL(`${hub.url}/`), each),
      inspect: async (part, each) => void (await readModel(part, each.name)),
      test: async () => {},
      freeBytes: async () => 1e12,
      wait: async (milliseconds) => void waits.push(milliseconds),
      ...options,
      ...more,
    });
  const downloads = open();
  opened.push(
    () => rm(folder, { recursive: true }),
    () => network.dispose(),
    () => hub.close(),
    () => connections.close(),
    () => downloads.dispose(),
  );
  const path = join(folder, entry.file);
  return { downloads, network, hub, entry, folder, path, part: `${path}.part`, waits, open };
}

/** Starts and follows a download to its end; gives all states it went through and the last report. */
async function follow(downloads: ReturnType<typeof createDownloads>, entry: CatalogueEntry, until?: (download: Download) => boolean) {
  const changes = downloads.changes.stream();
  downloads.start(entry);
  const states: string[] = [];
  for await (const download of changes) {
    if (states.at(-1) !== download.state) states.push(download.state);
    if (until?.(download) || ["done", "failed", "paused"].includes(download.state)) return { states, last: download };
  }
  throw new Error("The stream ended.");
}

describe("a download", () => {
  it("arrives whole, checked and tested", async () => {
    const { downloads, entry, path, part, hub, network } = await setup();
    const { states, last } = await follow(downloads, entry);
    expect(states).toEqual(["waiting", "downloading", "verifying", "testing", "done"]);
    expect(last).toMatchObject({ received: model.length, bytes: model.length, path, hashFrom: "catalogue" });
    expect(await readFile(path)).toEqual(model);
    expect(existsSync(part) || existsSync(`${part}.json`)).toBe(false);
    expect(hub.requests).toEqual([{ path: "/someone/tiny-GGUF/resolve/main/tiny.gguf", range: `bytes=0-${model.length - 1}` }]);
    expect(network.attempts()).toMatchObject([{ host: "127.0.0.1", purpose: "model-download", allowed: true, process: "test" }]);
  });

  it("takes the hash the hub states where the catalogue has none, and says so", async () => {
    const hash = (await setup()).hub.sha256;
    const stating = serveWith({ headers: { "x-linked-etag": `"${hash}"`, "x-linked-size": String(model.length) } });
    const { downloads, entry, path } = await setup({ answers: [stating], entry: { sha256: null, bytes: 5, bytesEstimated: true } });
    expect((await follow(downloads, entry)).last).toMatchObject({ state: "done", hashFrom: "hub", bytes: model.length });
    expect(await readFile(`${path}.sha256`, "utf8")).toBe(`${hash}  tiny.gguf\n`);
  });

  it("says that nothing was checked where nobody states a hash", async () => {
    const { downloads, entry } = await setup({ entry: { sha256: null } });
    expect((await follow(downloads, entry)).last).toMatchObject({ state: "done", hashFrom: "none" });
  });

  it("goes on by itself after a lost connection", async () => {
    const { downloads, entry, hub, waits } = await setup({ answers: [serveWith({ dropAfter: 200_000 }), serve] });
    const { states, last } = await follow(downloads, entry);
    expect(states.slice(0, 4)).toEqual(["waiting", "downloading", "waiting", "downloading"]);
    expect(states.slice(-3)).toEqual(["verifying", "testing", "done"]);
    expect(last.state).toBe("done");
    expect(hub.requests[1]?.range).toMatch(/^bytes=[1-9]\d*-\d+$/);
    expect(waits).toEqual([1000]);
  });

  it("begins anew when the server cannot resume, or has another version by now", async () => {
    for (const again of [serveWith({ ignoreRange: true }), serveWith({ headers: { etag: '"2"' } })]) {
      const { downloads, entry, path } = await setup({ answers: [serveWith({ dropAfter: 200_000 }), again] });
      expect((await follow(downloads, entry)).last.state).toBe("done");
      expect(await readFile(path)).toEqual(model);
    }
  });

  it("pauses, survives the end of the engine, and resumes where it was", async () => {
    const { downloads, entry, hub, open, path, part } = await setup({ answers: [stall(40_000), serve] });
    const begun = await follow(downloads, entry, (download) => download.received > 0);
    expect(begun.last.state).toBe("downloading");
    await downloads.pause(entry.id);
    expect(downloads.list()).toMatchObject([{ state: "paused" }]);
    await downloads.dispose();
    const size = (await readFile(part)).length;

    const later = open();
    await later.recover();
    expect(later.list()).toMatchObject([{ id: "tiny", state: "paused", received: size, bytes: model.length, hashFrom: "catalogue" }]);
    expect((await follow(later, entry)).last.state).toBe("done");
    expect(hub.requests[1]?.range).toBe(`bytes=${size}-${model.length - 1}`);
    expect(await readFile(path)).toEqual(model);
  });

  it("notices a part that was changed meanwhile by the hash of the whole", async () => {
    const { downloads, entry, open, part, path } = await setup({ answers: [stall(40_000), serve] });
    await follow(downloads, entry, (download) => download.received > 0);
    await downloads.dispose();
    const bytes = await readFile(part);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(part, bytes);
    const { last } = await follow(open(), entry);
    expect(last).toMatchObject({ state: "failed", error: { code: "HASH_MISMATCH" } });
    expect(existsSync(path) || existsSync(part)).toBe(false);
  });

  it("finishes a part that was whole already without asking the hub", async () => {
    const { entry, open, hub, part, path } = await setup();
    await writeFile(part, model);
    await writeFile(`${part}.json`, JSON.stringify({ id: "tiny", bytes: model.length, sha256: null, hashFrom: "none", version: null }));
    expect((await follow(open(), entry)).last).toMatchObject({ state: "done", hashFrom: "catalogue" });
    expect(hub.requests).toEqual([]);
    expect(await readFile(path)).toEqual(model);
  });

  it("begins anew when the part is longer than the file or its record is damaged", async () => {
    const { entry, open, part } = await setup();
    await writeFile(part, Buffer.concat([model, model]));
    await writeFile(`${part}.json`, "{");
    expect((await follow(open(), entry)).last.state).toBe("done");
  });

  it("is discarded with all that arrived", async () => {
    const { downloads, entry, part } = await setup({ answers: [stall(40_000)] });
    await follow(downloads, entry, (download) => download.received > 0);
    await downloads.discard(entry.id);
    expect(downloads.list()).toEqual([]);
    expect(existsSync(part) || existsSync(`${part}.json`)).toBe(false);
  });

  it("waits for the one before it, and can be paused and resumed while it waits", async () => {
    const { downloads, entry } = await setup({ answers: [stall(40_000), serve] });
    await follow(downloads, entry, (download) => download.received > 0);
    const second = { ...entry, id: "second", file: "second.gguf" };
    downloads.start(second);
    await downloads.pause("second");
    downloads.start(second);
    expect(downloads.list()).toMatchObject([
      { id: "tiny", state: "downloading" },
      { id: "second", state: "waiting" },
    ]);
    const changes = downloads.changes.stream();
    await downloads.pause("tiny");
    for await (const download of changes) if (download.id === "second" && download.state === "done") break;
    expect(downloads.list()).toMatchObject([
      { id: "tiny", state: "paused" },
      { id: "second", state: "done" },
    ]);
  });

  it("ends where it began when the folder is changed meanwhile", async () => {
    const { entry, open, folder, path } = await setup();
    let current = folder;
    const downloads = open({ folder: () => current });
    const following = follow(downloads, entry);
    current = join(folder, "other");
    expect((await following).last).toMatchObject({ state: "done", path });
  });

  it("never writes over another file of that name", async () => {
    const { downloads, entry, path, hub } = await setup();
    await writeFile(path, "mine");
    expect((await follow(downloads, entry)).last).toMatchObject({ state: "failed", error: { code: "ALREADY_EXISTS" } });
    expect(await readFile(path, "utf8")).toBe("mine");
    expect(hub.requests).toEqual([]);
  });

  it("keeps the file when its test fails, and says why", async () => {
    const failing = async () => {
      throw new Error("no memory");
    };
    const { downloads, entry, path } = await setup({ options: { test: failing } });
    expect((await follow(downloads, entry)).last).toMatchObject({ state: "failed", error: { message: "no memory" }, path });
    expect(existsSync(path)).toBe(true);
  });
});

describe("a hub that misbehaves", () => {
  const redirect = (location: string) => status(302, { location });
  it.each<[string, Setup, string, RegExp]>([
    ["sends a page", { answers: [serveWith({ headers: { "content-type": "text/html; charset=utf-8" } })] }, "DOWNLOAD_FAILED", /web page/],
    ["sends junk", { bytes: Buffer.from("junk, and not a model at all") }, "DOWNLOAD_FAILED", /not a model file/],
    ["states another size", { entry: { bytes: 12 } }, "DOWNLOAD_FAILED", /and not the 12 bytes/],
    [
      "has another file",
      { answers: [serveWith({ headers: { "x-linked-etag": `"${"0".repeat(64)}"` } })] },
      "HASH_MISMATCH",
      /in the catalogue/,
    ],
    ["sends other bytes", { entry: { sha256: "0".repeat(64) } }, "HASH_MISMATCH", /arrived damaged/],
    ["sends a damaged model", { bytes: model.subarray(0, 3000) }, "MODEL_FILE_DAMAGED", /incomplete/],
    ["wants a sign-in", { answers: [status(401)] }, "UNAUTHORIZED", /sign-in/],
    ["forbids", { answers: [status(403)] }, "UNAUTHORIZED", /sign-in/],
    ["has no such file", { answers: [status(404)] }, "DOWNLOAD_FAILED", /does not have/],
    ["asks to wait", { answers: [status(429, { "retry-after": "3" })] }, "DOWNLOAD_FAILED", /asks to wait/],
    ["asks to wait long", { answers: [status(429, { "retry-after": "86400" })] }, "DOWNLOAD_FAILED", /asks to wait/],
    ["is broken", { answers: [status(503)] }, "DOWNLOAD_FAILED", /trouble of its own \(503\)/],
    ["answers strangely", { answers: [status(204)] }, "DOWNLOAD_FAILED", /answered 204/],
    ["sends it in a circle", { answers: [redirect("/a"), redirect("/b"), redirect("/a")] }, "DOWNLOAD_FAILED", /circle/],
    ["sends it on for ever", { answers: Array.from({ length: 12 }, (_, index) => redirect(`/${index}`)) }, "DOWNLOAD_FAILED", /circle/],
    ["sends it nowhere", { answers: [status(302)] }, "DOWNLOAD_FAILED", /without saying where/],
    ["sends it to plain http", { answers: [redirect("http://files.example/x")] }, "DOWNLOAD_FAILED", /not a safe address/],
    ["sends it to a file", { answers: [redirect("file:///etc/passwd")] }, "DOWNLOAD_FAILED", /not a safe address/],
    ["sends it to a host nobody permitted", { answers: [redirect("https://evil.example/x")] }, "NETWORK_REFUSED", /evil\.example/],
    ["packs it", { answers: [serveWith({ headers: { "content-encoding": "gzip" } })] }, "DOWNLOAD_FAILED", /packed/],
    ["always drops the connection", { answers: [serveWith({ dropAfter: 0 })] }, "DOWNLOAD_FAILED", /connection was lost/],
    ["falls silent", { answers: [stall(0)], options: { silence: 30 } }, "DOWNLOAD_FAILED", /nothing came|connection was lost/],
    ["does not say the size", { answers: [sizeless], entry: { bytesEstimated: true, sha256: null } }, "DOWNLOAD_FAILED", /how large/],
  ])("that %s gives one clear sentence", async (_name, options, code, message) => {
    const { downloads, entry, path } = await setup(options);
    const { last } = await follow(downloads, entry);
    expect(last).toMatchObject({ state: "failed", error: { code, message: expect.stringMatching(message), hint: expect.any(String) } });
    expect(last.error?.message).not.toMatch(/\n/);
    expect(existsSync(path)).toBe(false);
  });

  it("that sends more than it said is cut off", async () => {
    const chunked: Answer = (_request, response, hub) => {
      response.writeHead(200, { "transfer-encoding": "chunked" });
      response.end(Buffer.concat([hub.bytes, Buffer.alloc(1000)]));
    };
    const { downloads, entry } = await setup({ answers: [chunked] });
    expect((await follow(downloads, entry)).last.error?.message).toMatch(/sent more/);
  });

  it("is reached by redirects within the machine", async () => {
    const { downloads, entry } = await setup({ answers: [redirect("/elsewhere/file"), serve] });
    expect((await follow(downloads, entry)).last.state).toBe("done");
  });
});

/** Ends its answer by closing the connection, without a length. */
function sizeless(...[, response, hub]: Parameters<Answer>): void {
  response.writeHead(200, { "transfer-encoding": "chunked" });
  response.end(hub.bytes);
}

describe("the disk", () => {
  it("is looked at before the first byte", async () => {
    const { downloads, entry, part } = await setup({ options: { freeBytes: async () => 1000 } });
    const { last } = await follow(downloads, entry);
    expect(last).toMatchObject({ state: "failed", error: { code: "DISK_FULL", message: expect.stringMatching(/1 kB are free/) } });
    expect(existsSync(part)).toBe(false);
  });

  it("keeps what arrived when it is full, and goes on when there is room", async () => {
    let free = 1e12;
    const { downloads, entry, part } = await setup({ answers: [stall(40_000), serve], options: { freeBytes: async () => free } });
    await follow(downloads, entry, (download) => download.received > 0);
    await downloads.pause(entry.id);
    free = 1000;
    expect((await follow(downloads, entry)).last).toMatchObject({ state: "failed", error: { code: "DISK_FULL" } });
    expect((await readFile(part)).length).toBeGreaterThan(0);
    free = 1e12;
    expect((await follow(downloads, entry)).last.state).toBe("done");
  });

  it("where models cannot be written is named", async () => {
    const { entry, open, folder } = await setup();
    await writeFile(join(folder, "file"), "in the way");
    const { last } = await follow(open({ folder: () => join(folder, "file") }), entry);
    expect(last).toMatchObject({ state: "failed", error: { code: "NO_PERMISSION", message: expect.stringMatching(/cannot be written/) } });
  });

  it.skipIf(!existsSync("/dev/full"))("that is full in the middle is named", async () => {
    const { downloads, entry, part } = await setup();
    await symlink("/dev/full", part);
    const { last } = await follow(downloads, entry);
    expect(last).toMatchObject({ state: "failed", error: { code: "DISK_FULL" } });
  });
});

describe("offline", () => {
  it("a download from this machine goes on, one from elsewhere is refused", async () => {
    const { downloads, entry } = await setup({ offline: true });
    expect((await follow(downloads, entry)).last.state).toBe("done");
    const away = await setup({ offline: true, options: { address: () => new URL("https://models.example/x") } });
    away.network.allow("models.example", "model-download");
    expect((await follow(away.downloads, away.entry)).last).toMatchObject({
      error: { code: "NETWORK_REFUSED", message: expect.stringMatching(/Offline is switched on/) },
    });
    expect(away.network.attempts()).toMatchObject([{ host: "models.example", allowed: false }]);
  });
});

describe("a large download", () => {
  const large = Buffer.concat([Buffer.from("GGUF"), randomBytes(70 * 2 ** 20)]);
  const options = { inspect: async () => {} };

  it("comes over several connections at once, each piece once", async () => {
    const { downloads, entry, path, hub } = await setup({ bytes: large, options });
    expect((await follow(downloads, entry)).last).toMatchObject({ state: "done", received: large.length });
    expect(large.equals(await readFile(path))).toBe(true);
    expect(askedBytes(hub)).toBe(large.length);
    expect(hub.requests).toHaveLength(5);
  });

  it("asks the place a redirect led to, and the hub again when that is closed", async () => {
    const away = status(302, { location: "/elsewhere" });
    const answers = [away, serve, serve, status(403), away, serve];
    const { downloads, entry, path, hub } = await setup({ bytes: large, answers, options: { ...options, limits: one } });
    expect((await follow(downloads, entry)).last.state).toBe("done");
    expect(large.equals(await readFile(path))).toBe(true);
    expect(hub.requests.map((request) => (request.path === "/elsewhere" ? "away" : "hub"))).toEqual([
      "hub",
      "away",
      "away",
      "away",
      "hub",
      "away",
      "away",
      "away",
    ]);
  });

  it("begins anew when the file changes between two pieces", async () => {
    const other = serveWith({ headers: { etag: '"2"' } });
    const { downloads, entry, path } = await setup({ bytes: large, answers: [serve, serve, other], options: { ...options, limits: one } });
    expect((await follow(downloads, entry)).last.state).toBe("done");
    expect(large.equals(await readFile(path))).toBe(true);
  });

  it("takes less at once than it asked for", async () => {
    const { downloads, entry, path } = await setup({ bytes: large, answers: [serveAtMost(10_000_000)], options });
    expect((await follow(downloads, entry)).last.state).toBe("done");
    expect(large.equals(await readFile(path))).toBe(true);
  });

  it("fetches at most a piece again after each of twenty interruptions", async () => {
    const { entry, path, hub, open } = await setup({ bytes: large, options, answers: [serveSlowly] });
    for (let count = 0; count < 20; count++) {
      const downloads = open();
      await downloads.recover();
      const received = () => downloads.list()[0]?.received ?? 0;
      const goal = received() + Math.random() * 3e6;
      downloads.start(entry);
      while (received() < goal) await new Promise(setImmediate);
      await downloads.dispose();
    }
    expect((await follow(open(), entry)).last.state).toBe("done");
    expect(large.equals(await readFile(path))).toBe(true);
    expect(hub.sent()).toBeLessThan(large.length + 20 * 16 * 2 ** 20);
  });
});

describe("a limit", () => {
  it("holds for all downloads together", async () => {
    let clock = 0;
    const pace = createPace(
      () => 1000,
      () => clock,
    );
    const { signal } = new AbortController();
    await pace.take(40, signal);
    clock = 1000;
    const stop = new AbortController();
    const slow = pace.take(1_000_000, stop.signal);
    const after = pace.take(1, stop.signal);
    stop.abort();
    await expect(slow).rejects.toMatchObject({ name: "AbortError" });
    await expect(after).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("the queue", () => {
  it("lets several run at once when the user wants that", async () => {
    const limits = () => ({ atOnce: 2, connections: 1, bytesPerSecond: 0 });
    const { downloads, entry } = await setup({ answers: [stall(40_000)], options: { limits } });
    const second = { ...entry, id: "second", file: "second.gguf" };
    const third = { ...entry, id: "third", file: "third.gguf" };
    for (const each of [entry, second, third]) downloads.start(each);
    for await (const _ of downloads.changes.stream()) if (downloads.list().filter(({ received }) => received > 0).length === 2) break;
    expect(downloads.list().map(({ id, state }) => [id, state])).toEqual([
      ["tiny", "downloading"],
      ["second", "downloading"],
      ["third", "waiting"],
    ]);
  });

  it("goes on after a restart with what was wanted, and leaves what was paused", async () => {
    const { downloads, entry, open } = await setup({ answers: [stall(40_000), stall(40_000), serve] });
    const second = { ...entry, id: "second", file: "second.gguf" };
    const third = { ...entry, id: "third", file: "third.gguf" };
    await follow(downloads, entry, (download) => download.received > 0);
    await downloads.pause(entry.id);
    await follow(downloads, second, (download) => download.id === "second" && download.received > 0);
    downloads.start(third);
    await downloads.dispose();

    const later = open();
    await later.recover();
    expect(later.list().map(({ id, state }) => [id, state])).toEqual([
      ["second", "paused"],
      ["third", "paused"],
      ["tiny", "paused"],
    ]);
    const changes = later.changes.stream();
    later.resume();
    for await (const { id, state } of changes) if (id === "third" && state === "done") break;
    expect(later.list().map(({ id, state }) => [id, state])).toEqual([
      ["tiny", "paused"],
      ["second", "done"],
      ["third", "done"],
    ]);
    await later.dispose();
    const last = open();
    await last.recover();
    expect(last.list()).toMatchObject([{ id: "tiny", state: "paused" }]);
  });
});

describe("a model that wants a sign-in", () => {
  const signed: Answer = (request, response, hub) =>
    request.headers.authorization === "Bearer hf_secret" ? serve(request, response, hub) : response.writeHead(401).end();

  it("comes with a token", async () => {
    const { downloads, entry } = await setup({ answers: [signed], options: { token: async () => "hf_secret" } });
    expect((await follow(downloads, entry)).last.state).toBe("done");
  });

  it.each<[string, number, RegExp]>([
    ["hf_wrong", 401, /does not take your token/],
    ["hf_secret", 403, /account of your token/],
  ])("names what is wrong with the token (%s, %d)", async (token, code, message) => {
    const { downloads, entry } = await setup({ answers: [status(code)], options: { token: async () => token } });
    expect((await follow(downloads, entry)).last.error).toMatchObject({ code: "UNAUTHORIZED", message: expect.stringMatching(message) });
  });

  it("shows the token to the hub only", async () => {
    const seen: (string | undefined)[] = [];
    const note: Answer = (request, response, hub) => {
      seen.push(request.headers.authorization);
      serve(request, response, hub);
    };
    const other = await openHub(model, [note]);
    opened.push(() => other.close());
    const { downloads, entry } = await setup({
      answers: [status(302, { location: `${other.url}/x` })],
      options: { token: async () => "hf_secret" },
    });
    expect((await follow(downloads, entry)).last.state).toBe("done");
    expect(seen).toEqual([undefined]);
  });
});

function one() {
  return { atOnce: 1, connections: 1, bytesPerSecond: 0 };
}

/** Bytes of all ranges that were asked for. */
function askedBytes({ requests }: LocalHub): number {
  return requests.reduce((sum, { range }) => {
    const [, from = 0, to = 0] = (/^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? []).map(Number);
    return sum + to + 1 - from;
  }, 0);
}
