import type { Draft, Unsent } from "./draft.ts";

/** Messages that were not sent because the answer before them was stopped or failed, or the window ended, by thread. */
export interface Held {
  /** Those of a thread; without an id those of a thread that never began. */
  of(threadId: string | undefined): readonly Draft[];
  all(): readonly Unsent[];
  add(threadId: string | undefined, drafts: readonly Draft[]): void;
  /** Takes one out. */
  take(threadId: string | undefined, index: number): Draft | undefined;
  /** Forgets those of a thread. */
  forget(threadId: string): void;
}

/** Creates {@link Held}, with nothing in it. */
export function createHeld(): Held {
  const byThread = new Map<string | undefined, readonly Draft[]>();
  const of = (threadId: string | undefined) => byThread.get(threadId) ?? [];
  const set = (threadId: string | undefined, drafts: readonly Draft[]) => {
    if (drafts.length > 0) byThread.set(threadId, drafts);
    else byThread.delete(threadId);
  };
  return {
    of,
    all: () => [...byThread].map(([threadId, drafts]) => ({ threadId, drafts })),
    add: (threadId, drafts) => set(threadId, [...of(threadId), ...drafts]),
    take(threadId, index) {
      const drafts = of(threadId);
      set(
        threadId,
        drafts.filter((_, at) => at !== index),
      );
      return drafts[index];
    },
    forget: (threadId) => void byThread.delete(threadId),
  };
}
