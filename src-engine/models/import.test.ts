import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { ImportEvent } from "#core/contracts/models";
import { type ImportOptions, importModels } from "./import.ts";
import { tinyGguf } from "./tiny-gguf.ts";

const roots: string[] = [];
afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true });
});

const model = tinyGguf();
const sum = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** A stick with files, and an empty folder for models. */
async function setup(files: Readonly<Record<string, string | Uint8Array>>) {
  const root = await mkdtemp(join(tmpdir(), "localcoder-import-"));
  roots.push(root);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, "stick", name)), { recursive: true });
    await writeFile(join(root, "stick", name), content);
  }
  const folder = join(root, "models");
  const stick = join(root, "stick");
  const take = async (change: Partial<ImportOptions> = {}) => {
    const events: ImportEvent[] = [];
    const options = { path: stick, folder, catalogue: [], signal: undefined, freeBytes: async () => 1e12, ...change };
    let failure: unknown;
    try {
      for await (const event of importModels(options)) events.push(event);
    } catch (error) {
      failure = error;
    }
    return { events, failure };
  };
  return { root, stick, folder, take };
}

describe("taking models over", () => {
  it("copies a folder, each file checked by the checksums that came with it", async () => {
    const { take, folder, stick } = await setup({
      "coder/a.gguf": model,
      "coder/SHA256SUMS": `${sum(model)} *a.gguf\n`,
      "b.gguf": model,
      "b.gguf.sha256": sum(model),
      "c.gguf": model,
      "notes.txt": "x",
    });
    const { events, failure } = await take();
    expect(failure).toBeUndefined();
    expect(events.map((event) => event.type === "done" && [event.path.slice(folder.length + 1), event.expectedFrom])).toEqual([
      ["b.gguf", "checksum-file"],
      ["c.gguf", "nobody"],
      ["a.gguf", "checksum-file"],
    ]);
    expect((await readdir(folder)).sort()).toEqual(["a.gguf", "a.gguf.sha256", "b.gguf", "b.gguf.sha256", "c.gguf"]);
    expect(await readFile(join(folder, "a.gguf"))).toEqual(model);
    expect(existsSync(join(stick, "c.gguf"))).toBe(true);
    // What is here already stays as it is.
    expect((await take()).events).toMatchObject([{ present: true }, { present: true }, { present: true }]);
  });

  it("takes the others when one is not what it should be, and says so", async () => {
    const { take, folder } = await setup({ "a.gguf": model, "a.gguf.sha256": "0".repeat(64), "b.gguf": model, "c.gguf": "junk" });
    const { events, failure } = await take();
    expect(events.map(({ type }) => type)).toEqual(["refused", "done", "refused"]);
    expect(failure).toMatchObject({ code: "HASH_MISMATCH", message: expect.stringMatching(/a\.gguf is not the file/) });
    expect(await readdir(folder)).toEqual(["b.gguf"]);
  });

  it("takes all parts of a split model when the first is named", async () => {
    const parts = { "m-00001-of-00002.gguf": model, "m-00002-of-00002.gguf": model, "n.gguf": model };
    const { take, folder, stick } = await setup(parts);
    expect((await take({ path: join(stick, "m-00001-of-00002.gguf") })).failure).toBeUndefined();
    expect((await readdir(folder)).sort()).toEqual(["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"]);
  });

  it.each<[string, Record<string, string | Uint8Array>, Partial<ImportOptions>, string]>([
    ["nothing", {}, { path: "/nowhere" }, "NOT_FOUND"],
    ["no models", { "x.txt": "x" }, {}, "NOT_FOUND"],
    ["no room", { "a.gguf": model }, { freeBytes: async () => 5 }, "DISK_FULL"],
    ["what is stopped", { "a.gguf": model }, { signal: AbortSignal.abort() }, "STOPPED"],
    ["what is damaged", { "a.gguf": model.subarray(0, 3000) }, {}, "MODEL_FILE_DAMAGED"],
  ])("leaves nothing behind of %s", async (_name, files, options, code) => {
    const { take, folder } = await setup(files);
    expect((await take(options)).failure).toMatchObject({ code });
    expect(await readdir(folder).catch(() => [])).toEqual([]);
  });

  it("does not write over another file of that name", async () => {
    const { take, folder } = await setup({ "a.gguf": model });
    await mkdir(folder);
    await writeFile(join(folder, "a.gguf"), "mine");
    expect((await take()).failure).toMatchObject({ code: "ALREADY_EXISTS" });
    expect(await readFile(join(folder, "a.gguf"), "utf8")).toBe("mine");
  });
});
