import type { Page } from "@playwright/test";

/** Watches grey text in a window. */
export interface GhostWatch {
  /** The grey text in the cursor's line now. */
  text(): Promise<string>;
  /** Forgets what was seen; the next key is the one that counts. */
  begin(): Promise<void>;
  /** Milliseconds from the last key until new grey text was painted; undefined when none came in the time. */
  after(milliseconds: number): Promise<number | undefined>;
}

interface Seen {
  key: number;
  painted: number | undefined;
  text: string;
}

/** Starts to watch: keys by their own time stamps, grey text by the first frame after it has changed. */
export async function watchGhostText(page: Page): Promise<GhostWatch> {
  await page.evaluate(() => {
    const seen: Seen = { key: 0, painted: undefined, text: "" };
    Object.assign(globalThis, { ghostSeen: seen });
    const read = () =>
      Array.from(document.querySelectorAll(".view-lines .ghost-text-decoration, .view-lines .ghost-text"))
        .map((element) => element.textContent ?? "")
        .join("")
        .replaceAll("\u00a0", " ");
    document.addEventListener(
      "keydown",
      (event) => {
        seen.key = event.timeStamp;
        seen.painted = undefined;
      },
      true,
    );
    new MutationObserver(() => {
      const text = read();
      if (text === seen.text) return;
      seen.text = text;
      if (text === "" || seen.painted !== undefined) return;
      const { key } = seen;
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        if (seen.key === key && seen.painted === undefined) seen.painted = performance.now();
      };
      requestAnimationFrame(() => channel.port2.postMessage(null));
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const seen = () => page.evaluate(() => ({ ...(globalThis as unknown as { ghostSeen: Seen }).ghostSeen }));
  return {
    text: async () => (await seen()).text,
    begin: () =>
      page.evaluate(() => {
        (globalThis as unknown as { ghostSeen: Seen }).ghostSeen.painted = undefined;
      }),
    async after(milliseconds) {
      await page
        .waitForFunction(() => (globalThis as unknown as { ghostSeen: Seen }).ghostSeen.painted !== undefined, null, {
          timeout: milliseconds,
          polling: 50,
        })
        .catch(() => {});
      const { key, painted } = await seen();
      return painted === undefined ? undefined : painted - key;
    },
  };
}
