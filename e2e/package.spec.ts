import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, focusEditor, openFile, packagedProgram, ready, root, runCommand, test } from "./launch.ts";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

test("the packaged program is no Node for others, and its command line runs models from inside @electron @long", () => {
  test.skip(!existsSync(packagedProgram), "There is no package: npm run package -- --linux dir --inspectable");
  const home = mkdtempSync(join(tmpdir(), "localcoder-packaged-"));
  try {
    const env = { ...process.env, DISPLAY: "", LOCALCODER_HOME: home };
    const start = (parameters: readonly string[], more = {}) =>
      spawnSync(packagedProgram, parameters, { encoding: "utf8", env: { ...env, ...more } });
    // A Node would print its own version.
    expect(start(["--no-sandbox", "--version"], { ELECTRON_RUN_AS_NODE: "1" }).stdout).toBe(`${version}\n`);
    const { all, linux } = JSON.parse(readFileSync(join(root, "src-main", "command-line-switches.json"), "utf8"));
    const told = start([...all, ...linux, "--", "doctor", "--json"]);
    expect(JSON.parse(told.stdout).backend).toMatchObject({ name: "cpu" });
    expect(told.stderr).toBe("");
    expect(start([...all, ...linux, "--", "no-such-command"]).status).toBe(2);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("the packaged program starts, edits, searches and opens a terminal @electron @long", async ({ open }) => {
  test.skip(!existsSync(packagedProgram), "There is no package: npm run package -- --linux dir --inspectable");
  const { page, electron, workspace } = await open({ files: { "area.ts": "export const area = 1;\n" }, packaged: true });
  await ready(page);
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
