import { createEmitter } from "#core/base/emitter";
import type { NetworkAnswer, NetworkQuestion } from "#core/contracts/network";

/** Questions to whoever sits at a window, while something of ours waits for the answer. */
export interface Questions {
  /** The same host for the same purpose is one question, however many wait. Where nobody listens the answer is "not-now". */
  ask(wish: Omit<NetworkQuestion, "id">, signal?: AbortSignal): Promise<NetworkAnswer>;
  /** Those that are open, then those that come. */
  watch(signal?: AbortSignal): AsyncGenerator<NetworkQuestion, void, void>;
  /** The first answer counts. */
  answer(id: number, answer: NetworkAnswer): void;
}

/** Creates {@link Questions}. */
export function createQuestions(): Questions {
  const asked = createEmitter<NetworkQuestion>();
  const answered = createEmitter<{ readonly id: number; readonly answer: NetworkAnswer }>();
  /** Open questions, each with how many wait for its answer. */
  const open = new Map<NetworkQuestion, number>();
  let listeners = 0;
  let last = 0;

  function put(wish: Omit<NetworkQuestion, "id">): NetworkQuestion {
    const question = { ...wish, id: ++last };
    open.set(question, 0);
    asked.emit(question);
    return question;
  }

  function answer(id: number, given: NetworkAnswer): void {
    for (const question of open.keys()) if (question.id === id) open.delete(question);
    answered.emit({ id, answer: given });
  }

  return {
    async ask(wish, signal) {
      if (listeners === 0 || signal?.aborted) return "not-now";
      const question = [...open.keys()].find(({ host, purpose }) => host === wish.host && purpose === wish.purpose) ?? put(wish);
      open.set(question, (open.get(question) ?? 0) + 1);
      return new Promise((resolve) => {
        const settle = (given: NetworkAnswer) => {
          listening.dispose();
          signal?.removeEventListener("abort", stop);
          resolve(given);
        };
        const stop = () => {
          const others = (open.get(question) ?? 1) - 1;
          // Nobody waits any more for what was stopped.
          if (others === 0) open.delete(question);
          else open.set(question, others);
          settle("not-now");
        };
        const listening = answered.listen(({ id, answer: given }) => id === question.id && settle(given));
        signal?.addEventListener("abort", stop, { once: true });
      });
    },
    async *watch(signal) {
      const coming = asked.stream(signal);
      listeners += 1;
      try {
        yield* [...open.keys()];
        yield* coming;
      } finally {
        listeners -= 1;
        if (listeners === 0) for (const { id } of [...open.keys()]) answer(id, "not-now");
      }
    },
    answer,
  };
}
