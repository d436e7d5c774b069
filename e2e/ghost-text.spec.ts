import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { chord, shownText } from "./assist.ts";
import { focusEditor as focus, modelTime, openFile as openByName, ready, smallModel, type Workbench } from "./launch.ts";
import { expect, focusEditor, openFile, runCommand, test } from "./scripted.ts";

const known = "function add(first, second) {\n  return first + second;\n}\n";
const files = { "add.js": "function add(first, second) {\n  \n}\n", "notes.md": "function add(first, second) {\n  \n}\n" };
// Only the grey text is under test here: VS Code's own list would come and go in between.
const settings = { "editor.quickSuggestions": { other: "off" }, "localcoder.completion.confidence": "bolder" };

const ghost = ".ghost-text-decoration, .ghost-text";

const statusBar = (page: Page) => page.locator('[id="localcoder.localcoder.localcoder.status"]');
const ghostText = async (page: Page) =>
  (await page.locator(ghost).allTextContents()).join("").replaceAll("\u00a0", " ").replaceAll("·", " ");

async function toBody(page: Page, file: string): Promise<void> {
  await openFile(page, file);
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
}

const copied = ({ electron, page }: Workbench): Promise<string> =>
  electron ? electron.evaluate(({ clipboard }) => clipboard.readText()) : page.evaluate(() => navigator.clipboard.readText());

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
  const status = statusBar(page);

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

test("no accepting by line, conflicts over Tab, one candidate only: none of these", async ({ openScripted }) => {
  const block = "function sum(list) {\n  let total = 0;\n  for (const one of list) total += one;\n  return total;\n}\n";
  const doubts = { " second": 0.5 };
  const deep = "function deep() {\n    return 1;\n}\n";
  const more = { "sum.js": "\n", "deep.js": "function deep() {\n\n}\n" };
  const { page, workspace } = await openScripted({ knows: [known, block, deep], doubts }, { files: { ...files, ...more }, settings });
  await openFile(page, "sum.js");
  await focusEditor(page);
  await page.keyboard.type("function sum(list) {");
  await expect(page.locator(ghost).first()).toBeVisible();
  await chord(page, "k");
  await expect.poll(() => shownText(page)).toContain("let total = 0;");
  await expect.poll(() => ghostText(page)).toContain("for (const one of list)");
  await page.keyboard.press("Escape");

  // Where grey text begins with a whole tab of indentation, Tab indents; then it accepts.
  await openFile(page, "deep.js");
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowDown");
  await chord(page, "i");
  await expect.poll(() => ghostText(page)).toContain("return 1;");
  await page.keyboard.press("Tab");
  await expect.poll(() => ghostText(page)).toContain("return 1;");
  await page.keyboard.press("Tab");
  await expect(page.locator(ghost)).toHaveCount(0);
  expect(await shownText(page)).toBe("function deep() {\n    return 1;\n}\n");

  await toBody(page, "add.js");
  await page.keyboard.type("return first +");
  await expect.poll(() => ghostText(page)).toContain("second;");
  await page.keyboard.press("Alt+]");
  await expect.poll(() => ghostText(page)).toContain("rival");
  await page.keyboard.press("Alt+[");
  await expect.poll(() => ghostText(page)).toContain("second;");
  await page.keyboard.press("Escape");

  // While VS Code's own list is open, Tab chooses from it.
  await page.keyboard.press("Control+A");
  await page.keyboard.type("const wonder = 1;\nwon");
  await page.keyboard.press("Control+Space");
  await expect(page.locator(".suggest-widget.visible .monaco-list-row.focused")).toContainText("wonder");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+S");
  await expect.poll(() => readFileSync(join(workspace, "add.js"), "utf8")).toBe("const wonder = 1;\nwonder");
});

test("the list of requests says what came, and why nothing came", async ({ openScripted }) => {
  const workbench = await openScripted({ knows: [known] }, { files, settings });
  const { page, workspace } = workbench;
  const rows = page.locator(".localcoder-requests .localcoder-row");
  await runCommand(page, "LocalCoder: Show the last requests for ghost text");
  await expect(page.locator(".localcoder-page")).toContainText("No suggestion was asked for yet");

  await toBody(page, "add.js");
  await page.keyboard.type("r");
  await expect(page.locator(ghost).first()).toBeVisible();
  await page.keyboard.press("Escape");

  await runCommand(page, "LocalCoder: Pause ghost text for 10 minutes");
  await expect(statusBar(page)).toContainText("paused until");
  await focusEditor(page);
  await toBody(page, "add.js");
  await page.keyboard.type("e");
  await runCommand(page, "LocalCoder: End the pause of ghost text");
  await expect(statusBar(page)).not.toContainText("paused");

  await runCommand(page, "LocalCoder: Switch ghost text on or off for this file");
  await expect(statusBar(page)).toContainText("off here");
  await focusEditor(page);
  await toBody(page, "add.js");
  await page.keyboard.type("t");
  await expect(page.locator(ghost)).toHaveCount(0);
  await runCommand(page, "LocalCoder: Switch ghost text on or off for this file");
  await expect(statusBar(page)).not.toContainText("off here");

  await runCommand(page, "LocalCoder: Show the last requests for ghost text");
  await expect(rows.first()).toContainText("off for this file");
  await expect(rows.nth(1)).toContainText("pauses");
  await rows.first().focus();
  await page.keyboard.press("End");
  const details = page.getByRole("region", { name: "Request" });
  await expect(details).toContainText("What the model read");
  await expect(details).toContainText("return first + second;".slice(1));
  await expect(details).toContainText("evaluated");

  await details.getByRole("button", { name: "Copy as report" }).click();
  const report = await copied(workbench);
  expect(report).toContain("2:4: suggestion");
  expect(report).not.toContain("second");
  expect(report).not.toContain(workspace);
  await details.getByRole("button", { name: "Copy with code" }).click();
  await expect.poll(() => copied(workbench)).toContain("second");
  await details.getByRole("button", { name: "add.js:2" }).click();
  await expect(page.locator(".tab.active", { hasText: "add.js" })).toBeVisible();

  await runCommand(page, "LocalCoder: Show statistics of ghost text");
  const statistics = page.locator(".localcoder-page", { hasText: "Ghost Text Statistics" });
  await expect(statistics.locator("dt", { hasText: /^Shown$/ }).locator("+ dd")).toHaveText("1");
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
