import { setTimeout as delay } from "node:timers/promises";

/** Slows what arrives down to a limit that all downloads share. */
export interface Pace {
  /** Resolves when so many bytes may have arrived. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
}

/** Milliseconds that may be made up for after a pause, and below which nobody waits. */
const slack = 50;

/** Creates a {@link Pace}; the limit is in bytes a second, is asked for each time, and 0 is none. */
export function createPace(limit: () => number, now: () => number = () => performance.now()): Pace {
  /** When the next bytes are due. */
  let due = 0;
  return {
    async take(bytes, signal) {
      const perSecond = limit();
      if (perSecond <= 0) return;
      due = Math.max(due, now() - slack) + (bytes / perSecond) * 1000;
      const wait = due - now();
      if (wait >= slack) await delay(wait, undefined, { signal });
    },
  };
}
