import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveElectron } from "../../tools/electron-runtime.mjs";
import { expect, focusEditor, openFile, ready, root, runCommand, test } from "../launch.ts";
import { mountSmallDisk } from "./disk.ts";

const isRoot = process.getuid?.() === 0;

/** What the program says where it cannot start. */
async function failedStart(home: string, environment: Readonly<Record<string, string | undefined>> = {}) {
  const { executable } = await resolveElectron();
  return spawnSync(executable, [root, ...(isRoot ? ["--no-sandbox"] : [])], {
    env: { ...process.env, LOCALCODER_HOME: home, ...environment },
    encoding: "utf8",
    timeout: 30_000,
  });
}

test("a home with blanks, emoji and 200 characters, a language that does not exist and no graphics are borne @electron @long", async ({
  open,
}) => {
  const place = mkdtempSync(join(tmpdir(), "localcoder-places-"));
  try {
    const home = join(place, `My häuser 🏠 ${"x".repeat(100)}`, "y".repeat(90));
    mkdirSync(home, { recursive: true });
    const { page, workspace, electron } = await open({
      name: `my projekt 🦀 ${"z".repeat(150)}`,
      files: { "a file.txt": "first\n" },
      environment: { LOCALCODER_HOME: home, LANG: "tlh_KX.UTF-8", LC_ALL: "tlh_KX.UTF-8", LANGUAGE: "tlh" },
      arguments: ["--lang=tlh", "--disable-gpu"],
    });
    await ready(page);
    await openFile(page, "a file.txt");
    await focusEditor(page);
    await page.keyboard.type("typed ");
    await runCommand(page, "File: Save");
    await expect.poll(() => readFileSync(join(workspace, "a file.txt"), "utf8")).toBe("typed first\n");
    // A second program finds the engine of this home, though its path is too long for a socket.
    const said = spawnSync(process.execPath, [join(root, "out/headless/cli.js"), "sessions", "--json"], {
      env: { ...process.env, LOCALCODER_HOME: home },
      encoding: "utf8",
    });
    expect([said.status, said.stdout.trim()]).toEqual([0, "[]"]);
    await electron?.close();
  } finally {
    rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});

test("a profile of another user, and a home that can only be read, are named in one sentence @electron @long", async () => {
  test.skip(!isRoot, "Only root can give a folder to somebody else, or make a disk.");
  const place = mkdtempSync(join(tmpdir(), "localcoder-places-"));
  const disk = mountSmallDisk(join(place, "disk"), 1);
  try {
    const home = join(place, "home");
    mkdirSync(join(home, "data"), { recursive: true });
    chownSync(join(home, "data"), 65_534, 65_534);
    const others = await failedStart(home);
    expect(others.status).toBe(1);
    expect(others.stderr).toContain(`The data folder ${join(home, "data")} belongs to another user.`);
    disk?.setReadOnly(true);
    const readOnly = await failedStart(join(place, "disk", "home"));
    expect(readOnly.status).toBe(1);
    expect(readOnly.stderr).toContain("cannot be created or written to.");
  } finally {
    disk?.remove();
    rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});

test("without a display one sentence says so @electron @long", async () => {
  test.skip(process.platform !== "linux", "Only Linux has programs without one.");
  const home = mkdtempSync(join(tmpdir(), "localcoder-places-"));
  try {
    const { status, stderr } = await failedStart(home, { DISPLAY: undefined, WAYLAND_DISPLAY: undefined });
    expect([status, stderr.includes("There is no display for the window.")]).toEqual([1, true]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
