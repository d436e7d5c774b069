import { UserError } from "#core/base/errors";

/** A model that is in memory and stays there until it is left. */
export interface Seat<Value> {
  readonly value: Value;
  leave(): void;
}

/** How one request gets its model. */
export interface Wish<Value> {
  readonly path: string;
  /** True when the model is in memory already, with all this request needs. */
  isReady(): boolean;
  /** Brings the model into memory beside those to be kept; undefined when they leave no room for it. */
  load(keep: readonly string[]): Promise<Value | undefined>;
}

/**
 * Decides whose model is in memory when not all fit: requests for models that are there go first, so that a queue of requests for two
 * models costs two loads and not one for each. Who has waited too long is overtaken no more.
 */
export interface Seats {
  /** Waits for the model and keeps it from being taken away. Throws what loading throws, and STOPPED when the signal aborts. */
  take<Value>(wish: Wish<Value>, signal?: AbortSignal): Promise<Seat<Value>>;
  /** Paths of models that requests use now. */
  inUse(): readonly string[];
}

interface Waiting {
  readonly wish: Wish<unknown>;
  readonly arrived: number;
  admit(value: unknown): void;
  refuse(error: unknown): void;
}

/** After so many milliseconds nobody who comes later goes before a request. */
const patience = 30_000;

/** Creates the {@link Seats} of one inference. */
export function createSeats(now: () => number = () => performance.now()): Seats {
  const used = new Map<string, number>();
  let waiting: Waiting[] = [];
  /** Models for which there was no room when it was last tried; a model that is left may make some. */
  const blocked = new Set<string>();
  let placing = false;
  let left = false;

  function leave(path: string): void {
    const count = (used.get(path) ?? 1) - 1;
    if (count > 0) {
      used.set(path, count);
      return;
    }
    used.delete(path);
    left = true;
    void place();
  }

  function admit(one: Waiting, value: unknown): void {
    waiting = waiting.filter((other) => other !== one);
    const { path } = one.wish;
    used.set(path, (used.get(path) ?? 0) + 1);
    one.admit(value);
  }

  /** True when somebody waits for another model since before this one came, and too long. */
  function mustWait(one: Waiting): boolean {
    return waiting.some((other) => other.wish.path !== one.wish.path && one.arrived - other.arrived > patience);
  }

  function next(): Waiting | undefined {
    const free = waiting.filter((one) => !blocked.has(one.wish.path) && !mustWait(one));
    return free.find((one) => one.wish.isReady()) ?? free[0];
  }

  /** Loads one model after the other, for all that can be placed now. */
  async function place(): Promise<void> {
    if (placing) return;
    placing = true;
    while (true) {
      if (left) {
        left = false;
        blocked.clear();
      }
      const one = next();
      if (one === undefined) break;
      try {
        const value = await one.wish.load([...used.keys()]);
        if (value === undefined) blocked.add(one.wish.path);
        else if (waiting.includes(one)) admit(one, value);
      } catch (error) {
        waiting = waiting.filter((other) => other !== one);
        one.refuse(error);
      }
    }
    placing = false;
  }

  return {
    inUse: () => [...used.keys()],
    take<Value>(wish: Wish<Value>, signal?: AbortSignal) {
      return new Promise<Seat<Value>>((resolve, reject) => {
        const stop = () => {
          waiting = waiting.filter((other) => other !== one);
          reject(new UserError("STOPPED", "Stopped."));
        };
        const one: Waiting = {
          wish,
          arrived: now(),
          admit(value) {
            signal?.removeEventListener("abort", stop);
            let here = true;
            const leaveOnce = () => {
              if (here) leave(wish.path);
              here = false;
            };
            resolve({ value: value as Value, leave: leaveOnce });
          },
          refuse(error) {
            signal?.removeEventListener("abort", stop);
            reject(error);
          },
        };
        if (signal?.aborted) {
          stop();
          return;
        }
        signal?.addEventListener("abort", stop, { once: true });
        waiting.push(one);
        if (placing && wish.isReady() && !mustWait(one)) void join(one);
        else void place();
      });
    },
  };

  /** Another model is being loaded, which is no reason to let a request wait whose model is there. */
  async function join(one: Waiting): Promise<void> {
    try {
      const value = await one.wish.load([...used.keys()]);
      if (value !== undefined && waiting.includes(one)) admit(one, value);
    } catch (error) {
      waiting = waiting.filter((other) => other !== one);
      one.refuse(error);
    }
  }
}
