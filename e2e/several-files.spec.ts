import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { chord, shownText } from "./assist.ts";
import { expect, openFile, runCommand, test } from "./scripted.ts";

const cart = "export function total(prices: number[]): number {\n  return prices.length;\n}\n\nexport class Cart {\n  count = 0;\n}\n";
const till = "export function open(): void {}\n";
const known = "/** Known. */\nexport const known = 1;\n";
const files = { "cart.ts": cart, "known.ts": known, "till.ts": till };
const script = { answer: "Says what it is for. */\n" };
const said = "/** Says what it is for. */";

const review = ".localcoder-review";
const changeButtons = ".localcoder-change-buttons";
const toast = (page: Page, text: string) => page.locator(".notification-toast", { hasText: text });
const inExplorer = (page: Page, name: string) => page.locator(".explorer-folders-view .monaco-list-row", { hasText: name });

/** Runs an entry of LocalCoder's menu on the files that are marked in the Explorer. */
async function onMarked(page: Page, names: readonly string[], entry: string): Promise<void> {
  const [first = "", ...others] = names;
  await expect(async () => {
    await inExplorer(page, first).click();
    for (const name of others) await inExplorer(page, name).click({ modifiers: [process.platform === "darwin" ? "Meta" : "Control"] });
    // A file that has only just opened is marked alone, whatever was marked meanwhile.
    await expect(page.locator(".tab.active", { hasText: first })).toBeVisible({ timeout: 3000 });
    await page.waitForTimeout(300);
    await expect(page.locator(".explorer-folders-view .monaco-list-row.selected")).toHaveCount(names.length, { timeout: 1000 });
  }).toPass();
  await inExplorer(page, names.at(-1) ?? "").click({ button: "right" });
  await page.locator(".monaco-menu .action-item", { hasText: "LocalCoder" }).click();
  // A menu that has only just opened takes no click.
  await expect(async () => {
    await page.locator(".monaco-menu .action-item", { hasText: entry }).last().click({ timeout: 1000 });
    await expect(page.locator(".monaco-menu")).toHaveCount(0, { timeout: 500 });
  }).toPass();
}

test("an action goes through the marked files, and its proposals are looked at from file to file", async ({ openScripted }, testInfo) => {
  const { page, workspace } = await openScripted({ ...script, millisecondsPerToken: 60 }, { files });
  await onMarked(page, ["cart.ts", "known.ts", "till.ts"], "Document files");
  await expect(toast(page, "cart.ts (1 of 2), Cart (2 of 2)")).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath("at-work.png") });
  const end = toast(page, "Document files: changes are proposed in 2 files.");
  await expect(end).toBeVisible();
  await expect(page.locator(".statusbar-item", { hasText: "2 files to look at" })).toBeVisible();
  await page.screenshot({ path: testInfo.outputPath("ended.png") });
  await end.locator(".monaco-button", { hasText: "Show the first" }).click();

  await expect(page.locator(".tab.active")).toContainText("cart.ts");
  await expect(page.locator(changeButtons)).toHaveCount(2);
  await expect(page.locator(`${review} [data-button="again"]`)).toHaveCount(0);
  await expect(page.locator(".tab.active.dirty")).toHaveCount(0);
  await page.screenshot({ path: testInfo.outputPath("first.png") });
  // The same key goes from change to change and on to the next file.
  await chord(page, "j");
  await chord(page, "j");
  await expect(page.locator(".tab.active")).toContainText("till.ts");
  await expect(page.locator(changeButtons)).toHaveCount(1);
  await page.locator(`${review} [data-button="keep-all"]`).click();
  await expect(page.locator(".tab.active.dirty")).toHaveCount(1);
  expect(await shownText(page)).toContain(said);
  await expect(page.locator(".statusbar-item", { hasText: "1 file to look at" })).toBeVisible();

  // A tab that is closed without a word decides nothing.
  await openFile(page, "cart.ts");
  await expect(page.locator(review)).toBeVisible();
  await runCommand(page, "View: Close Editor");
  await expect(page.locator(".statusbar-item", { hasText: "1 file to look at" })).toBeVisible();
  await openFile(page, "cart.ts");
  await expect(page.locator(changeButtons)).toHaveCount(2);
  await page.locator(`${review} [data-button="undo-all"]`).click();
  await expect(page.locator(".statusbar-item", { hasText: "to look at" })).toHaveCount(0);
  for (const [name, text] of Object.entries(files)) expect(readFileSync(join(workspace, name), "utf8")).toBe(text);
});

test("all proposals are kept at once, from the list of them", async ({ openScripted }) => {
  const { page, workspace } = await openScripted(script, { files });
  await onMarked(page, ["cart.ts", "till.ts"], "Document files");
  await page.locator(".statusbar-item", { hasText: "2 files to look at" }).click();
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Keep all in 2 files" }).click();
  await expect(page.locator(".statusbar-item", { hasText: "to look at" })).toHaveCount(0);
  expect(readFileSync(join(workspace, "till.ts"), "utf8")).toBe(till);
  // What was changed without an editor gets one, so that it is seen and saved with the others.
  await expect(page.locator(".tab.dirty")).toHaveCount(2);
  await runCommand(page, "File: Save All Files");
  await expect.poll(() => readFileSync(join(workspace, "till.ts"), "utf8")).toBe(`${said}\n${till}`);
  await expect.poll(() => readFileSync(join(workspace, "cart.ts"), "utf8").split(said).length).toBe(3);
});

test("it is stopped with what is ready, asked about before it is much, and calm where nothing is to do", async ({
  openScripted,
}, testInfo) => {
  const many = Array.from({ length: 30 }, (_, index) => `export function f${index}(): void {}\n`).join("\n");
  const { page } = await openScripted({ ...script, millisecondsPerToken: 60 }, { files: { ...files, "many.ts": many } });
  await onMarked(page, ["known.ts"], "Document files");
  await expect(toast(page, "There is nothing to do here. All that others can use in it is documented.")).toBeVisible();

  await onMarked(page, ["many.ts", "till.ts"], "Document files");
  const dialog = page.locator(".monaco-dialog-box");
  await expect(dialog).toContainText("Document files: ask about 31 places in 2 files?");
  await page.screenshot({ path: testInfo.outputPath("asked.png") });
  await dialog.locator(".monaco-button", { hasText: "All 31 places" }).click();
  const working = toast(page, "many.ts (1 of 2), f1 (2 of 30)");
  await expect(working).toBeVisible();
  await working.locator(".monaco-button", { hasText: "Cancel" }).click();
  await expect(page.locator(".statusbar-item", { hasText: "1 file to look at" })).toBeVisible();
  await expect(toast(page, "Document files: changes are proposed in 1 file.")).toBeVisible();
});
