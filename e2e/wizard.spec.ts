import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { tinyGguf } from "../src-engine/models/tiny-gguf.ts";
import { openModelHub } from "./hub.ts";
import { modelTime, ready, smallModel } from "./launch.ts";
import { expect, runCommand, test } from "./scripted.ts";

const page_ = ".localcoder-page";

test("the first window opens the wizard, which ends with a line to try", async ({ openScripted }) => {
  const known = "function sum(numbers) {\n  let total = 0;\n  for (const number of numbers) total += number;\n  return total;\n}\n";
  const { page } = await openScripted({ knows: [known] }, { firstRun: true });
  const wizard = page.locator(page_);
  await expect(wizard.locator("h1")).toHaveText("This machine");
  await expect(wizard).toContainText("Memory");
  await expect(wizard).toContainText("Models run on");

  await wizard.locator('[data-button="next"]').click();
  await expect(wizard.locator("h1")).toHaveText("The model");
  await expect(wizard).toContainText("Already on this machine");
  await expect(wizard).toContainText("Recommended");
  await expect(wizard).toContainText("Licence:");

  await wizard.locator('[data-button="next"]').click();
  await expect(wizard.locator("h1")).toHaveText("Done");
  await expect(wizard.locator("input[type=radio]")).toHaveCount(3);
  await wizard.locator('[data-button="try"]').click();
  await expect(page.locator(".tab.active")).toContainText("Untitled");
  await expect(page.locator(".ghost-text-decoration, .ghost-text").first()).toBeVisible();
});

test("the wizard can be skipped and found again", async ({ openScripted }) => {
  const { page } = await openScripted({}, { firstRun: true });
  await page.locator(`${page_} [data-button="skip"]`).click();
  await expect(page.locator(".tab", { hasText: "Set up" })).toHaveCount(0);
  await runCommand(page, "LocalCoder: Set up");
  await expect(page.locator(`${page_} h1`)).toHaveText("This machine");

  // What it asks last is a setting like any other.
  await runCommand(page, "LocalCoder: Open history");
  await expect(page.locator(".localcoder-history .empty")).toContainText("Nothing here yet.");
  for (const name of ["The model", "Done"]) {
    await page.locator(`${page_} [data-button="next"]`).click();
    await expect(page.locator(`${page_} h1`)).toHaveText(name);
  }
  await page.getByLabel("Keep nothing").check();
  await expect(page.locator(".localcoder-history .empty")).toContainText("The history is off.");
});

test("a model file of one's own is chosen in the wizard, and a broken one is refused with the reason", async ({ openScripted }) => {
  const tokens = ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"];
  const mine = tinyGguf({ name: "My own model", tokens, chatTemplate: "{{ messages }}" });
  const files = { "mine.gguf": mine, "broken.gguf": mine.subarray(0, 2000) };
  const { page, electron, workspace } = await openScripted({}, { firstRun: true, files });
  const choose = async (path: string) => {
    await electron?.evaluate(({ dialog }, filePath) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
    }, path);
    await page.locator(page_).getByRole("button", { name: "Choose a GGUF file" }).click();
    if (!electron) await page.locator(".quick-input-list .monaco-list-row", { hasText: basename(path) }).click();
  };
  await page.locator(`${page_} [data-button="next"]`).click();
  await choose(join(workspace, "broken.gguf"));
  await expect(page.locator(".notifications-toasts")).toContainText("broken.gguf is incomplete");

  await choose(join(workspace, "mine.gguf"));
  await expect(page.locator(".localcoder-choice", { hasText: "My own model" })).toContainText("In use");
  await expect(page.getByText("My own model: Works:")).toBeInViewport();
  await page.locator(`${page_} [data-button="next"]`).click();
  await expect(page.locator(page_)).toContainText("My own model is ready.");
});

test("models and network have pages of their own", async ({ openScripted }) => {
  const { page } = await openScripted({});
  await runCommand(page, "LocalCoder: Open models");
  await expect(page.locator(`${page_} tbody tr`).first()).toBeVisible();
  await expect(page.locator(page_)).toContainText("Apache");
  await runCommand(page, "LocalCoder: Open network");
  await expect(page.locator(`${page_}:visible`)).toContainText("That is the normal state.");
});

test("a model is downloaded, paused, resumed and tried @electron", async ({ open }) => {
  test.skip(!existsSync(smallModel), "The small model has not been fetched.");
  test.slow();
  const hub = await openModelHub(smallModel, 100_000_000);
  const { page } = await open({ settings: { "localcoder.models.hub": hub.url } });
  await ready(page);
  const status = page.locator('[id="localcoder.localcoder.localcoder.status"]');
  await expect(status).toContainText("no model");
  await runCommand(page, "LocalCoder: Open models");
  const row = page.locator('tr[data-download="qwen2.5-coder-0.5b-instruct"]');
  await row.getByRole("button", { name: "Download" }).click();
  const question = page.locator(".monaco-dialog-box");
  await expect(question).toContainText("491 MB");
  await expect(question).toContainText("Licence: Apache 2.0");
  await question.getByRole("button", { name: "Download" }).click();
  await expect(row).toContainText("100 MB of 491 MB");
  await expect(status).toContainText("downloading 20 %");

  await row.getByRole("button", { name: "Pause" }).click();
  await expect(row).toContainText("paused");
  const asked = hub.ranges.length;
  hub.open();
  // The wizard shows the same download.
  await runCommand(page, "LocalCoder: Set up");
  await page.locator(`${page_}:visible [data-button="next"]`).click();
  const choice = page.locator('.localcoder-choice[data-download="qwen2.5-coder-0.5b-instruct"]');
  await choice.getByRole("button", { name: "Resume" }).click();
  await expect(choice).toContainText("In use", modelTime);
  const starts = hub.ranges.slice(asked).map((range) => Number(/\d+/.exec(range ?? "")?.[0]));
  expect(Math.min(...starts)).toBe(100_000_000);
  await expect(page.locator(`${page_}:visible`)).toContainText("Works:", modelTime);
  await expect(status).toContainText("Qwen2.5-Coder 0.5B Instruct");
  await hub.close();
});

test("the best layout for ghost text is found from the row of a model, and forgotten again", async ({ openScripted }) => {
  const { page } = await openScripted({ millisecondsPerToken: 1 });
  await runCommand(page, "LocalCoder: Open models");
  await page.locator(`${page_} tbody tr`, { hasText: "in use" }).locator("button", { hasText: "Details" }).click();
  const layout = page.locator(`${page_} dd`, { hasText: "The usual one." });
  await expect(layout).toBeVisible();
  await page.locator(page_).locator("button", { hasText: "Find the best layout" }).click();
  await page.locator(page_).locator("button", { hasText: "Stop" }).click();
  await expect(layout).toBeVisible();
  await page.locator(page_).locator("button", { hasText: "Find the best layout" }).click();
  await expect(page.locator(page_)).toContainText("Trying, behind all other work");
  await expect(page.locator(page_)).toContainText("Found best here: the hole opens some lines above", { timeout: 60_000 });
  await page.locator(page_).locator("button", { hasText: "Use the usual one" }).click();
  await expect(layout).toBeVisible();
});
