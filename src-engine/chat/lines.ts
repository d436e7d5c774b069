import { UserError } from "#core/base/errors";

/** Lets one after the other work on a thing that has a name. */
export interface Lines {
  /** Resolves with the end of one's turn; `waits` is true where somebody else is at work now. */
  enter(name: string, signal: AbortSignal | undefined): { readonly waits: boolean; readonly turn: Promise<() => void> };
}

/** Creates {@link Lines}. */
export function createLines(): Lines {
  const last = new Map<string, Promise<void>>();
  return {
    enter(name, signal) {
      const before = last.get(name);
      let leave: () => void = () => {};
      const left = new Promise<void>((resolve) => {
        leave = resolve;
      });
      // Whoever comes next waits for all that were here before, also for one that gave up waiting.
      const mine = Promise.all([before, left]).then(() => {
        if (last.get(name) === mine) last.delete(name);
      });
      last.set(name, mine);
      const turn = new Promise<() => void>((resolve, reject) => {
        const stop = () => {
          leave();
          reject(new UserError("STOPPED", "Stopped."));
        };
        if (signal?.aborted) return stop();
        signal?.addEventListener("abort", stop, { once: true });
        void (before ?? Promise.resolve()).then(() => {
          signal?.removeEventListener("abort", stop);
          resolve(leave);
        });
      });
      return { waits: before !== undefined, turn };
    },
  };
}
