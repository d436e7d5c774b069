import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type BetterSqlite from "better-sqlite3";
import { resolveElectron } from "../tools/electron-runtime.mjs";
import { expect, focusEditor, openFile, ready, root, runCommand, test } from "./launch.ts";

const Sqlite = createRequire(import.meta.url)("better-sqlite3") as typeof BetterSqlite;

const files = { "area.ts": "export const area = 1;\n", "later.ts": "export const later = 2;\n", "notes/read me.md": "# Notes\n" };

test("a folder opens, a file is edited and saved", async ({ open }) => {
  const { page, workspace } = await open({ files });
  await ready(page);
  await expect(page.locator(".explorer-folders-view .monaco-list-row", { hasText: "area.ts" })).toBeVisible();
  await openFile(page, "area.ts");
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("let hand = 1;\n");
  await expect(page.locator(".view-lines")).toContainText("hand");
  await runCommand(page, "File: Save");
  await expect.poll(() => readFileSync(join(workspace, "area.ts"), "utf8")).toBe("let hand = 1;\nexport const area = 1;\n");
});

test("the page loads nothing from elsewhere and cannot", async ({ open, face }) => {
  const workbench = await open({ files });
  const { page } = workbench;
  const addresses: string[] = [];
  page.on("request", (request) => addresses.push(request.url()));
  await page.reload();
  await ready(page);
  await openFile(page, "area.ts");
  const own = face === "electron" ? /^(app|blob|data):/ : /^(http:\/\/127\.0\.0\.1:|blob:|data:)/;
  expect(addresses.filter((address) => !own.test(address))).toEqual([]);
  const outcome = await page.evaluate(() =>
    fetch("https://example.com/").then(
      () => "reached",
      (error: Error) => error.name,
    ),
  );
  expect(outcome).toBe("TypeError");
});

test("a reload in the middle of a start does no harm", async ({ open }) => {
  const { page } = await open({ files });
  // A browser may refuse a reload while it still puts the page of the last one in place.
  for (let times = 0; times < 6; times += 1) await expect(() => page.reload({ waitUntil: "commit" })).toPass({ intervals: [50] });
  await ready(page);
  await openFile(page, "area.ts");
});

test("text that was not saved survives a kill", async ({ open, face }) => {
  test.skip(face === "browser", "A browser keeps its page when the server is killed; see the reconnect spec.");
  const workbench = await open({ files });
  await ready(workbench.page);
  await openFile(workbench.page, "area.ts");
  await focusEditor(workbench.page);
  await workbench.page.keyboard.type("unsaved ");
  await expect(workbench.page.locator(".tab.dirty")).toBeVisible();
  const backups = join(workbench.home, "user");
  await expect.poll(() => spawnSync("grep", ["-rl", "unsaved", backups], { encoding: "utf8" }).stdout).not.toBe("");
  await workbench.kill("program");
  await workbench.reopen();
  await ready(workbench.page);
  await expect(workbench.page.locator(".tab.dirty", { hasText: "area.ts" })).toBeVisible();
  await expect(workbench.page.locator(".view-lines")).toContainText("unsaved");
  expect(readFileSync(join(workbench.workspace, "area.ts"), "utf8")).toBe(files["area.ts"]);
});

test("the engine may be killed: files go on, unsaved text stays @electron", async ({ open }) => {
  const workbench = await open({ files });
  const { page } = workbench;
  await ready(page);
  await openFile(page, "area.ts");
  await focusEditor(page);
  await page.keyboard.type("x");
  await workbench.kill("engine");
  await expect.poll(async () => (await workbench.processes("engine")).length).toBe(1);
  await expect(page.locator(".view-lines")).toContainText("xexport");
  await runCommand(page, "File: Save");
  await expect.poll(() => readFileSync(join(workbench.workspace, "area.ts"), "utf8")).toBe("xexport const area = 1;\n");

  // Also one that was being opened: it has been asked for, and nothing has come yet.
  const [engine = 0] = await workbench.processes("engine");
  process.kill(engine, "SIGSTOP");
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "later.ts" }).dblclick();
  await expect(page.locator(".monaco-progress-container.active").first()).toBeVisible();
  await workbench.kill("engine");
  await expect(page.locator(".tab.active", { hasText: "later.ts" })).toBeVisible();
  await expect(page.locator(".view-lines")).toContainText("export const later = 2;");
});

test("the program says its version and how it is used @electron", async () => {
  const { executable } = await resolveElectron();
  const run = (...parameters: string[]) =>
    spawnSync(executable, [root, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), ...parameters], {
      encoding: "utf8",
      timeout: 30_000,
    });
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(run("--version").stdout.trim()).toBe(version);
  expect(run("--help").stdout).toContain("--new-window");
});

test("a start leaves nothing behind in the checkout @electron", async ({ open }) => {
  const { page, close } = await open({ folder: false });
  await ready(page);
  await close();
  expect(existsSync(join(root, "data"))).toBe(false);
});

test("a data folder that cannot be used is named in one sentence @electron", async () => {
  const { executable } = await resolveElectron();
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const result = spawnSync(executable, [root, ...sandbox], {
    env: { ...process.env, LOCALCODER_HOME: "/dev/null/nowhere" },
    encoding: "utf8",
    timeout: 30_000,
  });
  expect(result.status).toBe(1);
  expect(result.stderr).toContain("/dev/null/nowhere/data cannot be created");
});

test("a display that does not answer is named in one sentence @electron", async () => {
  test.skip(process.platform !== "linux", "Only Linux has programs without one.");
  const { executable } = await resolveElectron();
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const home = mkdtempSync(join(tmpdir(), "localcoder-display-"));
  const result = spawnSync(executable, [root, ...sandbox], {
    env: { ...process.env, LOCALCODER_HOME: home, DISPLAY: ":4242", WAYLAND_DISPLAY: "" },
    encoding: "utf8",
    timeout: 30_000,
  });
  rmSync(home, { recursive: true, force: true });
  expect([result.status, result.stderr]).toEqual([
    1,
    expect.stringContaining("The display :4242 cannot be reached. Start it from a desktop"),
  ]);
});

test("a history of a newer version is shown, said to be one, and left as it is @electron", async ({ open }) => {
  const workbench = await open({ files });
  await ready(workbench.page);
  await workbench.close();
  const file = join(workbench.home, "data", "localcoder.db");
  const newer = new Sqlite(file);
  newer.exec(`
    PRAGMA user_version = 99;
    ALTER TABLE sessions ADD COLUMN mood TEXT;
    ALTER TABLE messages ADD COLUMN mood TEXT;`);
  const row =
    "INSERT INTO sessions (id, title, kind, created, updated, state, workspace, mood) VALUES (?, ?, 'explain', 1, 1, 'done', ?, 'calm')";
  newer.prepare(row).run("of-tomorrow", "Explain tomorrow", realpathSync(workbench.workspace));
  newer.close();
  const digest = () => createHash("sha256").update(readFileSync(file)).digest("hex");
  const before = digest();
  await workbench.reopen();
  const { page } = workbench;
  await ready(page);
  const said = page.locator(".notification-toast", { hasText: "The history was written by a newer version of LocalCoder." });
  await expect(said).toContainText("Update LocalCoder to go on with this history.");
  await runCommand(page, "LocalCoder: Open history");
  await expect(page.locator(".localcoder-history [data-session]")).toContainText("Explain tomorrow");
  await expect(page.locator(".localcoder-history")).toContainText("It can be read here and stays as it is.");
  if (process.env.LOCALCODER_PICTURES) await page.screenshot({ path: join(process.env.LOCALCODER_PICTURES, "newer.png") });
  await workbench.close();
  expect(digest()).toBe(before);
});

test("the licence and the third-party notices open as texts", async ({ open }) => {
  const { page } = await open({ files });
  await ready(page);
  await runCommand(page, "LocalCoder: Show third-party notices");
  await expect(page.locator(".tab.active", { hasText: "THIRD_PARTY_NOTICES.txt" })).toBeVisible();
  await expect(page.locator(".view-lines")).toContainText("LocalCoder contains the work of others");
  await runCommand(page, "LocalCoder: Show licence");
  await expect(page.locator(".tab.active", { hasText: "LICENSE.txt" })).toBeVisible();
  await expect(page.locator(".view-lines")).toContainText("Apache License");
  if (process.env.LOCALCODER_PICTURES) await page.screenshot({ path: join(process.env.LOCALCODER_PICTURES, "licence.png") });
});
