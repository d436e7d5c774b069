import { setTimeout as wait } from "node:timers/promises";
import { proportionalMemory } from "./memory.ts";
import { startProgram } from "./program.ts";
import type { Subject } from "./subjects.ts";

/** What a start costs. */
export interface StartCost {
  /** Milliseconds from starting the program to the first painted frame of its page. */
  readonly painted: number;
  /** Milliseconds from starting the program to a typed character on the screen. */
  readonly typed: number;
  /** Proportional set size of all its processes some seconds later, in MB. */
  readonly memory: number;
}

/** Milliseconds after which a key that came too early for the editor is pressed again. */
const patience = 250;
/** Milliseconds until what a start leaves to do later is done. */
const settling = 6000;

/** Runs in the page: waits for an editor with text and tells where its first line is. */
const editor = `new Promise((resolve) => {
  const look = () => {
    const lines = document.querySelector(".monaco-editor .view-lines");
    const { x, y } = lines?.getBoundingClientRect() ?? {};
    if (lines?.textContent.includes("area")) resolve({ x: x + 5, y: y + 5 });
    else requestAnimationFrame(look);
  };
  look();
})`;

/** Runs in the page: waits for its first painted frame. */
const firstPaint = `new Promise((resolve) => {
  const look = () => {
    const [paint] = performance.getEntriesByName("first-paint");
    if (paint) resolve(performance.timeOrigin + paint.startTime);
    else setTimeout(look, 5);
  };
  look();
})`;

/** Runs in the page: waits until the editor shows one q more, and its frame is painted. */
const oneMore = `new Promise((resolve) => {
  const count = () => document.querySelector(".monaco-editor .view-lines").textContent.split("q").length;
  const before = count();
  const look = () => {
    if (count() === before) return requestAnimationFrame(look);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () =>
      resolve({ typed: Date.now(), painted: performance.timeOrigin + performance.getEntriesByName("first-paint")[0].startTime });
    port2.postMessage(null);
  };
  look();
})`;

/** Starts a program without an editor, and looks at its memory; nothing can be typed there. */
export async function measurePaint({ executable, args, env }: Subject): Promise<Omit<StartCost, "typed">> {
  const program = await startProgram(executable, args, env);
  try {
    const painted = await program.evaluate<number>(firstPaint);
    await wait(settling);
    return { painted: painted - program.begun, memory: proportionalMemory(program.id) };
  } finally {
    await program.end();
  }
}

/** Starts a program, types into its editor as soon as there is one, and looks at its memory. */
export async function measureStart({ executable, args, env }: Subject): Promise<StartCost> {
  const program = await startProgram(executable, args, env);
  try {
    const { x, y } = await program.evaluate<{ x: number; y: number }>(editor);
    await program.click(x, y);
    const seen = program.evaluate<{ typed: number; painted: number }>(oneMore);
    let keys = 0;
    for (let shown = false; !shown; keys++) {
      await program.type("q");
      shown = await Promise.race([seen.then(() => true), wait(patience, false)]);
    }
    const { typed, painted } = await seen;
    await wait(settling);
    const memory = proportionalMemory(program.id);
    // Nothing unsaved is to be brought back by the next start.
    for (; keys > 0; keys--) await program.undo();
    await wait(1500);
    return { painted: painted - program.begun, typed: typed - program.begun, memory };
  } finally {
    await program.end();
  }
}
