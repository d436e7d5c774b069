import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tinyAdapter, tinyGguf } from "../src-engine/models/tiny-gguf.ts";
import { findings } from "./axe.ts";
import { expect, runCommand, test } from "./scripted.ts";

const page_ = ".localcoder-page:visible";

test("the table of models never scrolls sideways, also at 200 % in a small window", async ({ openScripted }) => {
  const { page, electron } = await openScripted({});
  await runCommand(page, "LocalCoder: Open models");
  await expect(page.locator(`${page_} tbody tr`).first()).toBeVisible();
  for (const title of ["How models run", "Compare two models"]) await page.getByRole("heading", { name: title }).click();
  const tooWide = () =>
    page.locator(page_).evaluate((body) => {
      const right = body.getBoundingClientRect().right;
      const outside = [...body.querySelectorAll<HTMLElement>("td *, button, select, input, textarea")].filter(
        (one) => one.offsetParent !== null && one.getBoundingClientRect().right > right + 1,
      );
      return [body.scrollWidth > body.clientWidth, ...outside.map((one) => one.outerHTML.slice(0, 80))];
    });
  if (electron) {
    for (const zoom of [1, 1.5, 2]) {
      await electron.evaluate(({ BrowserWindow }, factor) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.setBounds({ width: 900, height: 600 });
        window?.webContents.setZoomFactor(factor);
      }, zoom);
      await expect.poll(tooWide).toEqual([false]);
    }
  } else {
    for (const size of [
      { width: 900, height: 600 },
      { width: 450, height: 300 },
    ]) {
      await page.setViewportSize(size);
      await expect.poll(tooWide).toEqual([false]);
    }
  }
});

test("a model is inspected, loaded, used, compared, taken out of memory and deleted by keyboard alone", async ({ openScripted }) => {
  const prepare = (home: string) => {
    mkdirSync(join(home, "models"), { recursive: true });
    writeFileSync(join(home, "models", "other.gguf"), tinyGguf({ name: "Other", chatTemplate: "{{ messages }}" }));
  };
  const { page } = await openScripted({ memory: 2 ** 30, answer: "Forty-two." }, { prepare });
  await runCommand(page, "LocalCoder: Open models");
  const row = (name: string) => page.locator(`${page_} tbody tr`, { has: page.getByRole("rowheader", { name, exact: true }) });
  await row("Other").waitFor();

  /** Goes from control to control until one of this name has the focus, within a row where one is named. */
  const tabTo = async (name: string, within = "") => {
    const focused = () =>
      page.evaluate(() => {
        const at = document.activeElement as HTMLElement | null;
        const label = at?.getAttribute("aria-label") ?? at?.textContent?.trim() ?? "";
        return { label, row: at?.closest("tr")?.querySelector("[role=rowheader]")?.getAttribute("aria-label") ?? "" };
      });
    for (let steps = 0; steps < 150; steps++) {
      const { label, row } = await focused();
      if ((label === name || label.startsWith(`${name}:`)) && row === within) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`No Tab reaches ${name} ${within}.`);
  };
  const choose = async (action: string, model: string) => {
    await tabTo("More actions", model);
    await page.keyboard.press("Enter");
    await expect(page.locator(".quick-input-widget input")).toBeFocused();
    await page.keyboard.type(action);
    await page.keyboard.press("Enter");
  };

  await tabTo("Search models");
  await page.keyboard.type("tiny");
  await expect(row("Other")).toBeHidden();
  await tabTo("Details", "Tiny random");
  await page.keyboard.press("Enter");
  await expect(row("Tiny random").getByRole("button", { name: "Details" })).toHaveAttribute("aria-expanded", "true");
  await expect(page.locator(page_)).toContainText("It can fill in, with the tokens of qwen-coder.");
  await expect(page.locator(page_)).toContainText(/All \d+ values of the head/);

  await choose("Load into memory", "Tiny random");
  await expect(row("Tiny random")).toContainText("in memory: 1 GB");
  await choose("Take out of memory", "Tiny random");
  await expect(row("Tiny random")).not.toContainText("in memory");
  await choose("Measure speed", "Tiny random");
  // Its row is made anew when the model is in memory, and says it all the same.
  await expect(row("Tiny random")).toContainText("Loaded in");
  await choose("Check the file", "Tiny random");
  await expect(row("Tiny random")).toContainText("SHA-256:");

  await tabTo("Search models");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("other");
  await choose("Use for", "Other");
  await expect(page.locator(".quick-input-widget input").first()).toHaveAttribute("placeholder", "Use Other for");
  await page.keyboard.type("explanations");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(row("Other")).toContainText("in use for explanations");

  await choose("Compare with", "Other");
  await tabTo("Compare");
  await page.keyboard.press("Enter");
  await expect(page.locator(`${page_} article`)).toContainText([/Forty-two/, /Forty-two/]);

  await choose("Delete file", "Other");
  await expect(page.getByRole("dialog").getByText("Other").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog").getByText("Other").first()).toBeHidden();
  await expect(row("Other")).toBeVisible();
});

test("what another context costs is shown before it is applied", async ({ openScripted }) => {
  const { page } = await openScripted({});
  await runCommand(page, "LocalCoder: Open models");
  const body = page.locator(page_);
  await body.getByRole("heading", { name: "How models run" }).click();
  await expect(body).toContainText("These settings are in use.");
  await body.getByLabel("Context is kept as").selectOption("q4_0");
  await body.getByLabel("Context", { exact: true }).selectOption("4096");
  await expect(body).toContainText(/would take about .*, now/);
  await body.getByRole("button", { name: "Apply" }).click();
  await expect(body).toContainText("These settings are in use.");
  await expect(body.getByRole("columnheader", { name: "Memory" })).toContainText("4,096");
});

test("a role gets a model of its own from the status bar, or shares one", async ({ openScripted }) => {
  const { page } = await openScripted({}, { settings: { "localcoder.models.code": "" } });
  const pick = async (text: string, placeholder: string) => {
    await expect(page.locator(".quick-input-widget input")).toHaveAttribute("placeholder", placeholder);
    await page.keyboard.type(text);
    await expect(page.locator(".quick-input-list .monaco-list-row")).toHaveCount(1);
    await page.keyboard.press("Enter");
  };
  await page.locator('[id="localcoder.localcoder.localcoder.status"]').click();
  await pick("Choose model", "Model and suggestions");
  await pick("Choose for one role", "Choose the model for ghost text and actions");
  await pick("explanations", "For what?");
  await pick("The same as for ghost text", "Choose the model for explanations");
  await expect(page.locator(".statusbar")).toContainText("is in use now.");
});

test("a folder gets a model and an adapter of its own, and gives them back", async ({ openScripted }) => {
  let folder = "";
  const prepare = (home: string) => {
    folder = join(home, "models");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "other.gguf"), tinyGguf({ name: "Other", chatTemplate: "{{ messages }}" }));
    writeFileSync(join(folder, "style.gguf"), tinyAdapter());
    writeFileSync(join(folder, "wide.gguf"), tinyAdapter({ width: 128 }));
  };
  const { page, electron } = await openScripted({}, { prepare });
  const input = page.locator(".quick-input-widget input").first();
  const pick = async (text: string) => {
    await expect(input).toBeFocused();
    await page.keyboard.type(text);
    await expect(page.locator(".quick-input-list .monaco-list-row")).toHaveCount(1);
    await page.keyboard.press("Enter");
  };
  await page.locator('[id="localcoder.localcoder.localcoder.status"]').click();
  await pick("Choose model");
  await pick("this folder only");
  await expect(input).toHaveAttribute("placeholder", "For what, in workspace only?");
  await pick("explanations");
  await pick("Other");
  await expect(page.locator(".statusbar")).toContainText("Other is in use now, in workspace only.");

  await runCommand(page, "LocalCoder: Open models");
  const body = page.locator(page_);
  const row = (name: string) => body.locator("tbody tr", { has: page.getByRole("rowheader", { name, exact: true }) });
  await expect(body.getByRole("heading", { name: "Only in workspace" })).toBeVisible();
  await expect(row("Other")).toContainText("for explanations: in this folder only");

  /** Chooses an adapter's file: in the system's dialog, which says nothing to a test, or in the workbench's own. */
  const addAdapter = async (file: string) => {
    const path = join(folder, file);
    await electron?.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
    }, path);
    await row("Tiny random").getByRole("button", { name: "More actions" }).click();
    await pick("Adapters");
    if (electron) return;
    // It writes the folder of the window there first, over whatever was typed before.
    await expect(input).toHaveValue(/workspace.$/);
    await input.fill(path);
    await page.locator(".quick-input-list .monaco-list-row", { hasText: file }).click();
  };
  await addAdapter("wide.gguf");
  await expect(row("Tiny random")).toContainText("its layers are 128 numbers wide, those of Tiny random 64.");
  await addAdapter("style.gguf");
  await expect(input).toHaveAttribute("placeholder", /^House style takes .* of memory beside the model\. Use it for what\?$/);
  await pick("For actions and chat, in workspace only");
  await expect(body.getByRole("region", { name: "Only in workspace" })).toContainText("adapters of Tiny random, for actions and chat");
  await expect(row("Tiny random")).toContainText("with adapters");
  expect(await findings(page, ".localcoder-page")).toEqual([]);

  const ways = body.getByRole("button", { name: "Use the same as elsewhere" });
  for (let left = 2; left > 0; left--) {
    await expect(ways).toHaveCount(left);
    await ways.first().click();
  }
  await expect(body.getByRole("heading", { name: "Only in workspace" })).toBeHidden();
  await expect(row("Tiny random")).not.toContainText("with adapters");

  await addAdapter("style.gguf");
  await page.keyboard.type("For all it does");
  await expect(page.locator(".quick-input-list .monaco-list-row")).toHaveCount(2);
  await page.keyboard.press("Enter");
  await expect(row("Tiny random")).toContainText("with adapters");
  await row("Tiny random").getByRole("button", { name: "More actions" }).click();
  await pick("Adapters");
  await pick("None in workspace");
  await expect(row("Tiny random")).not.toContainText("with adapters");
  await expect(body.getByRole("region", { name: "Only in workspace" })).toContainText("for all it doesnone");
  await ways.click();
  await expect(row("Tiny random")).toContainText("with adapters");
});

test("thousands of model files are shown in steps, and the last is found by its name @long", async ({ openScripted }) => {
  const files = 3000;
  const prepare = (home: string) => {
    mkdirSync(join(home, "models"), { recursive: true });
    for (let index = 1; index <= files; index++) writeFileSync(join(home, "models", `broken-${index}.gguf`), "none of these");
  };
  const { page } = await openScripted({}, { prepare });
  await runCommand(page, "LocalCoder: Open models");
  const rows = page.locator(`${page_} tbody tr`);
  const more = page.locator(page_).getByRole("button", { name: /^Show more \(\d+ left\)$/ });
  await expect(more).toBeVisible({ timeout: 60_000 });
  const shown = await page.locator(page_).getByRole("rowheader").count();
  expect(shown).toBeLessThan(files);
  await more.click();
  await expect(page.locator(page_).getByRole("rowheader")).toHaveCount(2 * shown);
  await page.getByRole("searchbox", { name: "Search models" }).fill(`broken-${files}`);
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(`broken-${files}`);
});
