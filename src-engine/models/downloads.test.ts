import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { CatalogueEntry, Download } from "#core/contracts/models";
import { defaultSettings } from "#core/settings/schema";
import { createNetwork } from "../network/network.ts";
import { createDownloads, type DownloadsOptions } from "./downloads.ts";
import { type Answer, catalogueEntry, openHub, serve, serveWith, stall, status } from "./hub.fixture.ts";
import { fileAddress } from "./hub.ts";
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
  const waits: number[] = [];
  const open = (more: Partial<DownloadsOptions> = {}) =>
    createDownloads({
      catalogue: [entry],
      network,
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
    expect(hub.requests).toEqual([{ path: "/someone/tiny-GGUF/resolve/main/tiny.gguf", range: undefined }]);
    expect(network.attempts()).toMatchObject([{ host: "127.0.0.1", purpose: "model-download", allowed: true, process: "test" }]);
  });

  it("takes the hash the hub states where the catalogue has none, and says so", async () => {
    const hash = (await setup()).hub.sha256;
    const stating = serveWith({ headers: { "x-linked-etag": `"${hash}"`, "x-linked-size": String(model.length) } });
    const { downloads, entry } = await setup({ answers: [stating], entry: { sha256: null, bytes: 5, bytesEstimated: true } });
    expect((await follow(downloads, entry)).last).toMatchObject({ state: "done", hashFrom: "hub", bytes: model.length });
  });

  it("says that nothing was checked where nobody states a hash", async () => {
    const { downloads, entry } = await setup({ entry: { sha256: null } });
    expect((await follow(downloads, entry)).last).toMatchObject({ state: "done", hashFrom: "none" });
  });

  it("goes on by itself after a lost connection", async () => {
    const { downloads, entry, hub, waits } = await setup({ answers: [serveWith({ dropAfter: 200_000 }), serve] });
    const { states, last } = await follow(downloads, entry);
    expect(states.slice(0, 4)).toEqual(["waiting", "downloading", "waiting", "verifying"]);
    expect(states.slice(-3)).toEqual(["verifying", "testing", "done"]);
    expect(last.state).toBe("done");
    expect(hub.requests[1]?.range).toMatch(/^bytes=[1-9]\d*-$/);
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
    expect(hub.requests[1]?.range).toBe(`bytes=${size}-`);
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
    ["wants a sign-in", { answers: [status(401)] }, "DOWNLOAD_FAILED", /sign-in/],
    ["forbids", { answers: [status(403)] }, "DOWNLOAD_FAILED", /sign-in/],
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
