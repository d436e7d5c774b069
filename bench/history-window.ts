// The History view with 10,000 sessions of 20 messages, from the press to the painted rows, in the running window. Run by
// `npm run bench -- history-window [SESSIONS]`.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { openDatabase } from "../src-engine/sessions/database.ts";
import { createSessions } from "../src-engine/sessions/sessions.ts";
import { median, percentile, printFigures } from "./figures.ts";
import { makeTranscripts, messagesEach } from "./history-cases.ts";
import { localcoder } from "./subjects.ts";
import { openForTyping } from "./typing.ts";

const count = Number(process.argv[2] ?? 10_000);
const rounds = 10;

/** An icon of the activity bar takes no second press within 300 milliseconds, so that a double click does not close what it opened. */
const betweenPresses = 500;
/** How long something may take before it counts as never seen. */
const patience = 20_000;

const subject = localcoder({ "localcoder.completion.enabled": false });
fill(join(subject.home, "data", "data"));
const { app, page } = await openForTyping(subject.args, subject.env);
try {
  const icon = page.locator('.activitybar .action-item a[aria-label^="History"]');
  const isThere = `document.querySelector(".localcoder-history [data-session]")?.getBoundingClientRect().width > 0`;
  const first = await timed("mousedown", isThere, () => icon.click());
  const opens: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await page.keyboard.press("Control+Shift+E");
    await page.locator(".localcoder-history").waitFor({ state: "hidden" });
    await wait(betweenPresses);
    opens.push(await timed("mousedown", isThere, () => icon.click()));
  }

  const field = page.locator(".localcoder-history input");
  const isOne = `document.querySelectorAll(".localcoder-history [data-session]").length === 1`;
  /** There when nothing is searched. */
  const all = page.locator(".localcoder-history [data-session]").nth(99);
  const searches: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await field.fill("");
    await all.waitFor();
    await field.focus();
    searches.push(await timed("input", isOne, () => page.keyboard.insertText("zebracrossing")));
  }
  await field.fill("");
  await all.waitFor();

  const deletes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const row = page.locator(".localcoder-history [data-session]").first();
    const id = await row.getAttribute("data-session");
    await row.focus();
    deletes.push(
      await timed("keydown", `!document.querySelector('.localcoder-history [data-session="${id}"]')`, () => page.keyboard.press("Delete")),
    );
  }
  const figure = (what: string, ours: number, aim: string) => ({ what, unit: "ms", ours, aim });
  printFigures(`The History view with ${count} sessions of ${messagesEach} messages, press to painted frame, ${rounds} times`, [
    figure("first time, the view is made", first, "100 ms"),
    figure("icon to rows, median", median(opens), "100 ms"),
    figure("icon to rows, 95 %", percentile(opens, 0.95), "stated"),
    figure("search: one rare word to its row, median", median(searches), "50 ms"),
    figure("search, 95 %", percentile(searches, 0.95), "stated"),
    figure("delete to gone, median", median(deletes), "50 ms"),
    figure("delete, 95 %", percentile(deletes, 0.95), "stated"),
  ]);
} finally {
  app.process().kill("SIGKILL");
  subject.remove();
}

function fill(folder: string): void {
  const database = openDatabase({ folder });
  const settings = { current: () => ({ "localcoder.history.keep": "keep" as const, "localcoder.history.days": 0 }) };
  const sessions = createSessions({ database, settings });
  const transcripts = makeTranscripts(count);
  for (let start = 0; start < count; start += 500) sessions.import(transcripts.slice(start, start + 500));
  sessions.dispose();
  database.dispose();
}

/** Milliseconds from an event that is to come to the frame in which something is true. */
async function timed(event: string, condition: string, act: () => Promise<unknown>): Promise<number> {
  // As text, since the page lets nobody make functions.
  await page.evaluate(`void (globalThis.benchSeen = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("Nothing was seen after ${event}.")), ${patience});
    const onEvent = ({ timeStamp }) => {
      const look = () => {
        if (!(${condition})) return requestAnimationFrame(look);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - timeStamp);
        requestAnimationFrame(() => port2.postMessage(null));
      };
      look();
    };
    document.addEventListener(${JSON.stringify(event)}, onEvent, { capture: true, once: true });
  }))`);
  await act();
  return page.evaluate<number>("globalThis.benchSeen");
}
