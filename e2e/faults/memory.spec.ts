import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { cart, chord, selectLines, shownText } from "../assist.ts";
import { expect, focusEditor, openFile, ready, runCommand, test, type Workbench } from "../launch.ts";
import { startScriptedOwner } from "../scripted-owner.ts";
import { soundnessOf } from "./history-file.ts";
import { limitMemory, processesOf, setLimit } from "./processes.ts";

// No memory left: each process in turn gets little more than it has, and the system refuses it the rest.

test.beforeEach(() => test.skip(process.platform !== "linux", "Limits of a process that runs can be changed on Linux only."));

const card = (page: Page) => page.locator(".localcoder-card").first();
const large = (megabytes: number) => Buffer.alloc(megabytes * 2 ** 20, "A line of a large file, which is as long as the others.\n");

/** Answers the system's questions with their first button: a test cannot press it. What was asked last is kept as `asked`. */
async function answerQuestions({ electron }: Workbench): Promise<void> {
  await electron?.evaluate(({ dialog }) => {
    Object.assign(globalThis, { asked: "" });
    dialog.showMessageBox = async (...parameters: unknown[]) => {
      Object.assign(globalThis, { asked: (parameters.at(-1) as { message: string }).message });
      return { response: 0, checkboxChecked: false };
    };
  });
}

/** The window has come up again, and what was typed before is in it. */
async function expectTyped({ page }: Workbench): Promise<void> {
  await ready(page);
  await page.locator(".tab", { hasText: "notes.txt" }).click();
  await expect.poll(() => shownText(page)).toContain("typed before\nfirst");
}

/** Types a line and waits until it is on the disk, without being saved. */
async function typeAndKeep({ page, home }: Pick<Workbench, "page" | "home">, line: string): Promise<void> {
  await openFile(page, "notes.txt");
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.type(`${line}\n`);
  await expect.poll(() => spawnSync("grep", ["-rlF", line, join(home, "user")], { encoding: "utf8" }).stdout).not.toBe("");
}

test("a window without memory says so, and comes back with what was typed @electron @long", async ({ open }) => {
  test.slow();
  const workbench = await open({ files: { "notes.txt": "first\n", "large.txt": large(45) } });
  await ready(workbench.page);
  await typeAndKeep(workbench, "typed before");
  await answerQuestions(workbench);
  const window = await workbench.electron?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId());
  limitMemory(window ?? 0, 60);
  // Nobody waits for it: the page is gone before it could answer.
  void openFile(workbench.page, "large.txt").catch(() => {});
  const asked = () => workbench.electron?.evaluate(() => String(Reflect.get(globalThis, "asked")));
  await expect.poll(asked, { timeout: 60_000 }).toBe("The window has stopped working.");
  await workbench.kill("program");
  await workbench.reopen();
  await expectTyped(workbench);
  await workbench.close();
  expect(soundnessOf(workbench.home)).toBe("ok");
  await expect.poll(() => processesOf(workbench.home)).toEqual([]);
});

test("an engine without memory loses nothing, and goes on when there is some @electron @long", async ({ open }) => {
  const workbench = await open({ files: { "notes.txt": "first\n", "large.txt": large(45) } });
  const { page } = workbench;
  await ready(page);
  await typeAndKeep(workbench, "typed before");
  const [engine = 0] = await workbench.processes("engine");
  limitMemory(engine, 2);
  await openFile(page, "large.txt").catch(() => {});
  await page.waitForTimeout(5000);
  await page.screenshot({ path: test.info().outputPath("engine-without-memory.png") });
  console.log(
    `The engine ${(await workbench.processes("engine"))[0] === engine ? "went on" : "ended and was started again"} without memory.`,
  );
  for (const id of await workbench.processes("engine")) setLimit(id, "data", "unlimited");
  await page.locator(".tab", { hasText: "notes.txt" }).click();
  await focusEditor(page);
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("typed after ");
  await runCommand(page, "File: Save");
  await expect.poll(() => readFileSync(join(workbench.workspace, "notes.txt"), "utf8")).toBe("typed after typed before\nfirst\n");
  await workbench.close();
  expect(soundnessOf(workbench.home)).toBe("ok");
  await expect.poll(() => processesOf(workbench.home)).toEqual([]);
});

test("when main, the owner of the data and the model's process get no more memory, no text is lost, and everything works again after it @electron @long", async ({
  open,
}) => {
  test.slow();
  const owner = await startScriptedOwner({ answer: "It adds the prices up. ".repeat(40), millisecondsPerToken: 5 });
  try {
    const workbench = await open({ files: { "notes.txt": "first\n", "cart.ts": cart }, environment: owner.environment });
    await ready(workbench.page);
    await typeAndKeep({ page: workbench.page, home: owner.home }, "typed before");
    await answerQuestions(workbench);
    await selectLines(workbench.page, "cart.ts", 3, 9);
    const all = processesOf(owner.home).map(({ id }) => id);
    for (const id of all) limitMemory(id, 4);
    await chord(workbench.page, "x").catch(() => {});
    // What comes of it is chance: some of them may end, some may be refused a piece of work.
    await workbench.page.waitForTimeout(15_000).catch(() => {});
    const gone = all.filter((id) => !existsSync(`/proc/${id}`)).length;
    console.log(`${gone} of ${all.length} processes ended without memory.`);
    await workbench.page.screenshot({ path: test.info().outputPath("without-memory.png"), timeout: 5000 }).catch(() => {});
    for (const { id } of processesOf(owner.home)) setLimit(id, "data", "unlimited");
    await workbench.kill("program");
    if (!existsSync(`/proc/${owner.id()}`)) await owner.restart();
    await workbench.reopen();
    await expectTyped(workbench);
    await selectLines(workbench.page, "cart.ts", 3, 9);
    await chord(workbench.page, "x");
    await expect(card(workbench.page)).toContainText("It adds the prices up.");
    await workbench.close();
    await owner.kill();
    await expect.poll(() => processesOf(owner.home)).toEqual([]);
    expect(soundnessOf(owner.home)).toBe("ok");
  } finally {
    await owner.close();
  }
});
