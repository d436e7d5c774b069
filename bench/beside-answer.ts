import { startScriptedOwner } from "../e2e/scripted-owner.ts";
import type { Subject } from "./subjects.ts";
import { measureTyping, openForTyping, plainKeys, type TypingCost, together } from "./typing.ts";

/** Typing in one window, with and without an answer that streams into a card in sight. */
export interface TypingBesideAnswer {
  readonly idle: TypingCost;
  readonly streaming: TypingCost;
}

const words = Array.from({ length: 4000 }, (_, index) => `word${index}`).join(" ");
const millisecondsPerToken = 40;
const settings = {
  "localcoder.completion.enabled": false,
  "localcoder.inference.maxTokens": 8000,
  "localcoder.inference.contextSize": 16384,
};

/**
 * Types into one window before, beside and after an answer, in turns. The model is scripted and runs in another process,
 * so that only the window is measured.
 */
export async function measureBesideAnswer({ args, env }: Subject, turns: number, keys: number): Promise<TypingBesideAnswer> {
  const owner = await startScriptedOwner({ answer: words, millisecondsPerToken }, { settings });
  const { app, page } = await openForTyping(args, { ...env, ...owner.environment });
  const card = page.locator(".localcoder-card");
  const idle: TypingCost[] = [];
  const streaming: TypingCost[] = [];
  try {
    for (let turn = 0; turn < turns; turn++) {
      // Below the card, which stays in sight.
      const toLine = async (line: number) => {
        await page.keyboard.press("Control+Home");
        for (let down = 1; down < line; down++) await page.keyboard.press("ArrowDown");
      };
      await toLine(8 + turn * 3);
      idle.push(await measureTyping(page, plainKeys(keys)));
      await toLine(1);
      for (let line = 0; line < 3; line++) await page.keyboard.press("Shift+ArrowDown");
      await page.keyboard.press("Control+K");
      await page.keyboard.press("x");
      await card.filter({ hasText: "word20" }).waitFor();
      await toLine(9 + turn * 3);
      streaming.push(await measureTyping(page, plainKeys(keys)));
      const stop = card.getByRole("button", { name: "Stop" });
      if ((await stop.count()) === 0) throw new Error("The answer ended before the typing did.");
      await stop.click();
      await card.getByRole("button", { name: "Close" }).click();
    }
    return { idle: together(idle), streaming: together(streaming) };
  } finally {
    app.process().kill("SIGKILL");
    await owner.close();
  }
}
