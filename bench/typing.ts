import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { median, percentile } from "./figures.ts";

/** What typing costs, in milliseconds. */
export interface TypingCost {
  /** From the key to the painted frame, the middle and the 95th percentile. */
  readonly paint: number;
  readonly paintWorst: number;
  /** Main-thread work per key beyond what the window does anyway. */
  readonly work: number;
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

/** Types some keys and measures each; what happens without a key in the same time is taken off the work. */
export async function measureTyping(page: Page, keys: number): Promise<TypingCost> {
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
  await wait(keys * pause);
  const quiet = (await taskSeconds()) - quietFrom;
  const busyFrom = await taskSeconds();
  for (let key = 0; key < keys; key++) {
    await page.keyboard.press("w");
    await wait(pause);
  }
  const busy = (await taskSeconds()) - busyFrom;
  const samples = await page.evaluate(() => (globalThis as unknown as { keySamples: number[] }).keySamples);
  await session.detach();
  return { paint: median(samples), paintWorst: percentile(samples, 0.95), work: ((busy - quiet) * 1000) / keys };
}
