import type { Draft } from "./conversation.ts";

/** Messages that were not sent because the answer before them was stopped or failed, by thread. */
export interface Held {
  /** Those of a thread; without an id those of a thread that never began. */
  of(threadId: string | undefined): readonly Draft[];
  add(threadId: string | undefined, drafts: readonly Draft[]): void;
  /** Takes one out. */
  take(threadId: string | undefined, index: number): Draft | undefined;
}

/** Creates {@link Held}, with nothing in it. */
export function createHeld(): Held {
  const byThread = new Map<string | undefined, readonly Draft[]>();
  const of = (threadId: string | undefined) => byThread.get(threadId) ?? [];
  return {
    of,
    add: (threadId, drafts) => void byThread.set(threadId, [...of(threadId), ...drafts]),
    take(threadId, index) {
      const drafts = of(threadId);
      byThread.set(
        threadId,
        drafts.filter((_, at) => at !== index),
      );
      return drafts[index];
    },
  };
}
