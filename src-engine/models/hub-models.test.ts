import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createEmitter } from "#core/base/emitter";
import type { Download } from "#core/contracts/models";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createInference } from "../inference/host.ts";
import { openScripted } from "../inference/scripted.ts";
import { createNetwork } from "../network/network.ts";
import { noKeys } from "../servers/server.fixture.ts";
import { createServers } from "../servers/servers.ts";
import { type Answer, openHub, serve, stall } from "./hub.fixture.ts";
import { createModels } from "./models.ts";
import { openSpeedFile } from "./speed-file.ts";
import { tinyGguf } from "./tiny-gguf.ts";

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const model = tinyGguf({ name: "Coder", tokens: ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"], chatTemplate: "{{ messages }}" });
const repository = "someone/Tiny-Coder-GGUF";
const id = `${repository}/q8/tiny-coder-q8_0.gguf`;

/** A hub with one repository, answering as the public one does; `file` serves the file itself. */
function withRepository(change: object = {}, file: Answer = serve): Answer {
  return (request, response, hub) => {
    const path = request.url ?? "";
    const json = (value: unknown) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (path.startsWith("/api/models?")) {
      const found = [
        { id: repository, downloads: 1234, gated: false, tags: ["gguf", "license:apache-2.0"] },
        { id: "someone/closed", gated: "manual", tags: "none" },
        { id: "../../etc/passwd" },
      ];
      json(new URLSearchParams(path.split("?")[1]).get("search") === "tiny" ? found : []);
    } else if (path.startsWith(`/api/models/${repository}`)) {
      json({
        id: repository,
        sha: "0123456789abcdef",
        cardData: { license: "apache-2.0" },
        siblings: [
          { rfilename: "README.md", size: 10 },
          { rfilename: "q8/tiny-coder-q8_0.gguf", size: model.length, lfs: { sha256: hub.sha256, size: model.length } },
          { rfilename: "tiny-coder-f16-00001-of-00002.gguf", size: 10 },
          { rfilename: "mmproj.gguf", size: 10 },
          { rfilename: "../outside.gguf", size: 10 },
        ],
        ...change,
      });
    } else if (path.startsWith("/api/")) response.writeHead(404).end();
    else file(request, response, hub);
  };
}

async function setup(answer: Answer = withRepository()) {
  const hub = await openHub(model, [answer]);
  const root = await mkdtemp(join(tmpdir(), "localcoder-hub-"));
  let values: Settings = { ...defaultSettings, "localcoder.models.hub": hub.url };
  const settings = {
    current: () => values,
    changes: createEmitter<void>(),
    async write({ name, value }: { name: string; value?: unknown }) {
      values = { ...values, [name]: value ?? "" };
    },
  };
  const network = createNetwork({ processName: "test", settings });
  const inference = createInference({ open: openScripted({ knows: ["return one + other;"], answer: () => "" }), settings });
  const servers = createServers({ network, settings, env: {}, keys: noKeys, usual: [] });
  const folders = { data: root, models: join(root, "models"), cache: join(root, "cache") };
  const create = () =>
    createModels({
      folders,
      settings,
      network,
      inference,
      servers,
      speeds: openSpeedFile(join(folders.cache, "model-speeds.json"), settings),
      env: {},
      home: join(root, "home"),
      catalogue: [],
      download: { freeBytes: async () => 1e12, wait: async () => {} },
      rest: async () => "quiet",
    });
  const models = create();
  opened.push(
    () => rm(root, { recursive: true, force: true }),
    () => hub.close(),
    () => network.dispose(),
    () => inference.dispose(),
    () => models.dispose(),
  );
  return { hub, models, network, settings, folders, create };
}

async function last(stream: AsyncGenerator<Download>): Promise<Download | undefined> {
  let found: Download | undefined;
  for await (const download of stream) found = download;
  return found;
}

describe("the hub", () => {
  it("is searched only with a permission, and what it says is taken with care", async () => {
    const { models, hub, network } = await setup();
    await expect(models.searchHub("tiny", false)).rejects.toMatchObject({
      code: "NO_PERMISSION",
      message: expect.stringMatching(/127\.0\.0\.1 would be asked/),
    });
    expect(hub.requests).toEqual([]);
    expect(await models.searchHub("tiny", true)).toEqual([
      { repository, downloads: 1234, gated: false, licence: "apache-2.0" },
      { repository: "someone/closed", gated: true },
    ]);
    expect(network.permissions()).toMatchObject([{ purpose: "model-download" }]);
    expect(await models.searchHub("nothing", false)).toEqual([]);
    const { files, leftOut } = await models.hubFiles(repository, false);
    expect(files).toEqual([
      {
        id,
        name: "tiny-coder-q8_0",
        bytes: model.length,
        sha256: hub.sha256,
        gated: false,
        licence: { name: "apache-2.0", url: `${hub.url}/${repository}` },
      },
    ]);
    expect(leftOut).toBe(3);
    await expect(models.hubFiles("../secrets", true)).rejects.toMatchObject({ code: "BAD_INPUT" });
  });

  it("that does not answer, or has trouble of its own, is said to, and nothing of a download", async () => {
    const { models, hub } = await setup((_request, response) => response.writeHead(503).end());
    await expect(models.searchHub("tiny", true)).rejects.toMatchObject({ message: expect.stringMatching(/trouble of its own \(503\)/) });
    const { port } = new URL(hub.url);
    await hub.close();
    // A connection that was kept open is lost first.
    const said = new RegExp(
      `^The hub at 127\\.0\\.0\\.1:${port} could not be asked, because (the hub does not answer|the connection was lost)\\.$`,
    );
    await expect(models.searchHub("tiny", true)).rejects.toMatchObject({ message: expect.stringMatching(said) });
  });

  it("gives a file with the checks of the catalogue's", async () => {
    const { models, hub, folders } = await setup();
    await expect(models.get(id, { acceptLicence: false }).next()).rejects.toMatchObject({
      code: "BAD_INPUT",
      message: expect.stringMatching(/the licence that its repository/),
    });
    const path = join(folders.models, "tiny-coder-q8_0.gguf");
    expect(await last(models.get(id, { acceptLicence: true }))).toMatchObject({ state: "done", hashFrom: "hub", path });
    expect(hub.requests.at(-1)?.path).toBe(`/${repository}/resolve/0123456789abcdef/q8/tiny-coder-q8_0.gguf`);
    expect(await readFile(`${path}.sha256`, "utf8")).toContain(hub.sha256);
    expect(await models.list()).toMatchObject([{ id: path, name: "Coder", state: "ready", deletable: true }]);
    expect(await last(models.get(id, { acceptLicence: false }))).toMatchObject({ state: "done", path });
    await models.remove(path);
    expect(await readdir(folders.models)).toEqual([]);
  });

  it("says what a file is and takes before it is downloaded, from its head alone", async () => {
    const { models, hub, folders } = await setup();
    expect(await models.hubHead(id)).toMatchObject({
      architecture: "llama",
      roles: ["completion", "code", "general"],
      memory: expect.any(Number),
      fits: true,
    });
    expect(hub.requests.map(({ path }) => path.split("?")[0])).toEqual([
      `/api/models/${repository}`,
      `/${repository}/resolve/0123456789abcdef/q8/tiny-coder-q8_0.gguf`,
    ]);
    await expect(readdir(folders.models)).rejects.toThrow();
    await expect(models.hubHead("qwen")).rejects.toMatchObject({ code: "BAD_INPUT" });
  });

  it("sends no gigabytes of what is no model", async () => {
    const siblings = [{ rfilename: "q8/tiny-coder-q8_0.gguf", size: 5e9 }];
    const page: Answer = (_request, response) =>
      response.writeHead(206, { "content-range": "bytes 0-2097151/5000000000" }).end(Buffer.alloc(2 ** 21, "no model "));
    const { models, hub } = await setup(withRepository({ siblings }, page));
    await expect(models.get(id, { acceptLicence: true }).next()).rejects.toMatchObject({
      code: "MODEL_FILE_DAMAGED",
      message: "tiny-coder-q8_0 is not a GGUF model file.",
    });
    expect(hub.requests).toHaveLength(2);
  });

  it("that does not let a head be read is asked for the file all the same", async () => {
    let times = 0;
    const { models } = await setup(withRepository({}, (...all) => (times++ === 0 ? all[1].writeHead(403).end() : serve(...all))));
    expect(await last(models.get(id, { acceptLicence: true }))).toMatchObject({ state: "done" });
  });

  it("is not believed where the file has another hash than its list says", async () => {
    const siblings = [{ rfilename: "q8/tiny-coder-q8_0.gguf", lfs: { sha256: "0".repeat(64), size: model.length } }];
    const { models, folders } = await setup(withRepository({ siblings }));
    expect(await last(models.get(id, { acceptLicence: true }))).toMatchObject({ state: "failed", error: { code: "HASH_MISMATCH" } });
    expect(await readdir(folders.models)).toEqual([]);
  });

  it("is not asked for what has no room here", async () => {
    const siblings = [{ rfilename: "q8/tiny-coder-q8_0.gguf", size: 9e14 }];
    const { models } = await setup(withRepository({ siblings }));
    await expect(models.get(id, { acceptLicence: true }).next()).rejects.toMatchObject({ code: "MODEL_DOES_NOT_FIT" });
  });

  it("leaves a part that is shown and gone on with after a restart", async () => {
    let stalls = true;
    const { models, create } = await setup(withRepository({}, (...all) => (stalls ? stall(40_000)(...all) : serve(...all))));
    const stream = models.get(id, { acceptLicence: true, anyway: true });
    while ((await stream.next()).value?.received === 0);
    await models.pause(id);
    expect(await models.list()).toMatchObject([{ id, name: "tiny-coder-q8_0", source: "hub", state: "paused" }]);
    await models.dispose();
    stalls = false;
    const later = create();
    opened.push(() => later.dispose());
    expect(await later.list()).toMatchObject([{ id, source: "hub", state: "paused" }]);
    expect(await last(later.get(id, { acceptLicence: true }))).toMatchObject({ state: "done" });
  });

  it.each<[string, Answer, string]>([
    ["has no search", (_request, response) => response.writeHead(404).end(), "DOWNLOAD_FAILED"],
    ["sends a page", (_request, response) => response.writeHead(200).end("<html>"), "UNSUPPORTED"],
    ["sends nonsense", (_request, response) => response.writeHead(200).end('{"a":1}'), "UNSUPPORTED"],
    ["wants a sign-in", (_request, response) => response.writeHead(401).end(), "UNAUTHORIZED"],
    ["breaks off", (_request, response) => response.destroy(), "DOWNLOAD_FAILED"],
    ["sends too much", (_request, response) => response.writeHead(200).end(Buffer.alloc(17e6, 32)), "DOWNLOAD_FAILED"],
  ])("that %s leads to one sentence", async (_what, answer, code) => {
    const { models } = await setup(answer);
    await expect(models.searchHub("tiny", true)).rejects.toMatchObject({ code, message: expect.stringMatching(/\.$/) });
  });
});
