import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { defaultSettings } from "#core/settings/schema";
import { createInference } from "../inference/host.ts";
import { openScripted } from "../inference/scripted.ts";
import { tinyGguf } from "./tiny-gguf.ts";
import { withVerification } from "./verified-load.ts";

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function setup(sum: string | undefined, wanted = true) {
  const folder = await mkdtemp(join(tmpdir(), "localcoder-verify-"));
  const path = join(folder, "m.gguf");
  await writeFile(path, tinyGguf());
  if (sum !== undefined) await writeFile(`${path}.sha256`, sum);
  const settings = { current: () => ({ ...defaultSettings, "localcoder.models.verifyBeforeLoad": wanted }) };
  const inner = createInference({ open: openScripted({ answer: () => "Hi" }), settings });
  opened.push(
    () => rm(folder, { recursive: true }),
    () => inner.dispose(),
  );
  return { inference: withVerification(inner, { settings, catalogue: [] }), path, model: { id: path, name: "M", path } };
}

const wrong = "0".repeat(64);

describe("a file that is looked at before it is loaded", () => {
  it("is not loaded when it is not what it should be, and is once it was put right", async () => {
    const { inference, model, path } = await setup(wrong);
    await expect(inference.ensure(model, "code")).rejects.toMatchObject({
      code: "HASH_MISMATCH",
      message: expect.stringMatching(/not loaded/),
    });
    const infill = {
      document: "a",
      path: "a",
      prefix: "",
      suffix: "",
      shape: "line" as const,
      maxTokens: 1,
      blockMilliseconds: 1,
      priority: "chat" as const,
    };
    await expect(inference.infill(model, infill)).rejects.toMatchObject({ code: "HASH_MISMATCH" });
    await rm(`${path}.sha256`);
    expect(await inference.ensure(model, "code")).toMatchObject({ path });
  });

  it("is read once while it stays the same", async () => {
    const { inference, model, path } = await setup(undefined);
    await inference.ensure(model, "code");
    // Whoever writes a wrong sum now is not asked again: the file is as it was.
    await writeFile(`${path}.sha256`, wrong);
    await inference.ensure(model, "code");
    await writeFile(path, Buffer.concat([tinyGguf(), Buffer.alloc(16)]));
    await expect(inference.ensure(model, "code")).rejects.toMatchObject({ code: "HASH_MISMATCH" });
  });

  it("is loaded at once where nobody wants that", async () => {
    const { inference, model } = await setup(wrong, false);
    expect(await inference.ensure(model, "code")).toMatchObject({ path: model.path });
  });
});
