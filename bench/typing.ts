import { setTimeout as wait } from "node:timers/promises";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import { median, percentile } from "./figures.ts";
import { executable } from "./subjects.ts";

/** What typing costs, in milliseconds. */
export interface TypingCost {
  /** From the key to the painted frame, the middle and the 95th percentile. */
  readonly paint: number;
  readonly paintWorst: number;
  /** Main-thread work per key beyond what the window does anyway. */
  readonly work: number;
  /** Each time from a key to the painted frame. */
  readonly samples: readonly number[];
}

const pause = 120;

/** Waits until an editor of either side takes keys. */
export async function editorReady(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName("localcoder:typed-ready").length > 0, null, { timeout: 60_000 });
}

/** Puts the cursor into the first line. */
export async function focusFirstLine(page: Page): Promise<void> {
  await page
    .locator(".monaco-editor .view-lines")
    .first()
    .click({ position: { x: 5, y: 5 } });
}

/** Costs of several runs as one. */
export function together(costs: readonly TypingCost[]): TypingCost {
  return costOf(
    costs.flatMap(({ samples }) => samples),
    median(costs.map(({ work }) => work)),
  );
}

function costOf(samples: readonly number[], work: number): TypingCost {
  return { paint: median(samples), paintWorst: percentile(samples, 0.95), work, samples };
}

/** So many keys of the plainest kind. */
export function plainKeys(keys: number): string {
  return "w".repeat(keys);
}

/** Opens a program of either side, with the cursor in the first line and the start over. */
export async function openForTyping(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly app: ElectronApplication; readonly page: Page }> {
  const app = await _electron.launch({ executablePath: executable, args: [...args], env: env as Record<string, string> });
  const page = await app.firstWindow();
  await page
    .locator(".monaco-editor .view-lines", { hasText: "area" })
    .first()
    .click({ position: { x: 5, y: 5 } });
  await wait(5000);
  return { app, page };
}

/** Types a text and measures each key; what happens without a key in the same time is taken off the work. */
export async function measureTyping(page: Page, text: string): Promise<TypingCost> {
  const keys = text.length;
  await page.evaluate(() => {
    const samples: number[] = [];
    const listens = "keySamples" in globalThis;
    Object.assign(globalThis, { keySamples: samples });
    if (listens) return;
    document.addEventListener(
      "keydown",
      (event) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => (globalThis as unknown as { keySamples: number[] }).keySamples.push(performance.now() - event.timeStamp);
        requestAnimationFrame(() => port2.postMessage(null));
      },
      true,
    );
  });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const taskSeconds = async () =>
    (await session.send("Performance.getMetrics")).metrics.find((metric) => metric.name === "TaskDuration")?.value ?? 0;
  const quietFrom = await taskSeconds();
  await wait(keys * pause);
  const quiet = (await taskSeconds()) - quietFrom;
  const busyFrom = await taskSeconds();
  for (const key of text) {
    await page.keyboard.press(key);
    await wait(pause);
  }
  const busy = (await taskSeconds()) - busyFrom;
  const samples = await page.evaluate(() => (globalThis as unknown as { keySamples: number[] }).keySamples);
  await session.detach();
  return costOf(samples, ((busy - quiet) * 1000) / keys);
}
