import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, focusEditor, openFile, ready, runCommand, test } from "./launch.ts";

const files = {
  "area.ts": "export function area(width: number): number {\n  return width;\n}\n",
  "notes/read me.md": "# Notes on bees\n",
  "latin.txt": new Uint8Array([0x63, 0x61, 0x66, 0xe9, 0x0a]),
  "page.html": "<body>\n\n</body>\n",
  "style.css": ".cart {\n  \n}\n",
  "data.json": '{ "one": 1 "two": 2 }\n',
  "picture.bin": new Uint8Array([0x00, 0x01, 0x02, 0x00, 0xff]),
};

const editor = (page: Page) => page.locator(".editor-group-container.active .view-lines").first();

test("search and quick open look through the folder", async ({ open }) => {
  const { page } = await open({ files });
  await ready(page);
  await page.keyboard.press("Control+Shift+F");
  await page.keyboard.type("bees");
  await expect(page.locator(".search-view .messages")).toContainText("1 result in 1 file");
  await page.keyboard.press("Control+P");
  await page.keyboard.type("read");
  await expect(page.locator(".quick-input-list .monaco-list-row").first()).toContainText("read me.md");
  await page.keyboard.press("Enter");
  await expect(editor(page)).toContainText("Notes");
});

test("a binary file is not shown as text", async ({ open }) => {
  const { page } = await open({ files });
  await ready(page);
  await openFile(page, "picture.bin");
  await expect(page.locator(".editor-group-container.active")).toContainText("binary");
});

test("a file in another encoding is read and written in it", async ({ open }) => {
  const { page, workspace } = await open({ files, settings: { "files.encoding": "iso88591" } });
  await ready(page);
  await openFile(page, "latin.txt");
  await expect(editor(page)).toContainText("café");
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("é");
  await runCommand(page, "File: Save");
  await expect.poll(() => [...readFileSync(join(workspace, "latin.txt"))]).toEqual([0xe9, 0x63, 0x61, 0x66, 0xe9, 0x0a]);
});

test("a file of many megabytes opens", async ({ open }) => {
  const line = `${"0123456789".repeat(10)}\n`;
  const { page } = await open({ files: { "large.txt": line.repeat(150_000) } });
  await ready(page);
  await openFile(page, "large.txt");
  await focusEditor(page);
  await page.keyboard.press("Control+End");
  await expect(page.locator(".statusbar")).toContainText("Ln 150001");
});

test("TypeScript, HTML, CSS and JSON are understood", async ({ open }) => {
  const { page } = await open({ files });
  await ready(page);
  // The worker of each language starts with its first file, and what was typed before that is not asked about by itself.
  const suggests = (text: string) =>
    expect(async () => {
      await page.keyboard.press("Control+Space");
      await expect(page.locator(".suggest-widget .monaco-list-row", { hasText: text }).first()).toBeVisible({ timeout: 3000 });
    }).toPass();
  await openFile(page, "area.ts");
  await editor(page).getByText("area", { exact: true }).first().click();
  await expect(async () => {
    await runCommand(page, "Show or Focus Hover");
    const hover = page.locator(".monaco-hover", { hasText: "function area(width: number): number" });
    await expect(hover).toBeVisible({ timeout: 3000 });
  }).toPass();
  await page.keyboard.press("Escape");
  await focusEditor(page);
  for (const key of ["Control+Home", "ArrowDown", "End", "ArrowLeft", "F12"]) await page.keyboard.press(key);
  await expect(page.locator(".statusbar")).toContainText("Ln 1, Col 22");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("area(2).toF");
  await suggests("toFixed");

  await openFile(page, "page.html");
  await focusEditor(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.type("<artic");
  await suggests("article");

  await openFile(page, "style.css");
  await focusEditor(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.keyboard.type("justify-con");
  await suggests("justify-content");

  await openFile(page, "data.json");
  await page.keyboard.press("Control+Shift+M");
  await expect(page.locator(".markers-panel .monaco-list-row", { hasText: "comma" }).first()).toBeVisible();
});

test("text is found and replaced, and a file has an outline and a local history", async ({ open }) => {
  const { page, workspace } = await open({ files });
  await ready(page);
  await openFile(page, "area.ts");
  await focusEditor(page);
  await page.keyboard.press("Control+H");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("width");
  await expect(page.locator(".find-widget .matchesCount")).toHaveText("1 of 2");
  await page.keyboard.press("Tab");
  await page.keyboard.type("size");
  await page.keyboard.press("Control+Alt+Enter");
  await expect(editor(page)).toContainText("return size;");
  await runCommand(page, "File: Save");
  await expect.poll(() => readFileSync(join(workspace, "area.ts"), "utf8")).toContain("area(size: number)");

  await runCommand(page, "Explorer: Focus on Outline View");
  await expect(page.locator(".outline-tree .monaco-list-row", { hasText: "area" })).toBeVisible();
  await runCommand(page, "Explorer: Focus on Timeline View");
  const saved = page.locator(".timeline-tree-view .monaco-list-row", { hasText: "File Saved" });
  await expect(saved.first()).toBeVisible();
  await saved.first().click();
  await expect(page.locator(".tab.active")).toContainText("area.ts");
});

test("Markdown is shown beside its text, by frames that reach neither the window nor the network", async ({ open, face }) => {
  const { page } = await open({ files });
  await ready(page);
  await openFile(page, "read me.md");
  await runCommand(page, "Markdown: Open Preview to the Side");
  const preview = page.frameLocator("iframe.webview").frameLocator("iframe#active-frame");
  await expect(preview.locator("h1")).toHaveText("Notes on bees");
  // In a browser everything lies on one origin; on the desktop extensions and what they show have their own.
  if (face === "browser") return;
  for (const address of ["app://webview", "app://exthost"]) {
    const frames = page.frames().filter((frame) => frame.url().startsWith(address));
    expect(frames.length, address).toBeGreaterThan(0);
    for (const frame of frames) {
      const reached = await frame.evaluate(async () => {
        let top = "refused";
        try {
          top = String(window.top?.document.title);
        } catch {
          // Another origin.
        }
        const outside = await fetch("https://example.com/").then(
          () => "reached",
          () => "refused",
        );
        return { top, outside, bridge: "localcoder" in globalThis, node: "process" in globalThis };
      });
      expect(reached, frame.url()).toEqual({ top: "refused", outside: "refused", bridge: false, node: false });
    }
  }
});

test("unsaved text of a new file is there again after a close", async ({ open, face }) => {
  test.skip(face === "browser", "Closing a tab asks the browser, not us.");
  const workbench = await open({ files });
  await ready(workbench.page);
  await runCommand(workbench.page, "File: New Untitled Text File");
  await focusEditor(workbench.page);
  await workbench.page.keyboard.type("kept without a name");
  await workbench.close();
  await workbench.reopen();
  await ready(workbench.page);
  await expect(editor(workbench.page)).toContainText("kept without a name");
});

test("nothing names anybody else", async ({ open }) => {
  const { page } = await open({ files });
  await ready(page);
  for (const word of ["copilot", "microsoft", "report issue", "sign in", "sync", "marketplace", "telemetry", "ask @"]) {
    await page.keyboard.press("F1");
    await expect(page.locator(".quick-input-widget input").first()).toBeFocused();
    await page.keyboard.type(word);
    const rows = page.locator(".quick-input-list .monaco-list-row");
    await expect(rows.first()).toContainText(/No matching|similar commands/);
    await expect(rows.filter({ hasText: word })).toHaveCount(0);
    await page.keyboard.press("Escape");
  }
  await runCommand(page, "Help: About");
  const about = page.locator(".monaco-dialog-box");
  await expect(about).toContainText("LocalCoder");
  await expect(about).toContainText("Licence: Apache-2.0");
  await expect(about).not.toContainText("Unknown");
  await about.getByRole("button", { name: "OK" }).click();

  await runCommand(page, "Preferences: Open Settings (UI)");
  const settings = page.locator(".settings-editor");
  await settings.locator(".suggest-input-container").click();
  await page.keyboard.type("copilot");
  await expect(settings.locator(".settings-count-widget")).toContainText("Found");
  const shown = settings.locator(".setting-item-title, .setting-item-description, .settings-toc-wrapper");
  await expect(shown.filter({ hasText: /copilot|chat/i })).toHaveCount(0);
  // Of the proxies only the one that is read.
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("proxy");
  await expect(shown.filter({ hasText: "Proxy for connections beyond this machine" })).toHaveCount(1);
  await expect(shown.filter({ hasText: /HTTP: /i })).toHaveCount(0);
  await page.screenshot({ path: test.info().outputPath("proxy.png") });
});

test("zoom is a setting and has the usual keys @electron", async ({ open }) => {
  const { page, home } = await open({ files });
  await ready(page);
  const width = await page.evaluate(() => window.innerWidth);
  await page.keyboard.press("Control+=");
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBeLessThan(width);
  await expect
    .poll(() => existsSync(join(home, "user/settings.json")) && readFileSync(join(home, "user/settings.json"), "utf8"))
    .toContain("window.zoomLevel");
});

test("windows without a folder keep their texts apart @electron", async ({ open }) => {
  const { page, electron } = await open({ folder: false });
  await ready(page);
  await runCommand(page, "File: New Untitled Text File");
  await focusEditor(page);
  await page.keyboard.type("of the first window");
  await page.waitForTimeout(2500);
  await runCommand(page, "New Window");
  await expect.poll(() => electron?.windows().length).toBe(2);
  const second = electron?.windows()[1] as Page;
  await ready(second);
  await expect(second.locator(".tab.dirty")).toHaveCount(0);
  await expect(page.locator(".tab.dirty")).toHaveCount(1);
});
