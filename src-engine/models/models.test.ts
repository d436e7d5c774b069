import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createRouterClient } from "@orpc/server";
import { afterEach, describe, expect, it } from "vitest";
import type { CatalogueEntry } from "#core/contracts/models";
import { createCalibrator } from "../completion/calibrator.ts";
import { createLayouts } from "../completion/layouts.ts";
import { openInMemory } from "../sessions/database.ts";
import { asUnprivileged } from "../workspace/unprivileged.ts";
import { catalogue as shipped } from "./catalogue.ts";
import { catalogueEntry, openHub, serve, stall } from "./hub.fixture.ts";
import { closeOpened, coder, opened, setup } from "./models.fixture.ts";
import { modelsRouter } from "./router.ts";
import { tinyGguf } from "./tiny-gguf.ts";

afterEach(closeOpened);

describe("finding models", () => {
  it("finds those of every tool in place and changes nothing there", async () => {
    const digest = "ab".repeat(32);
    const { models, put, root } = await setup({ env: { MODELS_DIR: "" } });
    await put("models/own.gguf", tinyGguf({ name: "Own" }));
    await put(
      "home/.ollama/models/manifests/registry.ollama.ai/library/qwen/7b",
      JSON.stringify({ layers: [{ mediaType: "application/vnd.ollama.image.model", digest: `sha256:${digest}` }] }),
    );
    await put(`home/.ollama/models/blobs/sha256-${digest}`, tinyGguf({ name: "In Ollama" }));
    await put("home/.ollama/models/manifests/registry.ollama.ai/library/broken/latest", "{");
    await put("home/.lmstudio/models/someone/thing/thing-Q4.gguf", tinyGguf({ name: "In LM Studio" }));
    await put("home/.local/share/Jan/data/llamacpp/models/small/model.gguf", tinyGguf({ name: "Head" }));
    await put("home/.local/share/Jan/data/llamacpp/models/small/model.yml", "name: Small of Jan\nsize_bytes: 1\n");
    await put("home/.cache/huggingface/hub/models--a--b/blobs/cd", tinyGguf({ name: "In the hub cache" }));
    await mkdir(join(root, "home/.cache/huggingface/hub/models--a--b/snapshots/1"), { recursive: true });
    await symlink("../../blobs/cd", join(root, "home/.cache/huggingface/hub/models--a--b/snapshots/1/b.gguf"));
    await put("home/.cache/llama.cpp/a_b_c.gguf", tinyGguf({ name: "In llama.cpp" }));
    await put("home/.local/share/nomic.ai/GPT4All/g.gguf", tinyGguf({ name: "In GPT4All" }));
    const before = (await readdir(root, { recursive: true })).filter((path) => path.startsWith("home"));
    const found = (await models.list()).map((model) => [model.source, model.name, model.state]);
    if (process.platform === "linux") {
      expect(found.sort()).toEqual(
        [
          ["gpt4all", "In GPT4All", "ready"],
          ["hugging-face", "In the hub cache", "ready"],
          ["jan", "Small of Jan", "ready"],
          ["llama.cpp", "In llama.cpp", "ready"],
          ["lm-studio", "In LM Studio", "ready"],
          ["localcoder", "Own", "ready"],
          ["ollama", "qwen:7b", "ready"],
        ].sort(),
      );
    }
    expect((await readdir(root, { recursive: true })).filter((path) => path.startsWith("home"))).toEqual(before);
  });

  it("looks where the environment and the settings say", async () => {
    const { root } = await setup();
    const elsewhere = join(root, "elsewhere");
    const env = { MODELS_DIR: elsewhere, OLLAMA_MODELS: join(root, "none"), LOCALCODER_DEVELOPMENT_MODELS: join(root, "development") };
    const { models } = await setup({ env, settings: { "localcoder.models.code": join(root, "chosen.gguf") } });
    await mkdir(elsewhere);
    await mkdir(join(root, "development"));
    await writeFile(join(elsewhere, "a.gguf"), tinyGguf({ name: "A" }));
    await writeFile(join(root, "development", "b.gguf"), tinyGguf({ name: "B" }));
    await writeFile(join(root, "chosen.gguf"), tinyGguf({ name: "C" }));
    expect((await models.list()).map(({ name, source }) => `${name} ${source}`).sort()).toEqual([
      "A models-dir",
      "B models-dir",
      "C chosen",
    ]);
  });

  it("counts a linked file once, passes over loops and parts, and names what is broken", async () => {
    const { models, put, root } = await setup();
    const path = await put("models/one.gguf", tinyGguf({ name: "One" }));
    await symlink(path, join(root, "models", "two.gguf"));
    await symlink(join(root, "models"), join(root, "models", "loop"));
    await put("models/split-00001-of-00002.gguf", tinyGguf({ name: "Split" }));
    await put("models/split-00002-of-00002.gguf", tinyGguf({ name: "Second" }));
    await put("models/mmproj.gguf", tinyGguf({ values: [["general.type", { type: "text", value: "mmproj" }]] }));
    await put("models/broken.gguf", "nonsense");
    await put("models/vocabulary.gguf", tinyGguf({ weights: false }));
    const found = (await models.list()).map(({ name, state, reason }) => ({ name, state, reason }));
    expect(found).toEqual([
      { name: "broken", state: "damaged", reason: "broken.gguf is not a GGUF model file." },
      { name: "One", state: "ready", reason: undefined },
      { name: "Split", state: "ready", reason: undefined },
      { name: "vocabulary", state: "damaged", reason: "vocabulary.gguf holds a vocabulary and no model." },
    ]);
  });

  it("passes over what may not be read", async () => {
    const { models, put } = await setup();
    const readable = await put("models/one.gguf", tinyGguf({ name: "One" }));
    await chmod(await put("models/secret.gguf", tinyGguf({ name: "Secret" })), 0);
    await chmod(dirname(dirname(readable)), 0o755);
    expect((await asUnprivileged(() => models.list())).map(({ name }) => name)).toEqual(["One"]);
  });

  it("reads a head again only when the file has changed", async () => {
    const { create, put, folders } = await setup();
    await put("models/one.gguf", tinyGguf({ name: "One" }));
    expect((await create().list())[0]?.name).toBe("One");
    const cacheFile = join(folders.cache, "model-heads.json");
    await writeFile(cacheFile, (await readFile(cacheFile, "utf8")).replace('"One"', '"From the cache"'));
    expect((await create().list())[0]?.name).toBe("From the cache");
    await put("models/one.gguf", tinyGguf({ name: "Changed, and longer" }));
    expect((await create().list())[0]?.name).toBe("Changed, and longer");
    await writeFile(cacheFile, "damaged");
    expect((await create().list())[0]?.name).toBe("Changed, and longer");
  });
});

describe("choosing", () => {
  it("says what to do when there is no model", async () => {
    const { models } = await setup();
    await expect(models.forRole("completion")).rejects.toMatchObject({ code: "NO_MODEL", hint: expect.stringMatching(/Download/) });
    expect(await (await models.states().next()).value).toMatchObject([
      { role: "completion", state: "no-model", reason: expect.stringMatching(/no model for ghost text/) },
      { role: "code", state: "no-model" },
      { role: "general", state: "no-model" },
    ]);
  });

  it("takes what suits without being told, and notices when it goes", async () => {
    const { models, put } = await setup();
    await expect(models.forRole("code")).rejects.toMatchObject({ code: "NO_MODEL" });
    const path = await put("models/coder.gguf", tinyGguf(coder));
    await models.list();
    expect(await models.forRole("completion")).toEqual({ id: path, name: "Coder", path });
    expect(await models.forRole("code")).toMatchObject({ path });
    await rm(path);
    await expect(models.forRole("completion")).rejects.toMatchObject({ code: "NO_MODEL" });
  });

  it("keeps a choice for the roles a model suits, and lends it to a role without one", async () => {
    const { models, put, settings } = await setup();
    await put("models/other.gguf", tinyGguf(coder));
    const path = await put("elsewhere/chat.gguf", tinyGguf({ name: "Chat", chatTemplate: "x" }));
    const model = await models.use(path);
    expect(model).toMatchObject({ id: path, name: "Chat", source: "chosen", roles: ["code", "general"], used: ["code", "general"] });
    expect(settings.current()).toMatchObject({ "localcoder.models.code": path, "localcoder.models.completion": "" });
    await settings.write({ name: "localcoder.models.general", value: "" });
    expect((await models.forRole("general")).path).toBe(path);
    expect((await models.forRole("completion")).name).toBe("Coder");
  });

  it("lets a role share the model of another one, also in a ring", async () => {
    const { models, put, settings } = await setup();
    const path = await put("models/a.gguf", tinyGguf({ ...coder, name: "Small" }));
    const large = await put("models/b.gguf", tinyGguf({ ...coder, name: "Large" }));
    await models.use(path, ["completion"]);
    await models.use(large, ["general"]);
    expect(await models.use("completion", ["code"])).toMatchObject({ id: path, used: ["completion", "code"] });
    expect(settings.current()["localcoder.models.code"]).toBe("completion");
    expect((await models.forRole("code")).path).toBe(path);
    expect((await models.forRole("general")).path).toBe(large);
    await settings.write({ name: "localcoder.models.completion", value: "code" });
    expect((await models.forRole("code")).name).toMatch(/Small|Large/);
    await models.use("code", ["code"]);
    expect(settings.current()["localcoder.models.code"]).toBe("");
  });

  it("takes another model for a language, and for ghost text and code only", async () => {
    const { models, put, settings } = await setup();
    const path = await put("models/a.gguf", tinyGguf({ ...coder, name: "Usual" }));
    const python = await put("elsewhere/python.gguf", tinyGguf({ ...coder, name: "Python" }));
    await models.use(path);
    await settings.write({ name: "localcoder.models.languages", value: { python } });
    expect((await models.forRole("completion", { languageId: "python" })).path).toBe(python);
    expect((await models.forRole("code", { languageId: "python" })).path).toBe(python);
    expect((await models.forRole("general", { languageId: "python" })).path).toBe(path);
    expect((await models.forRole("completion", { languageId: "rust" })).path).toBe(path);
  });

  it("chooses a model of vectors only where it suits", async () => {
    const { models, put } = await setup();
    await put("models/a.gguf", tinyGguf(coder));
    await expect(models.forRole("embedding")).rejects.toMatchObject({
      code: "NO_MODEL",
      message: expect.stringMatching(/search by meaning/),
      hint: expect.stringMatching(/embedding model/),
    });
    const vectors = await put(
      "models/vectors.gguf",
      tinyGguf({ name: "Vectors", values: [["general.architecture", { type: "text", value: "bert" }]] }),
    );
    expect(await models.use(vectors)).toMatchObject({ roles: ["embedding"], used: ["embedding"] });
    expect(await models.forRole("embedding")).toMatchObject({ path: vectors });
    await expect(models.use(vectors, ["code"])).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  it("refuses ghost text from a model that cannot fill in", async () => {
    const { models, put } = await setup();
    const path = await put("models/chat.gguf", tinyGguf({ name: "Chat", chatTemplate: "x" }));
    await expect(models.use(path, ["completion"])).rejects.toMatchObject({ code: "NO_FIM_TOKENS" });
    await expect(models.use(path, ["embedding"])).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  it("refuses what is damaged, unknown or not there", async () => {
    const { models, put, settings } = await setup({ catalogue: [{ ...(shipped[0] as CatalogueEntry), id: "listed" }] });
    await expect(models.use(await put("x.gguf", "x"))).rejects.toMatchObject({ code: "MODEL_FILE_DAMAGED" });
    await expect(models.use("/nowhere/x.gguf")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(models.use("nonsense")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(models.use("listed")).rejects.toMatchObject({ code: "NO_MODEL", hint: "Download it first." });
    await settings.write({ name: "localcoder.models.code", value: "/nowhere/gone.gguf" });
    await expect(models.forRole("code")).rejects.toMatchObject({
      code: "NO_MODEL",
      message: expect.stringMatching(/gone\.gguf, is no longer in/),
    });
    expect((await models.machine()).problems).toContainEqual({
      message: "The model chosen for actions on code, gone.gguf, is no longer in /nowhere.",
      hint: "Put it back, or choose another model.",
    });
  });

  it("takes a damaged file once a whole one lies in its place", async () => {
    const { models, put, settings } = await setup();
    const path = await put("models/cut.gguf", tinyGguf(coder).slice(0, 100));
    await settings.write({ name: "localcoder.models.code", value: path });
    await expect(models.forRole("code")).rejects.toMatchObject({ code: "MODEL_FILE_DAMAGED" });
    await put("models/cut.gguf", tinyGguf(coder));
    const chosen = () =>
      models.forRole("code").then(
        (model) => model.path,
        ({ code }) => code,
      );
    await expect.poll(chosen, { timeout: 30_000 }).toBe(path);
  });

  it("refuses what is larger than the memory", async () => {
    const { models, put } = await setup();
    const values = [["llama.block_count", { type: "number", value: 9999 }]] as const;
    const heads = [["llama.attention.key_length", { type: "number", value: 2_000_000 }]] as const;
    const path = await put("models/huge.gguf", tinyGguf({ ...coder, values: [...values, ...heads] }));
    await expect(models.use(path)).rejects.toMatchObject({ code: "MODEL_DOES_NOT_FIT", hint: "Choose a smaller model." });
  });
});

it("offers a smaller model that is on this machine, when the one in use is too slow", async () => {
  const { models, put } = await setup({ model: { answer: () => "word ".repeat(60), millisecondsPerToken: 150 } });
  const wide = { name: "wide", dimensions: [64, 40_000] };
  await put("models/small.gguf", tinyGguf({ ...coder, name: "Small" }));
  const path = await put("models/big.gguf", tinyGguf({ ...coder, name: "Big", tensors: [wide] }));
  await models.use(path);
  const offer = models.slow().next();
  await models.test("code");
  expect((await offer).value).toMatchObject({ role: "code", id: path, smaller: { name: "Small", present: true } });
  expect((await models.machine()).problems).toContainEqual({
    message: expect.stringMatching(/^Big writes/),
    hint: "Small is smaller and on this machine: use it.",
  });
}, 60_000);

describe("getting", () => {
  async function withHub(answers = [serve], change: Partial<CatalogueEntry> = {}) {
    const hub = await openHub(tinyGguf(coder), answers);
    opened.push(() => hub.close());
    const entry = catalogueEntry(hub, { roles: ["completion", "code"], ...change });
    return { entry, ...(await setup({ catalogue: [entry], settings: { "localcoder.models.hub": hub.url } })) };
  }

  it("wants the licence accepted and then leads to a usable model", async () => {
    const { models, network, folders, settings } = await withHub();
    await expect(models.get("tiny", { acceptLicence: false }).next()).rejects.toMatchObject({
      code: "BAD_INPUT",
      hint: expect.stringMatching(/licence/),
    });
    expect(await models.list()).toMatchObject([{ id: "tiny", state: "available", source: "catalogue" }]);
    const states = [];
    for await (const { state } of models.get("tiny", { acceptLicence: true })) states.push(state);
    expect(states.at(-1)).toBe("done");
    const path = join(folders.models, "tiny.gguf");
    expect(await models.list()).toMatchObject([
      { id: "tiny", state: "ready", source: "localcoder", used: ["completion", "code"], file: { path } },
    ]);
    expect(await models.forRole("code")).toEqual({ id: "tiny", name: "Tiny", path });
    expect(network.permissions()).toMatchObject([{ host: "127.0.0.1", purpose: "model-download" }]);
    const again = [];
    for await (const download of models.get("tiny", { acceptLicence: false })) again.push(download);
    expect(again).toMatchObject([{ state: "done", path }]);
    await models.use("tiny", ["code"]);
    await models.remove("tiny");
    expect(settings.current()["localcoder.models.code"]).toBe("");
    expect(await readdir(folders.models)).toEqual([]);
    expect(await models.list()).toMatchObject([{ id: "tiny", state: "available" }]);
  });

  it("says before it begins that a model has no room here, and goes on where that is wanted", async () => {
    const { models, settings } = await withHub([serve], { keyValueBytesPerToken: 2 ** 20 });
    await settings.write({ name: "localcoder.inference.memory", value: 1000 });
    await expect(models.get("tiny", { acceptLicence: true }).next()).rejects.toMatchObject({
      code: "MODEL_DOES_NOT_FIT",
      message: expect.stringMatching(/^Tiny takes at least 2 GB of memory, and models may take 1 GB of this machine's \d/),
    });
    let last: string | undefined;
    for await (const { state } of models.get("tiny", { acceptLicence: true, anyway: true })) last = state;
    expect(last).toBe("done");
  });

  it("goes on when nobody watches, and is found again", async () => {
    const { models } = await withHub([stall(40_000), serve]);
    const all = models.downloads();
    expect((await all.next()).value).toEqual([]);
    const stream = models.get("tiny", { acceptLicence: true });
    while ((await stream.next()).value?.received === 0);
    await stream.return();
    expect(await models.list()).toMatchObject([{ id: "tiny", state: "downloading" }]);
    expect((await all.next()).value).toMatchObject([{ id: "tiny" }]);
    await all.return();
    await models.pause("tiny");
    expect(await models.list()).toMatchObject([{ id: "tiny", state: "paused" }]);
    await models.discard("tiny");
    expect(await models.list()).toMatchObject([{ id: "tiny", state: "available" }]);
    await expect(models.pause("tiny")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("pauses when the user goes offline", async () => {
    const { models, settings } = await withHub([stall(40_000), serve]);
    const stream = models.get("tiny", { acceptLicence: true });
    while ((await stream.next()).value?.received === 0);
    await settings.write({ name: "localcoder.network.offline", value: true });
    let last: string | undefined;
    for await (const { state } of stream) last = state;
    expect(last).toBe("paused");
  });

  it("refuses a hub that is not safe", async () => {
    const { models, settings } = await withHub();
    await settings.write({ name: "localcoder.models.hub", value: "http://models.example.com" });
    await expect(models.get("tiny", { acceptLicence: true }).next()).rejects.toMatchObject({
      code: "BAD_INPUT",
      message: expect.stringMatching(/https/),
    });
    await settings.write({ name: "localcoder.models.hub", value: "nonsense" });
    await expect(models.get("tiny", { acceptLicence: true }).next()).rejects.toMatchObject({
      code: "BAD_INPUT",
      message: expect.stringMatching(/not an address/),
    });
    await expect(models.get("unknown", { acceptLicence: true }).next()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("never deletes what it did not download", async () => {
    const { models, put } = await setup();
    const path = await put("home/.lmstudio/models/a.gguf", tinyGguf());
    await expect(models.remove(path)).rejects.toMatchObject({ code: "NO_PERMISSION" });
  });
});

describe("the service over its contract", () => {
  it("tests a model and describes the machine", async () => {
    const { models, inference, put } = await setup({ model: { knows: ["  return one + other;"], answer: () => "function add() {}" } });
    await put("models/coder.gguf", tinyGguf(coder));
    const layouts = createLayouts({ sqlite: openInMemory() });
    const client = createRouterClient(modelsRouter(models, createCalibrator({ inference, layouts }), layouts, inference));
    expect(await client.test({ role: "code" })).toMatchObject({ model: "Coder", text: "function add() {}" });
    expect(await client.test({ role: "completion" })).toMatchObject({ model: "Coder" });
    const machine = await client.machine();
    expect(machine.cpu.cores).toBeGreaterThan(0);
    expect(machine.cpu.cores).toBeLessThanOrEqual(machine.cpu.threads);
    expect(machine.models).toHaveLength(1);
    expect(machine.disk.free).toBeGreaterThan(0);
    expect(machine.problems.filter(({ message }) => /No model/.test(message))).toEqual([]);
    const states = await client.states();
    expect((await states.next()).value).toMatchObject([
      { role: "completion", state: "ready", model: "Coder" },
      { role: "code", state: "ready" },
      { role: "general", state: "unloaded" },
    ]);
    await client.unload();
    await states.return?.(undefined);
  });

  it("finds a layout for a model that can fill in, shows it and forgets it", async () => {
    const { models, inference, put } = await setup({ model: {} });
    const file = await put("models/coder.gguf", tinyGguf(coder));
    const chat = await put("models/chat.gguf", tinyGguf({ name: "Chat", chatTemplate: "{{ messages }}" }));
    const layouts = createLayouts({ sqlite: openInMemory() });
    const hole = { path: "a.ts", prefix: "a = ", expected: "b", suffix: "\n" };
    const client = createRouterClient(modelsRouter(models, createCalibrator({ inference, layouts }, [hole]), layouts, inference));
    expect(await client.calibration({})).toBeNull();
    const types: string[] = [];
    for await (const event of await client.calibrate({ model: file })) types.push(event.type);
    expect(types).toEqual(["progress", "progress", "progress", "progress", "progress", "done"]);
    expect(await client.calibration({})).toMatchObject({ holes: 1, layout: { anchor: "above", healing: true } });
    await client.resetCalibration({ model: file });
    expect(await client.calibration({ model: file })).toBeNull();

    await expect(client.calibration({ model: chat })).rejects.toMatchObject({ code: "NO_FIM_TOKENS" });
    const refused = (async () => {
      for await (const _ of await client.calibrate({ model: chat }));
    })();
    await expect(refused).rejects.toMatchObject({ code: "NO_FIM_TOKENS" });
  });
});
