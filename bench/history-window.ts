import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { databaseFile } from "../src-engine/sessions/database.ts";
import { startProgram } from "./program.ts";
import { executable, localcoder } from "./subjects.ts";

/** Runs in the page: presses the icon of a view, and tells how long it takes until what is looked for is painted. */
const untilPainted = (icon: string, what: string) => `new Promise((resolve) => {
  const target = document.querySelector(".activitybar .codicon-${icon}, .activitybar [class*='${icon}']").closest(".action-item");
  const began = performance.now();
  const { x, y, width, height } = target.getBoundingClientRect();
  const at = { bubbles: true, clientX: x + width / 2, clientY: y + height / 2, button: 0 };
  for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) {
    const Event = type.startsWith("pointer") ? PointerEvent : MouseEvent;
    target.querySelector(".action-label").dispatchEvent(new Event(type, at));
  }
  const look = () => {
    if (!document.querySelector(${JSON.stringify(what)})) return requestAnimationFrame(look);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now() - began);
    port2.postMessage(null);
  };
  look();
})`;

/** Milliseconds from the press on the icon to painted rows, with a history of this database: the first time and the next ones. */
export async function openInWindow(database: string, times: number): Promise<{ first: number; again: number[] }> {
  const subject = localcoder();
  copyFileSync(database, join(subject.home, "data", "data", databaseFile));
  const program = await startProgram(executable, subject.args, subject.env);
  try {
    await program.evaluate(`new Promise((resolve) => {
      const look = () => (performance.getEntriesByName("localcoder:ready").length > 0 ? resolve() : setTimeout(look, 100));
      look();
    })`);
    await wait(4000);
    const open = () => program.evaluate<number>(untilPainted("history", ".localcoder-history [data-session]"));
    const first = await open();
    const again: number[] = [];
    for (let round = 0; round < times; round++) {
      await program.evaluate(untilPainted("explorer", ".explorer-folders-view"));
      await wait(500);
      again.push(await open());
    }
    return { first, again };
  } finally {
    await program.end();
    subject.remove();
  }
}
