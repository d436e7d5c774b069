import { UserError } from "#core/base/errors";
import type { Priority } from "#core/contracts/inference";

const rank: Readonly<Record<Priority, number>> = { "ghost-text": 0, "inline-action": 1, chat: 2, background: 3 };

/** The right to compute. It is held from `enter` to `leave`, and lent to more important work at each `pause`. */
export interface Turn {
  /** Between two steps: waits while something more important wants to run. Throws STOPPED when the signal has aborted. */
  pause(): Promise<void>;
  /** True when somebody else waits, more important or not. */
  readonly contended: boolean;
  /** Milliseconds spent waiting so far. */
  readonly waited: number;
  leave(): void;
}

/** One model computes for one request at a time: the most important first, and first come first served within a class. */
export interface Queue {
  /** Resolves when it is this request's turn; throws STOPPED when the signal aborts before that. */
  enter(priority: Priority, signal: AbortSignal | undefined): Promise<Turn>;
  readonly busy: boolean;
}

interface Waiting {
  readonly rank: number;
  readonly order: number;
  readonly start: () => void;
}

/** Creates a {@link Queue}. */
export function createQueue(now: () => number = () => performance.now()): Queue {
  let running: Waiting | undefined;
  let waiting: Waiting[] = [];
  let arrivals = 0;

  const isBefore = (one: Waiting, other: Waiting) => one.rank < other.rank || (one.rank === other.rank && one.order < other.order);

  function next(): void {
    if (running !== undefined) return;
    let best: Waiting | undefined;
    for (const candidate of waiting) if (best === undefined || isBefore(candidate, best)) best = candidate;
    if (best === undefined) return;
    waiting = waiting.filter((one) => one !== best);
    running = best;
    best.start();
  }

  /** Waits for the right to run, in the place that `order` gives: whoever was interrupted keeps its place in its class. */
  function wait(place: { rank: number; order: number }, signal: AbortSignal | undefined): Promise<Waiting> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        ...place,
        start: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve(entry);
        },
      };
      const onAbort = () => {
        waiting = waiting.filter((one) => one !== entry);
        reject(new UserError("STOPPED", "Stopped."));
      };
      if (signal?.aborted) {
        onAbort();
        return;
      }
      signal?.addEventListener("abort", onAbort, { once: true });
      waiting.push(entry);
      next();
    });
  }

  function release(entry: Waiting): void {
    if (running !== entry) return;
    running = undefined;
    next();
  }

  return {
    get busy() {
      return running !== undefined || waiting.length > 0;
    },
    async enter(priority, signal) {
      arrivals += 1;
      const place = { rank: rank[priority], order: arrivals };
      let waited = 0;
      const timed = async () => {
        const from = now();
        try {
          return await wait(place, signal);
        } finally {
          waited += now() - from;
        }
      };
      let entry = await timed();
      return {
        get contended() {
          return waiting.length > 0;
        },
        get waited() {
          return waited;
        },
        async pause() {
          if (signal?.aborted) throw new UserError("STOPPED", "Stopped.");
          if (!waiting.some((other) => other.rank < place.rank)) return;
          release(entry);
          entry = await timed();
        },
        leave: () => release(entry),
      };
    },
  };
}
