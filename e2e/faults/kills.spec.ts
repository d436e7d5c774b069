import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { chord, selectLines, shownText } from "../assist.ts";
import { expect, focusEditor, openFile, ready, root, runCommand, test, type Workbench } from "../launch.ts";
import { type ScriptedOwner, startScriptedOwner } from "../scripted-owner.ts";
import { soundnessOf } from "./history-file.ts";
import { childrenOf, processesOf } from "./processes.ts";
import { createRandom } from "./random.ts";

/** How long faults are made, in seconds, after one of each kind: `LOCALCODER_FAULT_SECONDS=3600` makes them for an hour. */
const seconds = Number(process.env.LOCALCODER_FAULT_SECONDS ?? (process.env.LOCALCODER_LONG === "1" ? 600 : 0));

/** Longer than the window is high, so that the end is out of sight where nobody goes there. */
const before = Array.from({ length: 100 }, (_, index) => `Line ${index + 1} was there before.\n`).join("");

const answer = "It adds the prices up, one after the other, and gives back the sum of them all. ".repeat(20);

interface Place {
  readonly workbench: Workbench;
  readonly owner: ScriptedOwner;
  /** What was typed last. */
  readonly line: string;
}

/** Sends a signal to a process; one that has ended by itself meanwhile, as short tasks of the owner do, is left. */
function signal(id: number, name: NodeJS.Signals): void {
  try {
    process.kill(id, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** What can happen, each with what a user must be able to see or do after it. */
const faults: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  async window({ workbench, line }) {
    await workbench.electron?.evaluate(({ dialog }) => {
      // The question whether to load the window again is the system's, and a test cannot press its button.
      Object.assign(globalThis, { asked: "" });
      dialog.showMessageBox = async (...parameters: unknown[]) => {
        Object.assign(globalThis, { asked: (parameters.at(-1) as { message: string }).message });
        return { response: 0, checkboxChecked: false };
      };
    });
    await workbench.kill("window");
    await expect.poll(() => workbench.electron?.evaluate(() => Reflect.get(globalThis, "asked"))).toBe("The window has stopped working.");
    // Playwright gives a crashed page up for good, so the reloaded one is asked through the program, and another one is opened then.
    const text = () =>
      workbench.electron?.evaluate(({ BrowserWindow }) => {
        const script = "document.querySelector('.view-lines')?.textContent ?? ''";
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.sendInputEvent({ type: "keyDown", keyCode: "End", modifiers: ["control"] });
        const answer: Promise<string> = contents?.executeJavaScript(script) ?? Promise.resolve("");
        return Promise.race([answer, new Promise<string>((resolve) => setTimeout(() => resolve("no answer"), 1000))]);
      });
    await expect.poll(async () => (await text())?.replaceAll("\u00a0", " "), { timeout: 60_000 }).toContain(line);
    await workbench.kill("program");
    await workbench.reopen();
    await ready(workbench.page);
  },

  async engine({ workbench }) {
    const [before] = await workbench.processes("engine");
    await workbench.kill("engine");
    await expect.poll(async () => (await workbench.processes("engine"))[0] ?? before).not.toBe(before);
  },

  async inference({ workbench: { page }, owner }) {
    await explain(page);
    await expect(card(page)).toContainText("It adds the prices up");
    for (const id of childrenOf(owner.id())) signal(id, "SIGKILL");
    await expect(card(page)).toContainText("model process");
    await page.keyboard.press("Escape");
    await explain(page);
    await expect(card(page)).toContainText("It adds the prices up");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
  },

  async owner({ workbench, owner }) {
    await owner.kill();
    // The window's engine takes over, and hands over again when it is killed itself.
    expect(history(owner).status).toBe(0);
    await owner.restart();
    await workbench.kill("engine");
    expect(history(owner).status).toBe(0);
    await expect.poll(async () => (await workbench.processes("engine")).length).toBe(1);
  },

  async program({ workbench, owner }) {
    const others = new Set([owner.id(), ...childrenOf(owner.id())]);
    await workbench.kill("program");
    await expect.poll(() => processesOf(owner.home).filter(({ id }) => !others.has(id))).toEqual([]);
    await workbench.reopen();
    await ready(workbench.page);
  },

  async sleep({ workbench, owner }) {
    const asleep = [...(await workbench.processes("engine")), owner.id(), ...childrenOf(owner.id())];
    await workbench.electron?.evaluate(({ powerMonitor }) => powerMonitor.emit("suspend"));
    for (const id of asleep) signal(id, "SIGSTOP");
    // Whoever types while everything else stands still sees it.
    await typeLine(workbench.page, "typed while asleep");
    await expect.poll(() => shownText(workbench.page)).toContain("typed while asleep");
    for (const id of asleep) signal(id, "SIGCONT");
    await workbench.electron?.evaluate(({ powerMonitor }) => powerMonitor.emit("resume"));
  },
};

const card = (page: Page) => page.locator(".localcoder-card").first();

async function explain(page: Page): Promise<void> {
  await selectLines(page, "notes.txt", 1, 1);
  await chord(page, "x");
}

function history(owner: ScriptedOwner) {
  return spawnSync(process.execPath, [join(root, "out/headless/cli.js"), "sessions", "--json"], {
    env: { ...process.env, ...owner.environment },
    encoding: "utf8",
    timeout: 60_000,
  });
}

/** Puts the cursor behind the last line of the file that is open: only what is in sight can be read. */
async function goToEnd(page: Page): Promise<void> {
  await focusEditor(page);
  await page.keyboard.press("Control+End");
}

/** Types a line at the end of the file that is open. */
async function typeLine(page: Page, text: string): Promise<void> {
  await goToEnd(page);
  await page.keyboard.type(`${text}\n`);
}

test("whatever is killed, no text is lost, the history stays sound, and nothing is left running @electron", async ({ open }, testInfo) => {
  test.setTimeout(180_000 + seconds * 3000);
  const random = createRandom();
  // A line whose last word stands in the file already ends with Enter, and not with a suggestion of that word.
  const settings = { "editor.acceptSuggestionOnEnter": "off" };
  const owner = await startScriptedOwner({ answer, millisecondsPerToken: 20 }, { settings });
  const counts: Record<string, number> = {};
  const typed: string[] = [];
  try {
    const workbench = await open({ files: { "notes.txt": before }, environment: owner.environment });
    await ready(workbench.page);
    await openFile(workbench.page, "notes.txt");
    const end = Date.now() + seconds * 1000;
    const waiting = random.shuffle(Object.keys(faults));
    for (let round = 1; waiting.length > 0 || Date.now() < end; round += 1) {
      const name = waiting.shift() ?? random.pick(Object.keys(faults));
      const line = `${round} before ${name} ${random.below(1e9)}`;
      await test.step(line, async () => {
        await typeLine(workbench.page, line);
        typed.push(line);
        // What was typed within the last second is not on the disk yet.
        const kept = () => spawnSync("grep", ["-rlF", line, join(owner.home, "user")], { encoding: "utf8" }).stdout;
        await expect.poll(kept).not.toBe("");
        await faults[name]?.({ workbench, owner, line });
        if (name === "sleep") typed.push("typed while asleep");
        if ((await workbench.page.locator(".tab.active", { hasText: "notes.txt" }).count()) === 0)
          await workbench.page.locator(".tab", { hasText: "notes.txt" }).click();
        await goToEnd(workbench.page);
        await expect.poll(() => shownText(workbench.page)).toContain(typed.slice(-8).join("\n"));
        if (round % 3 === 0) {
          await focusEditor(workbench.page);
          await runCommand(workbench.page, "File: Save");
          const file = join(workbench.workspace, "notes.txt");
          await expect.poll(() => readFileSync(file, "utf8")).toBe(`${before}${typed.join("\n")}\n`);
        }
      });
      counts[name] = (counts[name] ?? 0) + 1;
    }
    expect(history(owner).status).toBe(0);
    await workbench.close();
    await owner.kill();
    await expect.poll(() => processesOf(owner.home)).toEqual([]);
    expect(soundnessOf(owner.home)).toBe("ok");
  } finally {
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const done = `Seed ${random.seed}; ${total} faults survived (${Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ")}); ${typed.length} lines typed.`;
    testInfo.annotations.push({ type: "faults", description: done });
    console.log(done);
    await owner.close();
  }
});
