import { spawn } from "node:child_process";
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { tinyGguf } from "../src-engine/models/tiny-gguf.ts";
import { openModelHub } from "./hub.ts";
import { expect, focusEditor, modelTime, openFile, ready, root, runCommand, smallModel, test } from "./launch.ts";
import { openMirror } from "./mirror.ts";

// What a new user finds the machine like, each tried to the end: ghost text from a fitting model, or a sentence that says why not.

const page_ = ".localcoder-page";
const small = "qwen2.5-coder-0.5b-instruct";
const smallHash = "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32";
/** What is left for models on a machine with 4 and with 8 GB. */
const budgets = { four: 2867, eight: 5734 };

const folders: string[] = [];
test.afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "localcoder-start-"));
  folders.push(folder);
  return folder;
}

/** Runs the command line as a new user of an own home. */
async function terminal(home: string, parameters: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", join(root, "out/headless/cli.js"), ...parameters], {
    cwd: home,
    env: {
      ...process.env,
      HOME: home,
      LOCALCODER_HOME: join(home, "localcoder"),
      XDG_CACHE_HOME: join(home, "cache"),
      MODELS_DIR: "",
      LOCALCODER_DEVELOPMENT_MODELS: "",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

function writeSettings(home: string, settings: Readonly<Record<string, unknown>>): void {
  mkdirSync(join(home, "localcoder", "user"), { recursive: true });
  writeFileSync(join(home, "localcoder", "user", "settings.json"), JSON.stringify(settings));
}

const loop = "function sum(numbers) {\n  let total = 0;\n  for (const number of numbers) {\n    \n  }\n  return total;\n}\n";

/** Asks for ghost text in the terminal. */
async function completes(home: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  writeFileSync(join(home, "sum.js"), loop);
  const { code, stdout, stderr } = await terminal(home, ["complete", "sum.js:4:5"], environment);
  expect(stderr + stdout).toContain("total");
  expect(code).toBe(0);
}

async function goOn(page: Page, heading: string): Promise<void> {
  await page.locator(`${page_} [data-button="next"]`).click();
  await expect(page.locator(`${page_} h1`)).toHaveText(heading);
}

/** From the second page of the wizard to ghost text in the file to try. */
async function endsInGhostText(page: Page, model: string): Promise<void> {
  await goOn(page, "Done");
  await expect(page.locator(page_)).toContainText(`${model} is ready.`);
  await page.locator(`${page_} [data-button="try"]`).click();
  await expect(page.locator(".ghost-text-decoration, .ghost-text").first()).toBeVisible(modelTime);
}

test.describe("nothing on the machine @electron", () => {
  test.skip(!existsSync(smallModel), "The small model has not been fetched.");
  test.slow();

  test("ends in ghost text from a model that was downloaded in the wizard", async ({ open }) => {
    const hub = await openModelHub(smallModel);
    const settings = { "localcoder.models.hub": hub.url, "localcoder.inference.memory": budgets.four };
    const { page } = await open({ firstRun: true, settings });
    await ready(page);
    const wizard = page.locator(page_);
    await expect(wizard).toContainText("Models foundnone yet");
    await expect(wizard).toContainText("Qwen2.5-Coder 0.5B base for ghost text, about");
    await goOn(page, "The model");
    const choice = wizard.locator(".localcoder-choice", { hasText: "Qwen2.5-Coder 1.5B Instruct" });
    await expect(choice).toContainText("Recommended for actions on code, and for explanations");
    await expect(choice).toContainText("are not free here");
    await choice.getByRole("button", { name: /Smaller and faster: Qwen2.5-Coder 0.5B Instruct/ }).click();
    const smaller = wizard.locator(`[data-download="${small}"]`);
    await expect(smaller).toContainText("491 MB · Licence: Apache 2.0");
    await smaller.getByRole("button", { name: "Download" }).click();
    await expect(smaller).toContainText("In use", modelTime);
    await expect(wizard).toContainText("Works:", modelTime);
    await endsInGhostText(page, "Qwen2.5-Coder 0.5B Instruct");
    await hub.close();
  });

  test("ends in a suggestion in the terminal @long", async () => {
    const hub = await openModelHub(smallModel);
    const home = temporary();
    writeSettings(home, { "localcoder.models.hub": hub.url, "localcoder.inference.memory": budgets.four });
    const before = await terminal(home, ["doctor"]);
    expect(before.stdout).toMatch(/Models +none yet/);
    expect(before.stdout).toContain("localcoder models get qwen2.5-coder-0.5b-base");
    expect(before.stdout).toContain("Problem: No model is on this machine yet.");
    const none = await terminal(home, ["complete", "sum.js:1:1"]);
    expect(none.code).toBe(1);
    const got = await terminal(home, ["models", "get", small]);
    expect(got.stderr).toContain("is ready.");
    expect(got.code).toBe(0);
    await completes(home);
    await hub.close();
  });
});

test.describe("Ollama with three models already there @electron", () => {
  test.skip(!existsSync(smallModel), "The small model has not been fetched.");
  test.slow();

  /** The folder as Ollama keeps it: manifests that name blobs by their hash. */
  function ollama(): { readonly folder: string; readonly list: () => readonly string[] } {
    const folder = temporary();
    const put = (name: string, hash: string, write: (path: string) => void) => {
      const manifest = join(folder, "manifests", "registry.ollama.ai", "library", ...name.split(":"));
      mkdirSync(dirname(manifest), { recursive: true });
      mkdirSync(join(folder, "blobs"), { recursive: true });
      const layers = [{ mediaType: "application/vnd.ollama.image.model", digest: `sha256:${hash}`, size: 1 }];
      writeFileSync(manifest, JSON.stringify({ schemaVersion: 2, layers }));
      write(join(folder, "blobs", `sha256-${hash}`));
    };
    put("qwen2.5-coder:0.5b", smallHash, (path) => {
      try {
        linkSync(smallModel, path);
      } catch {
        symlinkSync(smallModel, path);
      }
    });
    put("chatter:latest", "a".repeat(64), (path) => writeFileSync(path, tinyGguf({ name: "Chatter", chatTemplate: "{{ messages }}" })));
    put("broken:latest", "b".repeat(64), (path) => writeFileSync(path, tinyGguf({ name: "Broken" }).subarray(0, 3000)));
    return { folder, list: () => readdirSync(folder, { recursive: true }).map(String).sort() };
  }

  test("ends in ghost text from one of them, used in place", async ({ open }) => {
    const { folder, list } = ollama();
    const before = list();
    const { page, home } = await open({ firstRun: true, environment: { OLLAMA_MODELS: folder } });
    await ready(page);
    const wizard = page.locator(page_);
    await expect(wizard).toContainText("Qwen2.5-Coder 0.5B Instruct, Q4_K_M, 491 MB, found in Ollama");
    await expect(wizard).toContainText("chatter:latest");
    await goOn(page, "The model");
    const found = wizard.locator('.localcoder-choice[data-download="qwen2.5-coder-0.5b-instruct"]');
    await expect(found).toContainText("Q4_K_M · context 32,768 · for ghost text, code, explanations · found in Ollama");
    await endsInGhostText(page, "Qwen2.5-Coder 0.5B Instruct");
    expect(list()).toEqual(before);
    expect(readdirSync(home, { recursive: true }).filter((name) => String(name).endsWith(".gguf"))).toEqual([]);
  });

  test("ends in a suggestion in the terminal, and names the broken one", async () => {
    const { folder, list } = ollama();
    const before = list();
    const home = temporary();
    const environment = { OLLAMA_MODELS: folder };
    const { stdout } = await terminal(home, ["doctor"], environment);
    expect(stdout).toContain("Qwen2.5-Coder 0.5B Instruct, Q4_K_M, 491 MB, context 32768, for completion, code, general, ollama");
    expect(stdout).toMatch(/Problem: broken:latest is incomplete/);
    await completes(home, environment);
    expect(list()).toEqual(before);
  });
});

test.describe("a mirror and no internet @electron", () => {
  test.skip(!existsSync(smallModel), "The small model has not been fetched.");
  test.slow();

  test("ends in ghost text from a model of the mirror, after a sentence about one it does not have", async ({ open }) => {
    const mirror = await openMirror(smallModel, smallHash);
    const environment = { HF_ENDPOINT: mirror.url, HTTPS_PROXY: "http://127.0.0.1:9" };
    const { page } = await open({ firstRun: true, environment, settings: { "localcoder.inference.memory": budgets.four } });
    await ready(page);
    const wizard = page.locator(page_);
    await goOn(page, "The model");
    const missing = wizard.locator(".localcoder-choice", { hasText: "Qwen2.5-Coder 0.5B base" });
    await expect(missing).toContainText("from 127.0.0.1");
    await missing.getByRole("button", { name: "Download" }).click();
    await expect(missing).toContainText("The hub does not have Qwen2.5-Coder 0.5B base. Check the hub's address");
    const choice = wizard.locator(".localcoder-choice", { hasText: "Qwen2.5-Coder 1.5B Instruct" });
    await choice.getByRole("button", { name: /Smaller and faster: Qwen2.5-Coder 0.5B Instruct/ }).click();
    const smaller = wizard.locator(`[data-download="${small}"]`);
    await smaller.getByRole("button", { name: "Download" }).click();
    await expect(smaller).toContainText("In use", modelTime);
    await endsInGhostText(page, "Qwen2.5-Coder 0.5B Instruct");
    expect(mirror.missing).toHaveLength(1);
    await runCommand(page, "LocalCoder: Open network");
    const hosts = page.locator(`${page_}:visible tbody tr`);
    await expect(hosts.first()).toContainText("model download");
    expect((await hosts.allTextContents()).filter((row) => !/127\.0\.0\.1|localhost/.test(row))).toEqual([]);
    await mirror.close();
  });

  test("ends in a suggestion in the terminal @long", async () => {
    const mirror = await openMirror(smallModel, smallHash);
    const home = temporary();
    const environment = { HF_ENDPOINT: mirror.url, HTTPS_PROXY: "http://127.0.0.1:9" };
    writeSettings(home, { "localcoder.inference.memory": budgets.four });
    const hub = await terminal(home, ["hub"], environment);
    expect(hub.stdout).toContain(mirror.url);
    const missing = await terminal(home, ["models", "get", "qwen2.5-coder-0.5b-base"], environment);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("The hub does not have Qwen2.5-Coder 0.5B base.");
    const got = await terminal(home, ["models", "get", small], environment);
    expect(got.stderr).toContain("is ready.");
    await completes(home, environment);
    await mirror.close();
    // Without the mirror, what to do is said as well.
    const gone = await terminal(home, ["models", "get", "qwen2.5-coder-0.5b-base"], environment);
    expect(gone.code).toBe(1);
    expect(gone.stderr).toMatch(/because the hub does not answer/);
  });
});

test("what is asked without a model waits, also over a restart, and runs when there is one @electron", async ({ open }) => {
  test.skip(!existsSync(smallModel), "The small model has not been fetched.");
  test.slow();
  const workbench = await open({ files: { "sum.js": loop } });
  await ready(workbench.page);
  await openFile(workbench.page, "sum.js");
  await focusEditor(workbench.page);
  await workbench.page.keyboard.press("Control+A");
  await runCommand(workbench.page, "LocalCoder: Explain selection");
  await expect(workbench.page.locator(".localcoder-card")).toContainText("This request waits until there is one.");
  const status = () => workbench.page.locator('[id="localcoder.localcoder.localcoder.status"]');
  await expect(status()).toContainText("no model · 1 waiting");

  await workbench.close();
  await workbench.reopen();
  await ready(workbench.page);
  await expect(status()).toContainText("no model · 1 waiting");

  const models = temporary();
  symlinkSync(smallModel, join(models, "small.gguf"));
  writeFileSync(join(workbench.home, "user", "settings.json"), JSON.stringify({ "localcoder.models.folders": [models] }));
  const offer = workbench.page.locator(".notifications-toasts", { hasText: "1 request has waited for it." });
  await offer.getByRole("button", { name: "Run" }).click();
  await expect(workbench.page.locator(".localcoder-card .body")).toContainText("numbers", modelTime);
  await expect(status()).not.toContainText("waiting");
});

test.describe("8 GB of memory and the wish for a 14B", () => {
  const settings = { "localcoder.inference.memory": budgets.eight };
  const wish = "Qwen2.5-Coder 14B Instruct";

  test("ends in a sentence that says why not and what to do", async ({ open }) => {
    const { page } = await open({ settings });
    await ready(page);
    await runCommand(page, "LocalCoder: Open models");
    const row = page.locator("tr", { hasText: wish });
    await row.getByRole("button", { name: "Download" }).click();
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.getByRole("button", { name: "Download" }).click();
    await expect(dialog).toContainText(`${wish} has no room in this machine’s memory.`);
    await expect(dialog).toContainText(/takes at least 9(\.\d)? GB of memory, and models may take 5\.6 GB/);
    await expect(dialog).toContainText("Qwen2.5-Coder 1.5B Instruct is what fits best here.");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(row).toContainText("not downloaded");
  });

  test("ends in the same sentence in the terminal", async () => {
    const home = temporary();
    writeSettings(home, settings);
    const { code, stderr } = await terminal(home, ["models", "get", "qwen2.5-coder-14b-instruct"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Qwen2\.5-Coder 14B Instruct takes at least 9(\.\d)? GB of memory, and models may take 5\.6 GB/);
    expect(stderr).toContain("Qwen2.5-Coder 1.5B Instruct is what fits best here.");
  });
});
