// Start, memory and typing in the window, beside bare Monaco in the same Electron. Run by `npm run bench`; Linux, under a display.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { _electron, type ElectronApplication } from "@playwright/test";
import { startScriptedOwner } from "../e2e/scripted-owner.ts";
import { median, printFigures } from "./figures.ts";
import { proportionalMemory } from "./memory.ts";
import { editorReady, focusFirstLine, measureTyping, type TypingCost } from "./typing.ts";

const root = resolve(import.meta.dirname, "..");
const executablePath = execFileSync("node", [join(root, "tools/electron-runtime.mjs")], { encoding: "utf8" }).trim();
// The sandbox cannot be used by root on Linux.
const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const rounds = Number(process.env.LOCALCODER_BENCH_ROUNDS ?? 5);
const text = "export function area(width: number, height: number): number {\n  return width * height;\n}\n".repeat(40);

interface Subject {
  readonly name: string;
  launch(): Promise<ElectronApplication>;
}

function localcoder(): Subject & { readonly home: string; readonly file: string } {
  const home = mkdtempSync(join(tmpdir(), "localcoder-bench-"));
  const file = join(home, "area.ts");
  writeFileSync(file, text);
  // The wizard is not what is measured.
  mkdirSync(join(home, "data", "data"), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, "data", "data", "desktop.json"), JSON.stringify({ firstRunFinished: true }));
  return {
    name: "LocalCoder",
    home,
    file,
    launch: () =>
      _electron.launch({
        executablePath,
        args: [...sandbox, root, file],
        // Nothing of the machine's own user, so that no model is found.
        env: {
          ...process.env,
          LOCALCODER_HOME: join(home, "data"),
          HOME: home,
          MODELS_DIR: "",
          LOCALCODER_DEVELOPMENT_MODELS: "",
        } as never,
      }),
  };
}

const bareMonaco: Subject = {
  name: "bare Monaco",
  launch: () =>
    _electron.launch({
      executablePath,
      args: [...sandbox, join(root, "bench/bare-monaco")],
    }),
};

/** Milliseconds from starting the program to a typed character on the screen, and the memory some seconds later in MB. */
async function start(subject: Subject): Promise<{ readonly typed: number; readonly memory: number }> {
  const begun = performance.now();
  const app = await subject.launch();
  try {
    const page = await app.firstWindow();
    await editorReady(page);
    await focusFirstLine(page);
    await page.keyboard.press("q");
    await page.waitForFunction(() => document.querySelector(".view-lines")?.textContent?.includes("q"), null, { polling: "raf" });
    const typed = performance.now() - begun;
    await wait(5000);
    return { typed, memory: proportionalMemory(app.process().pid ?? 0) };
  } finally {
    app.process().kill("SIGKILL");
  }
}

/** What typing costs while an answer streams into a card below, from a scripted model so that only the window is measured. */
async function typingBesideAnswer(file: string): Promise<TypingCost> {
  const words = Array.from({ length: 2000 }, (_, index) => `word${index}`).join(" ");
  const owner = await startScriptedOwner(
    { answer: words, millisecondsPerToken: 40 },
    {
      settings: {
        "localcoder.completion.enabled": false,
        "localcoder.inference.maxTokens": 8000,
        "localcoder.inference.contextSize": 16384,
      },
    },
  );
  const app = await _electron.launch({
    executablePath,
    args: [...sandbox, root, file],
    env: { ...process.env, ...owner.environment } as never,
  });
  try {
    const page = await app.firstWindow();
    await editorReady(page);
    await focusFirstLine(page);
    await wait(3000);
    for (let line = 0; line < 3; line++) await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Control+K");
    await page.keyboard.press("x");
    await page.locator(".localcoder-card", { hasText: "word20" }).waitFor();
    await page.keyboard.press("Control+End");
    const cost = await measureTyping(page, 50);
    if (!(await page.locator(".localcoder-card", { hasText: "Stop" }).count())) throw new Error("The answer ended before the typing did.");
    return cost;
  } finally {
    app.process().kill("SIGKILL");
    await owner.close();
  }
}

const ours = localcoder();
try {
  const starts = { ours: [] as number[], peer: [] as number[] };
  const memory = { ours: [] as number[], peer: [] as number[] };
  // The first round of each warms the file cache and Chromium's code cache and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const own = await start(ours);
    const peer = await start(bareMonaco);
    if (round === 0) continue;
    starts.ours.push(own.typed);
    starts.peer.push(peer.typed);
    memory.ours.push(own.memory);
    memory.peer.push(peer.memory);
  }
  const typed: TypingCost[] = [];
  for (const subject of [ours, bareMonaco]) {
    const app = await subject.launch();
    try {
      const page = await app.firstWindow();
      await editorReady(page);
      await focusFirstLine(page);
      await wait(3000);
      typed.push(await measureTyping(page, 50));
    } finally {
      app.process().kill("SIGKILL");
    }
  }
  const [own, peer] = typed as [TypingCost, TypingCost];
  const beside = await typingBesideAnswer(ours.file);
  printFigures(`Window, ${rounds} rounds, medians`, [
    {
      what: "start to typed character visible",
      unit: "ms",
      ours: median(starts.ours),
      peer: median(starts.peer),
      peerName: bareMonaco.name,
      aim: "2 x",
    },
    {
      what: "memory without a model (PSS)",
      unit: "MB",
      ours: median(memory.ours),
      peer: median(memory.peer),
      peerName: bareMonaco.name,
      aim: "1.5 x",
    },
    { what: "key to paint, median", unit: "ms", ours: own.paint, peer: peer.paint, peerName: bareMonaco.name, aim: "one frame more" },
    { what: "key to paint, p95", unit: "ms", ours: own.paintWorst, peer: peer.paintWorst, peerName: bareMonaco.name, aim: "stated" },
    { what: "main-thread work per key", unit: "ms", ours: own.work, peer: peer.work, peerName: bareMonaco.name, aim: "stated" },
  ]);
  printFigures("Typing while an answer streams", [
    { what: "key to paint, median", unit: "ms", ours: beside.paint, peer: own.paint, peerName: "no answer", aim: "one frame more" },
    { what: "main-thread work per key", unit: "ms", ours: beside.work, peer: own.work, peerName: "no answer", aim: "1 ms more" },
  ]);
} finally {
  rmSync(ours.home, { recursive: true, force: true });
}
