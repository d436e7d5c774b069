import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { better, cart } from "./assist.ts";
import { ready, root } from "./launch.ts";
import { expect, openFile, runCommand, test } from "./scripted.ts";

const files = {
  "cart.ts": cart,
  ".vscode/settings.json": JSON.stringify({ "localcoder.models.code": "of-a-stranger", "terminal.integrated.env.linux": { A: "b" } }),
  ".vscode/tasks.json": JSON.stringify({
    version: "2.0.0",
    tasks: [{ label: "strange task", type: "shell", command: "touch ran", runOptions: { runOn: "folderOpen" } }],
  }),
  ".localcoder/actions/strange.md": "---\ntitle: Strange action\n---\nDo.\n",
};

test("a stranger's folder is restricted until it is trusted; that is seen, kept, and taken back", async ({ openScripted, face }) => {
  let home = "";
  const prepare = (folder: string) => {
    home = folder;
  };
  const { page, workspace } = await openScripted({ answer: better }, { files, settings: { "localcoder.trust.folders": [] }, prepare });
  const restricted = page.locator(".statusbar-item", { hasText: "Restricted Mode" });
  const question = page.locator(".monaco-dialog-box");
  await expect(restricted).toBeVisible();
  await expect(page.locator(".notifications-toasts")).toContainText("Not used until you trust the folder: localcoder.models.code.");

  await openFile(page, "cart.ts");
  await runCommand(page, "LocalCoder: Run one of your own actions");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Strange action" }).click();
  await expect(question).toContainText("Do you trust the folder?");
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);

  await runCommand(page, "Tasks: Run Task");
  await expect(question).toContainText("Do you trust the authors of the files in this folder?");
  if (process.env.LOCALCODER_PICTURES) await page.screenshot({ path: join(process.env.LOCALCODER_PICTURES, `trust-${face}.png`) });
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
  expect(existsSync(join(workspace, "ran"))).toBe(false);

  await restricted.click();
  await page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }).click();
  await expect(restricted).toHaveCount(0);
  const settings = join(home, "user", "settings.json");
  await expect.poll(() => JSON.parse(readFileSync(settings, "utf8"))["localcoder.trust.folders"]).toEqual([realpathSync(workspace)]);

  await page.reload();
  await ready(page);
  await expect(restricted).toHaveCount(0);
  const { status } = spawnSync(process.execPath, [join(root, "out/headless/cli.js"), "trust", "--remove", workspace], {
    env: { ...process.env, LOCALCODER_HOME: home },
  });
  expect(status).toBe(0);
  await expect(restricted).toBeVisible();
  // What the window remembers does not count: the settings do, from the first moment.
  await page.reload();
  await ready(page);
  await expect(restricted).toBeVisible();
  expect(existsSync(join(workspace, "ran"))).toBe(false);
});
