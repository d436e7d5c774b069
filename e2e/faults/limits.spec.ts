import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { better, cart, chord, selectLines, shownText } from "../assist.ts";
import { expect, focusEditor, openFile, ready, root, runCommand, test } from "../launch.ts";
import { type ScriptedOwner, startScriptedOwner } from "../scripted-owner.ts";
import { mountSmallDisk, type SmallDisk } from "./disk.ts";
import { holdHistory, soundnessOf } from "./history-file.ts";
import { descriptorsOf, setLimit } from "./processes.ts";
import { slowWrites } from "./slow-writes.ts";

const noDisk = "This system does not let a test make a small disk; root may.";

let place = "";
let disk: SmallDisk | undefined;
test.beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "localcoder-limits-"));
});
test.afterEach(() => {
  disk?.remove();
  disk = undefined;
  rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

const notices = (page: Page) => page.locator(".notifications-toasts");

/** How the sessions of a data folder stand, as the command line sees them. */
function statesIn(owner: ScriptedOwner): string[] {
  const said = spawnSync(process.execPath, [join(root, "out/headless/cli.js"), "sessions", "--json"], {
    env: { ...process.env, ...owner.environment },
    encoding: "utf8",
  });
  return (JSON.parse(said.stdout) as { readonly state: string }[]).map(({ state }) => state);
}

async function closeNotices(page: Page): Promise<void> {
  await runCommand(page, "Notifications: Clear All Notifications");
}

test("a folder on a full disk: saving says so, the text stays, and is saved when there is room @electron @long", async ({ open }) => {
  disk = mountSmallDisk(join(place, "small"), 1);
  if (!disk) return test.skip(true, noDisk);
  const file = join(disk.path, "notes.txt");
  writeFileSync(file, "first\n");
  const { page } = await open({ folder: false, arguments: [disk.path] });
  await ready(page);
  await openFile(page, "notes.txt");
  await focusEditor(page);

  disk.fill();
  await page.keyboard.insertText("long line\n".repeat(1000));
  await runCommand(page, "File: Save");
  await expect(notices(page)).toContainText("The disk has no room left for");
  expect(readFileSync(file, "utf8")).toBe("first\n");
  await expect(page.locator(".tab.dirty")).toBeVisible();
  disk.free();
  await closeNotices(page);
  await runCommand(page, "File: Save");
  await expect.poll(() => readFileSync(file, "utf8")).toBe(`${"long line\n".repeat(1000)}first\n`);
});

test("a disk that can only be read: saving says so, another place can be chosen, and nothing asks for an administrator @electron @long", async ({
  open,
}) => {
  disk = mountSmallDisk(join(place, "small"), 1);
  if (!disk) return test.skip(true, noDisk);
  const file = join(disk.path, "notes.txt");
  writeFileSync(file, "first\n");
  const { page } = await open({ folder: false, arguments: [disk.path] });
  await ready(page);
  await openFile(page, "notes.txt");
  await focusEditor(page);
  await page.keyboard.type("typed ");
  disk.setReadOnly(true);
  await runCommand(page, "File: Save");
  await expect(notices(page)).toContainText(`Failed to save 'notes.txt': ${file} can only be read. Save it in another place.`);
  await expect(notices(page).getByRole("button", { name: "Save As..." })).toBeVisible();
  await expect(notices(page)).not.toContainText(/sudo|admin|superuser|Error/i);
  await page.screenshot({ path: test.info().outputPath("read-only.png") });
  await expect(page.locator(".tab.dirty")).toBeVisible();
  disk.setReadOnly(false);
  await notices(page).getByRole("button", { name: "Retry" }).click();
  await expect.poll(() => readFileSync(file, "utf8")).toBe("typed first\n");
});

test("a full disk under the history: an answer is shown whole, and the history is sound and complete when there is room @electron @long", async ({
  open,
}) => {
  const answer = "It begins with nothing, adds each of the prices to it in turn, and gives the sum back when there is none left.";
  const owner = await startScriptedOwner(
    { answer },
    {
      prepare(home) {
        disk = mountSmallDisk(join(home, "data"), 8);
        if (disk) writeFileSync(join(disk.path, "desktop.json"), JSON.stringify({ firstRunFinished: true }));
      },
    },
  );
  try {
    if (!disk) return test.skip(true, noDisk);
    const { page } = await open({ files: { "cart.ts": cart }, environment: owner.environment });
    await ready(page);
    const explain = async () => {
      await selectLines(page, "cart.ts", 3, 9);
      await chord(page, "x");
      await page.locator('.localcoder-card [data-button="again"]').waitFor();
    };
    disk.fill();
    await explain();
    await expect(page.locator(".localcoder-card")).toContainText(answer.trim());
    await page.keyboard.press("Escape");
    disk.free();
    await explain();
    await expect.poll(() => statesIn(owner), { timeout: 30_000 }).toEqual(["done", "done"]);
    expect(soundnessOf(owner.home)).toBe("ok");
  } finally {
    await owner.close().catch(() => undefined);
  }
});

test("a history that another program holds: the answer is shown whole, that is said, and it is kept when it is let go @electron @long", async ({
  open,
}) => {
  const answer = "It begins with nothing, adds each of the prices to it, and gives the sum back.";
  const owner = await startScriptedOwner({ answer, millisecondsPerToken: 50 });
  try {
    const { page } = await open({ files: { "cart.ts": cart }, environment: owner.environment });
    await ready(page);
    await selectLines(page, "cart.ts", 3, 9);
    const held = holdHistory(owner.home);
    await chord(page, "x");
    const card = page.locator(".localcoder-card");
    await card.locator('[data-button="again"]').waitFor();
    await expect(card).toContainText(answer);
    await expect(card).toContainText("Another program holds the history, so this answer is not kept yet.");
    await page.screenshot({ path: test.info().outputPath("held.png") });
    held.letGo();
    await expect.poll(() => statesIn(owner), { timeout: 30_000 }).toEqual(["done"]);
    expect(soundnessOf(owner.home)).toBe("ok");
  } finally {
    await owner.close();
  }
});

test("no descriptors left in the engine: one sentence, no text lost, and it goes on when there are some @electron @long", async ({
  open,
}) => {
  test.skip(process.platform !== "linux", "Limits of a process that runs can be changed on Linux only.");
  const workbench = await open({ files: { "notes.txt": "first\n", "other.txt": "other\n" } });
  const { page } = workbench;
  await ready(page);
  await openFile(page, "notes.txt");
  await focusEditor(page);
  await page.keyboard.type("typed ");
  const [engine = 0] = await workbench.processes("engine");
  setLimit(engine, "nofile", descriptorsOf(engine) - 5);
  await runCommand(page, "File: Save");
  await expect(notices(page)).toContainText("Too many files are open at once");
  await expect.poll(() => shownText(page)).toContain("typed first");
  expect(readFileSync(join(workbench.workspace, "notes.txt"), "utf8")).toBe("first\n");
  setLimit(engine, "nofile", 1024);
  await closeNotices(page);
  await runCommand(page, "File: Save");
  await expect.poll(() => readFileSync(join(workbench.workspace, "notes.txt"), "utf8")).toBe("typed first\n");
  expect(await workbench.processes("engine")).toEqual([engine]);
});

test("a slow disk: typing does not wait for it, saving arrives, and what was not saved outlives a kill @electron @long", async ({
  open,
}) => {
  const workbench = await open({ files: { "notes.txt": "first\n" } });
  await ready(workbench.page);
  await openFile(workbench.page, "notes.txt");
  const [engine = 0] = await workbench.processes("engine");
  const slow = await slowWrites(engine, 700);
  if (!slow) return test.skip(true, "strace is not installed, or may not slow other processes down.");
  const file = join(workbench.workspace, "notes.txt");
  await focusEditor(workbench.page);
  await workbench.page.keyboard.type("typed ");
  await runCommand(workbench.page, "File: Save");
  await workbench.page.locator(".tab.active").waitFor();
  await focusEditor(workbench.page);
  await workbench.page.keyboard.type("more ");
  await expect.poll(() => shownText(workbench.page)).toContain("more typed first");
  await expect.poll(() => readFileSync(file, "utf8")).toBe("typed first\n");
  await expect(notices(workbench.page)).toBeHidden();
  // A file that is still being written does not count: it gets its name at the end.
  const search = ["-rlF", "--exclude=.localcoder-*.tmp", "more typed first", join(workbench.home, "user")];
  const kept = () => spawnSync("grep", search, { encoding: "utf8" }).stdout;
  await expect.poll(kept).not.toBe("");
  expect(slow.delayed()).toBeGreaterThan(3);
  await workbench.kill("program");
  slow.end();
  await workbench.reopen();
  await ready(workbench.page);
  // Which tab was in front may not have reached the disk.
  await workbench.page.locator(".tab", { hasText: "notes.txt" }).click();
  await expect.poll(() => shownText(workbench.page)).toContain("more typed first");
  expect(readFileSync(file, "utf8")).toBe("typed first\n");
  expect(soundnessOf(workbench.home)).toBe("ok");
});

test("a clock that jumps by years loses nothing @electron @long", async () => {
  const library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
  test.skip(!existsSync(library), "libfaketime is not installed.");
  const owner = await startScriptedOwner({ answer: better });
  try {
    writeFileSync(join(place, "cart.ts"), cart);
    await owner.kill();
    const at = (time: string, ...parameters: string[]) =>
      spawnSync(process.execPath, [join(root, "out/headless/cli.js"), ...parameters], {
        cwd: place,
        encoding: "utf8",
        env: {
          ...process.env,
          ...owner.environment,
          LOCALCODER_INFERENCE_PROCESS: join(root, "src-engine", "inference", "scripted.process.ts"),
          LOCALCODER_SCRIPT: JSON.stringify({ answer: "It adds." }),
          LD_PRELOAD: library,
          FAKETIME: time,
          FAKETIME_DONT_FAKE_MONOTONIC: "1",
        },
      });
    for (const time of ["+0", "+3y", "-3y", "+10y", "-20y"]) {
      const { status, stderr } = at(time, "explain", "cart.ts:3-9");
      expect(stderr).not.toContain("history");
      expect(status).toBe(0);
    }
    expect(JSON.parse(at("+0", "sessions", "--json").stdout)).toHaveLength(5);
    expect(soundnessOf(owner.home)).toBe("ok");
  } finally {
    await owner.close();
  }
});
