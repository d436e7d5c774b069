import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, focusEditor, openFile, packagedProgram, ready, root, runCommand, test } from "./launch.ts";

test("the packaged program starts, edits, searches and opens a terminal @electron @long", async ({ open }) => {
  test.skip(!existsSync(packagedProgram), "There is no package: npm run package -- --linux dir --inspectable");
  const { page, electron, workspace } = await open({ files: { "area.ts": "export const area = 1;\n" }, packaged: true });
  await ready(page);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(await electron?.evaluate(({ app }) => ({ packaged: app.isPackaged, version: app.getVersion() }))).toEqual({
    packaged: true,
    version,
  });

  // Editing goes through the engine: its SQLite and its file services work from inside the archive.
  await openFile(page, "area.ts");
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("let packed = 1;\n");
  await runCommand(page, "File: Save");
  await expect.poll(() => readFileSync(join(workspace, "area.ts"), "utf8")).toContain("packed");

  // TypeScript's server is a process of its own, started from the archive, and so are the declarations it reads.
  await page.keyboard.press("Control+Home");
  await page.keyboard.type('const word: string = parseInt("1");\n');
  await expect(page.locator(".squiggly-error").first()).toBeVisible();
  await runCommand(page, "View: Toggle Problems");
  await expect(
    page.locator(".markers-panel .monaco-list-row", { hasText: "Type 'number' is not assignable to type 'string'." }),
  ).toBeVisible();

  // Search starts ripgrep, the terminal loads node-pty: both lie unpacked beside the archive.
  await runCommand(page, "Search: Find in Files");
  await page.keyboard.type("packed");
  await expect(page.locator(".search-view .monaco-list-row", { hasText: "area.ts" })).toBeVisible();
  await runCommand(page, "Terminal: Create New Terminal");
  await expect(page.locator(".terminal-wrapper .xterm-helper-textarea").first()).toBeFocused();
  await page.keyboard.type("echo made > made.txt\n");
  await expect.poll(() => existsSync(join(workspace, "made.txt"))).toBe(true);
});
