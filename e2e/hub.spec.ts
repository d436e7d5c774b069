import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { speedSettings } from "../src-core/models/speed.ts";
import { defaultSettings } from "../src-core/settings/schema.ts";
import { openHub, serve } from "../src-engine/models/hub.fixture.ts";
import { tinyGguf } from "../src-engine/models/tiny-gguf.ts";
import { expect, runCommand, test } from "./scripted.ts";

const page_ = ".localcoder-page:visible";
const coder = { tokens: ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"], chatTemplate: "{{ messages }}" };

test("a model that the catalogue does not have is found at the hub, agreed to and downloaded", async ({ openScripted }) => {
  const bytes = tinyGguf({ ...coder, name: "Coder of the hub" });
  const repository = "someone/Coder-GGUF";
  const hub = await openHub(bytes, [
    (request, response, hub) => {
      const path = request.url ?? "";
      const json = (value: unknown) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
      const file = { rfilename: "coder-q8_0.gguf", lfs: { sha256: hub.sha256, size: bytes.length } };
      if (path.startsWith("/api/models?")) json([{ id: repository, downloads: 4321, gated: false, tags: ["license:apache-2.0"] }]);
      else if (path.startsWith("/api/")) json({ id: repository, sha: "0123456789abcdef", tags: ["license:apache-2.0"], siblings: [file] });
      else serve(request, response, hub);
    },
  ]);
  const { page, electron } = await openScripted(
    { knows: ["return one + other;"], answer: "yes" },
    { settings: { "localcoder.models.hub": hub.url } },
  );
  await runCommand(page, "LocalCoder: Open models");
  const body = page.locator(page_);
  await body.locator('[data-button="find-at-hub"]').press("Enter");
  await page.locator(".quick-input-widget input").waitFor();
  await page.keyboard.type("coder");
  await page.keyboard.press("Enter");
  const question = page.locator(".monaco-dialog-box");
  await expect(question).toContainText("would be asked for models");
  await question.getByRole("button", { name: "Permit" }).click();
  const list = page.locator(".quick-input-list");
  await expect(list).toContainText("4,321 downloads");
  await page.screenshot({ path: test.info().outputPath("repositories.png") });
  await page.keyboard.press("Enter");
  await expect(list).toContainText("coder-q8_0");
  await page.keyboard.press("Enter");
  await expect(question).toContainText("Download coder-q8_0");
  await expect(question).toContainText("apache-2.0");
  // Read from its head, before the file comes.
  await expect(question).toContainText("Good for ghost text, actions, chat.");
  await expect(question).toContainText("It has room here.");
  await page.screenshot({ path: test.info().outputPath("agree.png") });
  await question.getByRole("button", { name: "Download" }).click();
  const row = body.locator("tbody tr", { hasText: "Coder of the hub" });
  await expect(row).toContainText("downloaded by LocalCoder");
  await page.screenshot({ path: test.info().outputPath("models.png") });

  const choose = async (action: string) => {
    await row.getByRole("button", { name: "More actions" }).press("Enter");
    await page.locator(".quick-input-widget input").waitFor();
    await page.keyboard.type(action);
    await page.keyboard.press("Enter");
  };
  if (electron) {
    await electron.evaluate(({ shell }) => {
      shell.showItemInFolder = (path) => void Object.assign(globalThis, { shown: path });
    });
    await choose("Show in folder");
    const shown = () => electron.evaluate(() => String((globalThis as { shown?: string }).shown));
    await expect.poll(shown).toMatch(/coder-q8_0\.gguf$/);
  }
  await choose("Compare with another model");
  const comparison = body.locator("details", { hasText: "Compare two models" });
  await comparison.getByRole("button", { name: "Compare" }).press("Enter");
  await expect(comparison).toContainText("Both have answered.");
  await expect(comparison.locator("article pre")).toHaveText(["yes", "yes"]);
  await page.screenshot({ path: test.info().outputPath("comparison.png") });
  await choose("Delete file");
  await expect(question).toContainText("coder-q8_0.gguf");
  await question.getByRole("button", { name: "Delete" }).press("Enter");
  await expect(row).toHaveCount(0);
  await hub.close();
});

test("a model that is too slow here is told once, with a smaller one to use", async ({ openScripted }) => {
  const folder = mkdtempSync(join(tmpdir(), "localcoder-slow-"));
  const big = join(folder, "big.gguf");
  writeFileSync(big, tinyGguf({ ...coder, name: "Big coder", tensors: [{ name: "more", dimensions: [1024, 1024] }] }));
  writeFileSync(join(folder, "small.gguf"), tinyGguf({ ...coder, name: "Small coder" }));
  const settings = { "localcoder.models.completion": big, "localcoder.models.code": big, "localcoder.models.general": big };
  const { size, mtimeMs } = statSync(big);
  // As the three seconds after a first load measured it; they wait until no other program computes, which may be long.
  const measured = { path: big, id: big, name: "Big coder", role: "code", size, modified: mtimeMs, reading: 40, writing: 3.2 };
  const entries = [{ ...measured, settings: speedSettings(defaultSettings), backend: "cpu", at: 1, told: false }];
  const prepare = (home: string) => {
    mkdirSync(join(home, "cache"), { recursive: true });
    writeFileSync(join(home, "cache", "model-speeds.json"), JSON.stringify({ version: 1, entries }));
  };
  const { page } = await openScripted({ answer: "yes" }, { settings, environment: { MODELS_DIR: folder }, prepare });
  const offer = page.locator(".notifications-toasts");
  await expect(offer).toContainText("Big coder writes 3.2 tokens a second here");
  await page.screenshot({ path: test.info().outputPath("offer.png") });
  await offer.getByRole("button", { name: "Use Small coder" }).click();
  await runCommand(page, "LocalCoder: Open models");
  await expect(page.locator(`${page_} tbody tr`, { hasText: "Small coder" })).toContainText("in use for code");
  rmSync(folder, { recursive: true, force: true });
});
