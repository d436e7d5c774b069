import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, focusEditor, openFile, ready, runCommand, test } from "./launch.ts";

const row = ".explorer-folders-view .monaco-list-row";

test("changes made outside appear at once", async ({ open }) => {
  const { page, workspace } = await open({ files: { "one.ts": "export const before = 1;\n", "node_modules/p/index.js": "x" } });
  await ready(page);
  await openFile(page, "one.ts");
  // The window asks to be told of changes a moment after it is drawn; from then on every single one counts.
  let count = 0;
  await expect(async () => {
    writeFileSync(join(workspace, "ready.ts"), String(count++));
    await expect(page.locator(row, { hasText: "ready.ts" })).toBeVisible({ timeout: 1000 });
  }).toPass();
  writeFileSync(join(workspace, "one.ts"), "export const afterwards = 2;\n");
  await expect(page.locator(".view-lines", { hasText: "afterwards" })).toBeVisible();
  writeFileSync(join(workspace, "new.ts"), "export {};\n");
  await expect(page.locator(row, { hasText: "new.ts" })).toBeVisible();
  rmSync(join(workspace, "new.ts"));
  await expect(page.locator(row, { hasText: "new.ts" })).toHaveCount(0);
  // The text of a file that is gone is still there, and said to be without a file.
  rmSync(join(workspace, "one.ts"));
  await expect(page.locator(".tab .monaco-icon-label.strikethrough", { hasText: "one.ts" })).toBeVisible();
  await expect(page.locator(".view-lines", { hasText: "afterwards" })).toBeVisible();
});

test("saving keeps line ends, bytes and links", async ({ open }) => {
  const { page, workspace } = await open({ files: { "dos.txt": "one\r\ntwo\r\n", "real.txt": "real\n" } });
  symlinkSync("real.txt", join(workspace, "link.txt"));
  await ready(page);
  for (const name of ["dos.txt", "link.txt"]) {
    await openFile(page, name);
    await focusEditor(page);
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("typed ");
    await runCommand(page, "File: Save");
  }
  await expect.poll(() => readFileSync(join(workspace, "dos.txt"), "utf8")).toBe("typed one\r\ntwo\r\n");
  await expect.poll(() => readFileSync(join(workspace, "real.txt"), "utf8")).toBe("typed real\n");
});

test("a link that leads out of the workspace is not followed", async ({ open }) => {
  const { page, workspace } = await open({ files: { "in.txt": "inside needle\n" } });
  const outside = join(workspace, "..", "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "secret.txt"), "secret needle\n");
  symlinkSync(join(outside, "secret.txt"), join(workspace, "secret.txt"));
  symlinkSync(outside, join(workspace, "folder"));
  await ready(page);
  await runCommand(page, "Search: Find in Files");
  await page.keyboard.type("needle");
  await expect(page.locator(".search-view .monaco-list-row", { hasText: "in.txt" })).toBeVisible();
  await expect(page.locator(".search-view .monaco-list-row", { hasText: "secret" })).toHaveCount(0);
  await runCommand(page, "View: Show Explorer");
  await page.locator(row, { hasText: "secret.txt" }).dblclick();
  // The sentence stands for itself, where the file would.
  await expect(page.locator(".monaco-editor-pane-placeholder")).toHaveText(/^\S*secret\.txt is a link, or lies below one, that leads out/);
  await expect(page.locator(".view-lines", { hasText: "secret needle" })).toHaveCount(0);
});

test("links in a circle and links to nowhere do no harm", async ({ open }) => {
  const { page, workspace } = await open({ files: { "one.txt": "needle\n" } });
  symlinkSync(".", join(workspace, "circle"));
  symlinkSync("nowhere", join(workspace, "dangling"));
  await ready(page);
  await runCommand(page, "Search: Find in Files");
  await page.keyboard.type("needle");
  await expect(page.locator(".search-view .messages")).toContainText("1 result in 1 file");
});

test("a real terminal runs commands in the workspace", async ({ open }) => {
  const { page, workspace } = await open({ files: { "one.ts": "" } });
  await ready(page);
  await runCommand(page, "Terminal: Create New Terminal");
  await expect(page.locator(".terminal-wrapper .xterm-helper-textarea").first()).toBeFocused();
  await page.keyboard.type("test -t 1 && env | grep -E '^(TERM_PROGRAM|ELECTRON_|LOCALCODER_)' > made.txt\n");
  const made = join(workspace, "made.txt");
  await expect.poll(() => existsSync(made) && readFileSync(made, "utf8")).toBe("TERM_PROGRAM=localcoder\n");
});
