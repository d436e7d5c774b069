// Start, memory and typing in the window, beside bare Monaco in the same Electron. Run by `npm run bench`; Linux, under a display.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import { median, percentile, printFigures } from "./figures.ts";
import { proportionalMemory } from "./memory.ts";

const root = resolve(import.meta.dirname, "..");
const executablePath = execFileSync("node", [join(root, "tools/electron-runtime.mjs")], { encoding: "utf8" }).trim();
const rounds = Number(process.env.LOCALCODER_BENCH_ROUNDS ?? 5);
const text = "export function area(width: number, height: number): number {\n  return width * height;\n}\n".repeat(40);

interface Subject {
  readonly name: string;
  launch(): Promise<ElectronApplication>;
}

function localcoder(): Subject & { readonly home: string } {
  const home = mkdtempSync(join(tmpdir(), "localcoder-bench-"));
  const file = join(home, "area.ts");
  writeFileSync(file, text);
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return {
    name: "LocalCoder",
    home,
    launch: () =>
      _electron.launch({
        executablePath,
        args: [...sandbox, root, file],
        env: { ...process.env, LOCALCODER_HOME: join(home, "data") } as never,
      }),
  };
}

const bareMonaco: Subject = {
  name: "bare Monaco",
  launch: () =>
    _electron.launch({
      executablePath,
      args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), join(root, "bench/bare-monaco")],
    }),
};

async function editorReady(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("localcoder:typed-ready").length > 0, null, { timeout: 60_000 });
}

/** Milliseconds from starting the program to a typed character on the screen, and the memory some seconds later in MB. */
async function start(subject: Subject): Promise<{ readonly typed: number; readonly memory: number }> {
  const begun = performance.now();
  const app = await subject.launch();
  try {
    const page = await app.firstWindow();
    await editorReady(page);
    await page
      .locator(".monaco-editor .view-lines")
      .first()
      .click({ position: { x: 5, y: 5 } });
    await page.keyboard.press("q");
    await page.waitForFunction(() => document.querySelector(".view-lines")?.textContent?.includes("q"), null, { polling: "raf" });
    const typed = performance.now() - begun;
    await wait(5000);
    return { typed, memory: proportionalMemory(app.process().pid ?? 0) };
  } finally {
    app.process().kill("SIGKILL");
  }
}

/** Milliseconds from key to painted frame, and of main-thread work per key, over some keys. */
async function typing(page: Page, keys: number): Promise<{ readonly paint: number; readonly paintWorst: number; readonly work: number }> {
  await page.evaluate(() => {
    const samples: number[] = [];
    Object.assign(globalThis, { keySamples: samples });
    document.addEventListener(
      "keydown",
      (event) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => samples.push(performance.now() - event.timeStamp);
        requestAnimationFrame(() => channel.port2.postMessage(null));
      },
      true,
    );
  });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const taskSeconds = async () =>
    (await session.send("Performance.getMetrics")).metrics.find((metric) => metric.name === "TaskDuration")?.value ?? 0;
  const quietFrom = await taskSeconds();
  await wait(keys * 120);
  const quiet = (await taskSeconds()) - quietFrom;
  const busyFrom = await taskSeconds();
  for (let key = 0; key < keys; key++) {
    await page.keyboard.press("w");
    await wait(120);
  }
  const busy = (await taskSeconds()) - busyFrom;
  const samples = await page.evaluate(() => (globalThis as unknown as { keySamples: number[] }).keySamples);
  await session.detach();
  return { paint: median(samples), paintWorst: percentile(samples, 0.95), work: ((busy - quiet) * 1000) / keys };
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
  const typed: { paint: number; paintWorst: number; work: number }[] = [];
  for (const subject of [ours, bareMonaco]) {
    const app = await subject.launch();
    try {
      const page = await app.firstWindow();
      await editorReady(page);
      await page
        .locator(".monaco-editor .view-lines")
        .first()
        .click({ position: { x: 5, y: 5 } });
      await wait(3000);
      typed.push(await typing(page, 50));
    } finally {
      app.process().kill("SIGKILL");
    }
  }
  const [own, peer] = typed as [(typeof typed)[number], (typeof typed)[number]];
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
} finally {
  rmSync(ours.home, { recursive: true, force: true });
}
