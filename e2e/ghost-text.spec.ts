import { existsSync } from "node:fs";
import { shownText } from "./assist.ts";
import { focusEditor as focus, modelTime, openFile as openByName, ready, smallModel } from "./launch.ts";
import { expect, focusEditor, openFile, runCommand, test } from "./scripted.ts";

const known = "function add(first, second) {\n  return first + second;\n}\n";
const files = { "add.js": "function add(first, second) {\n  \n}\n", "notes.md": "function add(first, second) {\n  \n}\n" };
// Only the grey text is under test here: VS Code's own list would come and go in between.
const settings = { "editor.quickSuggestions": { other: "off" }, "localcoder.completion.confidence": "bolder" };

const ghost = ".ghost-text-decoration, .ghost-text";

async function toBody(page: import("@playwright/test").Page, file: string): Promise<void> {
  await openFile(page, file);
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
}

test("grey text comes while typing and is accepted whole, by word, or not", async ({ openScripted }) => {
  const { page } = await openScripted({ knows: [known] }, { files, settings });
  await toBody(page, "add.js");
  await page.keyboard.type("ret");
  await expect(page.locator(ghost).first()).toBeVisible();
  expect(await shownText(page)).toContain("return first + second;");

  // Typing what is suggested keeps it.
  await page.keyboard.type("urn ");
  await expect(page.locator(ghost).first()).toBeVisible();

  await page.keyboard.press("Control+ArrowRight");
  await expect.poll(async () => (await page.locator(ghost).allTextContents()).join("")).not.toContain("first");
  await page.keyboard.press("Escape");
  await expect(page.locator(ghost)).toHaveCount(0);

  await page.keyboard.press("End");
  await page.keyboard.type(" ");
  await expect(page.locator(ghost).first()).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.locator(ghost)).toHaveCount(0);
  expect(await shownText(page)).toContain("return first + second;");
});

test("grey text can be switched off everywhere and for a language, and the status bar says so", async ({ openScripted }) => {
  const { page } = await openScripted({ knows: [known] }, { files, settings });
  const status = page.locator('[id="localcoder.localcoder.localcoder.status"]');

  await toBody(page, "notes.md");
  await expect(status).toContainText("off here");
  await page.keyboard.type("ret");
  await runCommand(page, "LocalCoder: Switch ghost text on or off for this language");
  await expect(status).not.toContainText("off");
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.keyboard.type("u");
  await expect(page.locator(ghost).first()).toBeVisible();

  await runCommand(page, "LocalCoder: Switch ghost text on or off");
  await expect(status).toContainText("off");
});

test("a real model suggests the rest of a line", async ({ open }) => {
  test.skip(!existsSync(smallModel), "The small model has not been fetched.");
  test.slow();
  const { page } = await open({ files, settings, models: "small" });
  await ready(page);
  await openByName(page, "add.js");
  await focus(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.keyboard.type("return ");
  await expect(page.locator(ghost).first()).toBeVisible(modelTime);
  await page.keyboard.press("Tab");
  await expect.poll(() => shownText(page)).toMatch(/return first \+ second/);
});
