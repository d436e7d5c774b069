import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, open, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asUnprivileged } from "../workspace/unprivileged.ts";
import { catalogue } from "./catalogue.ts";
import { discoverModels, type Glance } from "./discover.ts";
import { createHeaderCache } from "./header-cache.ts";
import { catalogueEntry } from "./hub.fixture.ts";
import { modelPlaces } from "./places.ts";
import { tinyGguf } from "./tiny-gguf.ts";

const files = process.env.LOCALCODER_LONG === "1" ? 100_000 : 5000;
let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "localcoder-discover-"));
  await chmod(root, 0o755);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: Uint8Array | string): Promise<string> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

const look = (options: Partial<Parameters<typeof discoverModels>[0]> = {}) =>
  discoverModels({
    places: [{ source: "models-dir", folder: join(root, "models"), layout: "files" }],
    chosen: [],
    catalogue: [],
    cache: createHeaderCache(join(root, "cache", "heads.json")),
    ...options,
  });

describe("a glance", () => {
  it("says names and sizes before a head is read, and everything of files that are known", async () => {
    const bytes = tinyGguf({ name: "One" });
    const one = await put("models/one.gguf", bytes);
    const glances: Glance[] = [];
    const onGlance = (glance: Glance) => void glances.push(glance);
    await look({ onGlance });
    const two = await put("models/two.gguf", "broken");
    await look({ onGlance });
    expect(glances[0]).toEqual({ found: [], unread: [{ path: one, source: "models-dir", title: "one", bytes: bytes.length }] });
    expect(glances[1]?.found).toMatchObject([{ path: one, file: { name: "One" } }]);
    expect(glances[1]?.unread).toEqual([{ path: two, source: "models-dir", title: "two", bytes: 6 }]);
  });

  it("knows a file of the catalogue by its name and size", async () => {
    const bytes = tinyGguf();
    await put("models/tiny.gguf", bytes);
    const entry = catalogueEntry({ bytes, sha256: null } as never);
    let seen: Glance | undefined;
    await look({ catalogue: [entry], onGlance: (glance) => (seen = glance) });
    expect(seen?.unread).toMatchObject([{ entry: { id: "tiny" } }]);
  });
});

describe("folders that misbehave", () => {
  it(`of ${files} files are looked through to the end`, async () => {
    await put("models/zz/model.gguf", tinyGguf({ name: "At the end" }));
    for (let index = 0; index < files; index++) {
      const folder = join(root, "models", `many-${Math.floor(index / 1000)}`);
      if (index % 1000 === 0) mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, String(index)), "");
    }
    expect(await look()).toMatchObject([{ file: { name: "At the end" } }]);
  }, 120_000);

  it("lead into each other, lead nowhere, or may not be entered, and cost nothing but themselves", async () => {
    await put("models/a/one.gguf", tinyGguf({ name: "One" }));
    await put("models/closed/two.gguf", tinyGguf({ name: "Two" }));
    await symlink(join(root, "models"), join(root, "models", "a", "up"));
    await symlink(join(root, "models", "a"), join(root, "models", "b"));
    await symlink(join(root, "nowhere"), join(root, "models", "dangling"));
    await symlink(join(root, "models", "self.gguf"), join(root, "models", "self.gguf"));
    await chmod(join(root, "models", "closed"), 0);
    expect((await asUnprivileged(() => look())).map(({ file }) => file?.name)).toEqual(["One"]);
    await chmod(join(root, "models", "closed"), 0o755);
  });

  it("deep down and in those that programs fill, nothing is looked for", async () => {
    await put(`models/${Array.from({ length: 9 }, (_, index) => index).join("/")}/deep.gguf`, tinyGguf());
    await put("models/node_modules/package/test.gguf", tinyGguf());
    expect(await look()).toEqual([]);
  });
});

it("changes nothing where it looks, not even a time", async () => {
  const file = await put("models/one.gguf", tinyGguf());
  const times = async () => [await stat(file), await stat(dirname(file))].map(({ mtimeMs, ctimeMs }) => [mtimeMs, ctimeMs]);
  const before = await times();
  await look();
  expect(await times()).toEqual(before);
});

const small = "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf";
const smallHash = "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32";
const real = join(process.env.LOCALCODER_TEST_MODELS || join(homedir(), ".cache", "localcoder-test-models"), small);

describe.skipIf(!existsSync(real))("a real model", () => {
  it("is found in every tool's own layout, described, and known as the one of the catalogue", async () => {
    const home = join(root, "home");
    const file = await open(real);
    const head = (await file.read(Buffer.alloc(8 * 2 ** 20), 0, 8 * 2 ** 20, 0)).buffer;
    const { size } = await file.stat();
    await file.close();
    // Each tool has a file of its own: the real head, and for the weights a hole in the file, which costs no disk.
    const place = async (path: string) => truncate(await put(`home/${path}`, head), size);
    const hub = ".cache/huggingface/hub/models--Qwen--Qwen2.5-Coder-0.5B-Instruct-GGUF";
    await place(`.ollama/models/blobs/sha256-${smallHash}`);
    const layers = [{ mediaType: "application/vnd.ollama.image.model", digest: `sha256:${smallHash}` }];
    await put("home/.ollama/models/manifests/registry.ollama.ai/library/qwen2.5-coder/0.5b", JSON.stringify({ layers }));
    await place(`.lmstudio/models/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF/${small}`);
    await place(`${hub}/blobs/${smallHash}`);
    await mkdir(join(home, hub, "snapshots", "ebb2015"), { recursive: true });
    await symlink(`../../blobs/${smallHash}`, join(home, hub, "snapshots", "ebb2015", small));
    await place(".local/share/Jan/data/llamacpp/models/qwen/model.gguf");
    await put("home/.local/share/Jan/data/llamacpp/models/qwen/model.yml", "name: Qwen of Jan\n");

    const places = await modelPlaces({ env: {}, platform: "linux", home, ownFolder: join(home, "own"), folders: [] });
    const found = await look({ places, catalogue });
    expect(found.map(({ source, title, entry }) => [source, title, entry?.id])).toEqual([
      ["ollama", "qwen2.5-coder:0.5b", "qwen2.5-coder-0.5b-instruct"],
      ["lm-studio", "qwen2.5-coder-0.5b-instruct-q4_k_m", "qwen2.5-coder-0.5b-instruct"],
      ["jan", "Qwen of Jan", undefined],
      ["hugging-face", "qwen2.5-coder-0.5b-instruct-q4_k_m", "qwen2.5-coder-0.5b-instruct"],
    ]);
    for (const { file } of found) {
      expect(file).toMatchObject({ family: "Qwen2.5-Coder", quantisation: "Q4_K_M", contextLength: 32_768, fillInTheMiddle: true });
    }
  }, 120_000);
});
