import type { Page } from "@playwright/test";
import { expect, focusEditor, openFile, runCommand, test } from "./scripted.ts";

/** Lines that have nothing to do with the rest, so that only what was meant to be seen is worth reading. */
const filler = Array.from({ length: 60 }, (_, line) => `plain filler number ${line}`).join("\n");
const about = (word: string) => `${word} tells how a parcel is weighed, taxed and sent by ${word} carriers abroad`;
const files = {
  ".gitignore": "ignored/\n",
  ".env": `${about("secret")}\n`,
  "ignored/hidden.txt": `${about("hidden")}\n`,
  "edited.txt": `${filler}\n`,
  "seen.txt": `${about("seen")}\n${filler}\n`,
  "source.txt": `${filler}\n${about("source")}`,
  "main.js": "const parcel = 1;\n",
};
// Ignored files are to be found by name here. Typing into the other files is not to ask for anything, and lists and closers would change what is typed.
const settings = {
  "search.useIgnoreFiles": false,
  "localcoder.completion.languages": { "*": false, javascript: true },
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
};

async function openAtStart(page: Page, file: string): Promise<void> {
  await openFile(page, file);
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
}

/** Types a text, then copies it and goes back to the start: a file is edited, copied from and looked at. */
async function editCopyAndSee(page: Page, file: string, text: string): Promise<void> {
  await openAtStart(page, file);
  await page.keyboard.type(text);
  await page.keyboard.press("Shift+Home");
  await page.keyboard.press("Control+C");
  await page.keyboard.press("Control+Home");
}

test("what was edited, looked at and copied elsewhere reaches the next request, and what is secret or ignored never does", async ({
  openScripted,
}) => {
  const { page } = await openScripted({}, { files, settings });
  // First, so that all of it would be there by the time the rest is.
  await editCopyAndSee(page, ".env", about("token"));
  await editCopyAndSee(page, "hidden.txt", about("covered"));

  // Edited below what is in view when it is left.
  await openAtStart(page, "edited.txt");
  await page.keyboard.press("Control+End");
  await page.keyboard.type(about("edited"));
  await page.keyboard.press("Control+Home");
  await openAtStart(page, "seen.txt");
  await openAtStart(page, "source.txt");
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Shift+Home");
  await page.keyboard.press("Control+C");
  await page.keyboard.press("Control+Home");

  const read = page.getByRole("region", { name: "Request" }).locator("table").first();
  await expect(async () => {
    await openAtStart(page, "main.js");
    await page.keyboard.press("Control+End");
    await page.keyboard.type("let other = parcel;\n");
    await runCommand(page, "LocalCoder: Show the last requests for ghost text");
    await expect(page.locator(".localcoder-requests .localcoder-row").first()).toContainText("main.js");
    for (const name of ["edited.txt", "seen.txt", "clipboard"]) await expect(read).toContainText(name, { timeout: 1000 });
  }).toPass();
  await expect(read).not.toContainText("env");
  await expect(read).not.toContainText("hidden");
  // The clipboard is not called by the file: of three lines that were copied, there is one.
  const copied = read.locator("tr", { hasText: "clipboard" });
  await expect(copied).toHaveCount(1);
  expect(Number(await copied.locator("td").last().textContent())).toBeLessThan(30);
});
