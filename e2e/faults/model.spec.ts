import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { cart, chord, selectLines, shownText } from "../assist.ts";
import { expect, focusEditor, modelTime, type OpenOptions, ready, smallModel, test, type Workbench } from "../launch.ts";
import { trustedPlaces } from "../trusted-places.ts";
import { createMemoryGroup, type MemoryGroup } from "./memory-group.ts";

// What happens to a real model at work, as its user sees it.

const tinyModel = join(dirname(smallModel), "gemma-3-270m-q4_k_m.gguf");

let models = "";
let group: MemoryGroup | undefined;
let other: ChildProcess | undefined;
test.beforeEach(() => {
  test.skip(!existsSync(tinyModel) || !existsSync(smallModel), "The small models have not been fetched.");
  models = mkdtempSync(join(tmpdir(), "localcoder-models-"));
});
test.afterEach(() => {
  other?.kill("SIGKILL");
  other = undefined;
  group?.remove();
  group = undefined;
  if (models) rmSync(models, { recursive: true, force: true });
});

/** A copy that the test may damage. */
function copyOf(model: string): string {
  const copy = join(models, basename(model));
  copyFileSync(model, copy);
  return copy;
}

/** A window with two models, of which the smaller one is chosen until `choose` names another. */
async function openOnTiny(open: (options: OpenOptions) => Promise<Workbench>) {
  const [tiny, small] = [copyOf(tinyModel), copyOf(smallModel)];
  const chosen = (model: string) => ({ "localcoder.models.general": model, "localcoder.inference.gpu": "off" });
  const environment = { LOCALCODER_DEVELOPMENT_MODELS: models };
  const workbench = await open({ files: { "cart.ts": cart }, environment, settings: chosen(tiny) });
  const choose = (model: string) =>
    writeFileSync(join(workbench.home, "user", "settings.json"), JSON.stringify({ ...trustedPlaces, ...chosen(model) }));
  return { workbench, page: workbench.page, tiny, small, choose };
}

const unlimited = "This system does not let a test limit the memory of a group of processes; root may.";

/** Another program, which takes 100 MB when it is told to. */
function startHungry(): ChildProcess {
  const takes = "const held = []; process.stdin.once('data', () => held.push(Buffer.alloc(100 * 2 ** 20, 1)));";
  return spawn(process.execPath, ["-e", takes], { stdio: ["pipe", "ignore", "ignore"] });
}

const card = (page: Page) => page.locator(".localcoder-card").first();

async function explain(page: Page): Promise<void> {
  await selectLines(page, "cart.ts", 3, 9);
  await chord(page, "x");
}

/** The editor takes keys, as before. */
async function expectAlive(page: Page, typed: string): Promise<void> {
  await focusEditor(page);
  await page.keyboard.press("Control+End");
  await page.keyboard.type(typed);
  await expect.poll(() => shownText(page)).toContain(typed);
}

test("a model file that is cut while it answers is named where the answer stands, and serves again once it is whole @electron @long", async ({
  open,
}, testInfo) => {
  test.slow();
  const file = copyOf(tinyModel);
  const workbench = await open({
    files: { "cart.ts": cart },
    environment: { LOCALCODER_DEVELOPMENT_MODELS: models },
    settings: { "localcoder.models.general": file },
  });
  const { page } = workbench;
  await ready(page);
  const [engine] = await workbench.processes("engine");
  await explain(page);
  await expect(card(page).locator(".body")).toContainText(/\w+ \w+/, modelTime);
  truncateSync(file, 1000);
  await expect(card(page)).toContainText(`${basename(file)} was changed or removed while it was in use`);
  await page.screenshot({ path: testInfo.outputPath("cut.png") });
  await page.keyboard.press("Escape");
  await expectAlive(page, "// typed after the cut");
  expect(await workbench.processes("engine")).toEqual([engine]);

  await explain(page);
  await expect(card(page)).toContainText(basename(file), modelTime);
  await page.screenshot({ path: testInfo.outputPath("still-cut.png") });

  copyFileSync(tinyModel, file);
  // The folder of models is not searched more than once a second.
  await expect(async () => {
    await card(page).getByText("Try again").click();
    await expect(card(page)).not.toContainText("incomplete", { timeout: 2000 });
  }).toPass();
  await expect(card(page).locator(".body")).toContainText(/\w+ \w+/, modelTime);
  await page.screenshot({ path: testInfo.outputPath("whole-again.png") });
});

test("where the model process may have no more memory, a model is refused with numbers, and loads when there is some @electron @long", async ({
  open,
}, testInfo) => {
  test.slow();
  group = createMemoryGroup(64);
  if (!group) return test.skip(true, unlimited);
  const { workbench, page, small, choose } = await openOnTiny(open);
  await ready(page);
  const [engine] = await workbench.processes("engine");
  await explain(page);
  await expect(card(page).locator(".body")).toContainText(/\w+ \w+/, modelTime);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(card(page)).toHaveCount(0);

  // The process that has one model is to load another.
  for (const id of await workbench.processes("inference")) group.add(id);
  choose(small);
  // The first question may still go to the model that was chosen before.
  await expect(async () => {
    await explain(page);
    await expect(card(page)).toContainText(/needs about [\d.]+ GB of memory, and models may take [\d.]+ [GM]B/, { timeout: 15_000 });
  }).toPass();
  await page.screenshot({ path: testInfo.outputPath("no-memory.png") });
  await page.keyboard.press("Escape");
  await expectAlive(page, "// typed without memory");
  expect(await workbench.processes("engine")).toEqual([engine]);

  group.remove();
  group = undefined;
  await explain(page);
  await expect(card(page).locator(".body")).toContainText(/\w+ \w+/, modelTime);
  await page.screenshot({ path: testInfo.outputPath("memory-again.png") });
});

test("where the system kills the model process because another program took the memory, that is said, and a smaller model or another try answers @electron @long", async ({
  open,
}, testInfo) => {
  test.slow();
  group = createMemoryGroup(4000);
  if (!group) return test.skip(true, unlimited);
  const { workbench, page, tiny, small, choose } = await openOnTiny(open);
  const leave = async () => {
    await expect(async () => {
      await page.keyboard.press("Escape");
      await expect(card(page)).toHaveCount(0, { timeout: 500 });
    }).toPass();
  };
  await ready(page);
  const [engine] = await workbench.processes("engine");
  await explain(page);
  await expect(card(page).locator(".body")).toContainText(/\w+ \w+/, modelTime);
  await leave();

  // What a process has is counted where it took it, so the larger model comes after the process is in the group.
  const killed = await workbench.processes("inference");
  other = startHungry();
  for (const id of [...killed, other.pid ?? 0]) group.add(id);
  choose(small);
  await expect(async () => {
    await explain(page);
    await expect(card(page)).toContainText(/qwen2\.5.coder.0\.5b/i, { timeout: 15_000 });
  }).toPass();
  await expect(card(page).locator(".body")).toContainText(/\w+ \w+/, modelTime);
  group.tighten();
  other.stdin?.write("now");
  await expect(card(page)).toContainText("The system ended the model process, because memory ran out.");
  await page.screenshot({ path: testInfo.outputPath("killed.png") });
  expect(group.killed()).toBeGreaterThan(0);
  expect(killed.filter((id) => existsSync(`/proc/${id}`))).toEqual([]);
  await leave();
  await expectAlive(page, "// typed after the kill");
  expect(await workbench.processes("engine")).toEqual([engine]);

  for (const model of [tiny, small]) {
    choose(model);
    await explain(page);
    await expect(card(page).locator(".body")).toContainText(/\w+ \w+/, modelTime);
    await leave();
  }
});
