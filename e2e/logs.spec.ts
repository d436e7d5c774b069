import { readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, focusEditor, openFile, ready, runCommand, test } from "./launch.ts";
import { test as scripted } from "./scripted.ts";

test("the log says what was asked for, without code, and the window shows it @electron", async ({ open }) => {
  const settings = join(tmpdir(), `localcoder-settings-${process.pid}.json`);
  writeFileSync(settings, JSON.stringify({ "workbench.colorTheme": "Default High Contrast", "window.autoDetectColorScheme": false }));
  const { page, home } = await open({
    files: { "secret.ts": "const password = 'geheim';\n" },
    arguments: ["--log-level", "debug", "--settings-file", settings],
  });
  await ready(page);
  // The file of settings that was named holds for the whole window.
  await expect(page.locator(".monaco-workbench.hc-black")).toBeVisible();
  await runCommand(page, "LocalCoder: Show logs");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "localcoder.log" }).first().click();
  await expect(page.locator(".editor-group-container.active .view-lines")).toContainText("ms");
  await page.screenshot({ path: test.info().outputPath("log.png") });
  const file = join(home, "logs", "localcoder.log");
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(/ info engine: LocalCoder \S+ for \S+ \S+ has opened /);
  expect(text).toMatch(/ debug engine: settings\.read \d+ ms/);
  expect(text).not.toContain("geheim");
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
});

scripted("the system tells that an answer is there, where that was chosen and nobody looks @electron", async ({ openScripted }) => {
  const { page, electron } = await openScripted(
    { answer: "It is a number.", millisecondsPerToken: 100 },
    {
      files: { "one.ts": "export const one = 1;\n" },
      arguments: ["--notifications", "system"],
      settings: { "localcoder.notifications": "system" },
    },
  );
  await electron?.evaluate(({ Notification }) => {
    Notification.prototype.show = function (this: Electron.Notification) {
      Object.assign(globalThis, { told: `${this.title}: ${this.body}` });
    };
  });
  const told = () => electron?.evaluate(() => (globalThis as { told?: string }).told);
  const explain = async () => {
    await focusEditor(page);
    await page.keyboard.press("ControlOrMeta+A");
    await runCommand(page, "LocalCoder: Explain selection");
    await expect(page.locator(".localcoder-card")).toContainText("It is a number.");
  };
  await openFile(page, "one.ts");
  await explain();
  expect(await told()).toBe(undefined);
  await page.evaluate(() => Object.assign(document, { hasFocus: () => false }));
  await explain();
  await expect.poll(told).toContain("The answer is there.");
});
