import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveElectron } from "../../tools/electron-runtime.mjs";
import { expect, focusEditor, openFile, ready, root, runCommand, test, type Workbench } from "../launch.ts";
import { asOtherVersion, current } from "./other-version.ts";

// An older or newer version beside this one, on its folder and on one of its own.

const other = "9.8.7";
let place = "";
let folder = "";
test.beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "localcoder-versions-"));
  folder = asOtherVersion(join(place, other), other);
});
test.afterAll(() => rmSync(place, { recursive: true, force: true }));

const files = { "notes.txt": "first\n" };
const commandLine = (of: string) => join(of, "out/headless/cli.js");

/** Starts the window of the other version on the folder of a running one, and waits until it has ended. */
async function startOther({ environment }: Workbench): Promise<number | null> {
  const { executable } = await resolveElectron();
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const child = spawn(executable, [folder, ...sandbox], { env: { ...process.env, ...environment }, stdio: "ignore" });
  const [code] = await once(child, "exit");
  return code as number | null;
}

test("on one folder only one runs, and it and the command line say which @electron @long", async ({ open }) => {
  const workbench = await open({ files });
  const { page, electron, environment } = workbench;
  await ready(page);
  await openFile(page, "notes.txt");
  await focusEditor(page);
  await page.keyboard.type("unsaved ");
  await electron?.evaluate(({ dialog }) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = async (...parameters: unknown[]) => {
      const { message, detail } = parameters.at(-1) as { message: string; detail: string };
      asked.push(`${message} ${detail}`);
      return { response: 0, checkboxChecked: false };
    };
  });
  expect(await startOther(workbench)).toBe(0);
  const asked = () => electron?.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  await expect
    .poll(asked)
    .toEqual([expect.stringContaining(`LocalCoder ${other} was started, and this is LocalCoder ${current}. Both keep their data`)]);
  await expect(page.locator(".tab.dirty", { hasText: "notes.txt" })).toBeVisible();

  const said = spawnSync(process.execPath, [commandLine(folder), "sessions"], {
    env: { ...process.env, ...environment },
    encoding: "utf8",
  });
  expect(said.status).toBe(1);
  expect(said.stderr).toMatch(new RegExp(`LocalCoder ${current} is running \\(process \\d+\\), and this is version ${other}\\.`));
  expect(said.stderr).toContain("Quit the running one, and try again.");
});

test("a window whose folder another version has says so, and opens when that one was quit @electron @long", async ({ open }) => {
  const home = join(place, "home");
  const server = spawn(process.execPath, [commandLine(folder), "serve", "--json", place], {
    env: { ...process.env, LOCALCODER_HOME: home },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(server.stdout, "data");
    const { page } = await open({ files, environment: { LOCALCODER_HOME: home } });
    const failure = page.locator("#failure");
    await expect(failure).toContainText(`LocalCoder ${other} is running (process ${server.pid}), and this is version ${current}.`);
    await page.screenshot({ path: test.info().outputPath("other-version.png") });
    server.kill();
    await once(server, "exit");
    await failure.getByRole("button", { name: "Try again" }).click();
    await ready(page);
  } finally {
    server.kill();
  }
});

test("on folders of their own both run, and the command line of each finds its own engine @electron @long", async ({ open }) => {
  const both = [await open({ files }), await open({ files, program: folder })];
  for (const [index, { page, electron, workspace, environment }] of both.entries()) {
    await ready(page);
    expect(await electron?.evaluate(({ app }) => app.getVersion())).toBe([current, other][index]);
    await openFile(page, "notes.txt");
    await focusEditor(page);
    await page.keyboard.type("typed ");
    await runCommand(page, "File: Save");
    const own = spawnSync(process.execPath, [commandLine(index === 0 ? root : folder), "find", "typed", workspace, "--json"], {
      env: { ...process.env, ...environment },
      encoding: "utf8",
    });
    expect([own.status, own.stdout]).toEqual([0, expect.stringContaining("notes.txt")]);
  }
});
