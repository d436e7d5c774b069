import { mkdir, realpath, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { closeOpened, coder, setup } from "./models.fixture.ts";
import { tinyAdapter, tinyGguf } from "./tiny-gguf.ts";

afterEach(closeOpened);

/** Two models, and two folders, one in the other. */
async function open() {
  const { models, put, settings, root } = await setup();
  const usual = await put("models/a.gguf", tinyGguf({ ...coder, name: "Usual" }));
  const special = await put("models/b.gguf", tinyGguf({ ...coder, name: "Special" }));
  const outer = join(await realpath(root), "work");
  const inner = join(outer, "team");
  await mkdir(inner, { recursive: true });
  await models.use(usual);
  return { models, put, settings, root, usual, special, outer, inner };
}

it("uses a model in one folder and below it alone, until that is taken back", async () => {
  const { models, usual, special, outer, inner, root } = await open();
  const link = join(root, "link");
  await symlink(outer, link);
  expect(await models.use(special, ["code"], link)).toMatchObject({ name: "Special", usedInFolder: ["code"] });
  expect((await models.forRole("code", { workspace: outer })).path).toBe(special);
  expect((await models.forRole("code", { workspace: inner })).path).toBe(special);
  expect((await models.forRole("code")).path).toBe(usual);
  expect((await models.list(false, inner)).find(({ name }) => name === "Special")).toMatchObject({
    used: ["code"],
    usedInFolder: ["code"],
  });
  expect((await models.list()).find(({ name }) => name === "Special")?.used).toEqual([]);
  expect((await models.folderChoices(inner)).models).toEqual([{ folder: outer, role: "code", model: special }]);

  await models.use(usual, ["general"], inner);
  expect((await models.folderChoices(inner)).models).toHaveLength(2);
  await models.leaveFolderChoice(outer, "code");
  expect((await models.forRole("code", { workspace: inner })).path).toBe(usual);
  await models.leaveFolderChoice(inner);
  expect(await models.folderChoices(inner)).toEqual({ folder: inner, models: [], adapters: [] });
});

it("shows the state of the model that serves in the folder", async () => {
  const { models, special, outer } = await open();
  await models.use(special, ["code"], outer);
  const stateOf = async (folder?: string) => (await models.states(folder).next()).value?.find(({ role }) => role === "code");
  await models.test("code");
  expect(await stateOf()).toMatchObject({ state: "ready", model: "Usual" });
  expect(await stateOf(outer)).toMatchObject({ state: "unloaded", model: "Special" });
});

it("keeps adapters for one use and one folder, and counts them there", async () => {
  const { models, put, usual, inner } = await open();
  const file = await put("adapter.gguf", tinyAdapter());
  await models.setAdapters(usual, { files: [file], use: "chat", folder: inner });
  expect(await models.adapters(usual)).toEqual([{ model: usual, use: "chat", folder: inner, files: [file] }]);
  expect(await models.forRole("code", { workspace: inner })).toMatchObject({ path: usual, workspace: inner });
  expect((await models.list(false, inner))[0]?.adapterBytes).toBeGreaterThan(2000);
  expect((await models.list())[0]?.adapterBytes).toBeUndefined();
  await models.setAdapters(usual, { files: [], use: "chat", folder: inner });
  expect((await models.folderChoices(inner)).adapters).toEqual([]);
});

it("says that a model has no adapters in a folder, although elsewhere it has some", async () => {
  const { models, put, settings, usual, outer, inner } = await open();
  const file = await put("adapter.gguf", tinyAdapter());
  await models.setAdapters(usual, { files: [file] });
  await models.setAdapters(usual, { files: [], none: true, folder: outer });
  expect((await models.folderChoices(inner)).adapters).toEqual([{ model: usual, use: undefined, folder: outer, files: [] }]);
  expect((await models.list(false, inner))[0]?.adapterBytes).toBeUndefined();
  expect((await models.list())[0]?.adapterBytes).toBeGreaterThan(2000);
  await models.setAdapters(usual, { files: [], folder: outer });
  expect(settings.current()["localcoder.models.workspaces"]).toEqual({});
  expect((await models.list(false, inner))[0]?.adapterBytes).toBeGreaterThan(2000);
});

it("refuses an adapter for another model in one sentence, and keeps what there was", async () => {
  const { models, put, usual, settings } = await open();
  const set = async (content: Uint8Array) => models.setAdapters(usual, { files: [await put("adapter.gguf", content)] });
  const refused = (message: RegExp) => ({ code: "UNSUPPORTED", message: expect.stringMatching(message) });
  await expect(set(tinyAdapter({ architecture: "qwen2" }))).rejects.toMatchObject(refused(/kind qwen2, and Usual is one of llama/));
  await expect(set(tinyAdapter({ width: 128 }))).rejects.toMatchObject(refused(/128 numbers wide, those of Usual 64/));
  await expect(set(tinyAdapter({ layers: 3 }))).rejects.toMatchObject(refused(/changes 3 layers, and Usual has 2/));
  expect(settings.current()["localcoder.models.adapters"]).toEqual({});
});
