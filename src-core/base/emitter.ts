import { type Disposable, toDisposable } from "./disposable.ts";

/** Tells any number of listeners about values, and hands them out as an async stream for contracts. */
export interface Emitter<T> {
  /** Calls every listener with the value, in the order they were added. */
  emit(value: T): void;
  /** Adds a listener until the result is disposed. */
  listen(listener: (value: T) => void): Disposable;
  /** All values from now on, until the signal aborts. Nothing is dropped: values wait in a queue. */
  stream(signal?: AbortSignal): AsyncGenerator<T, void, void>;
}

/** Creates an {@link Emitter}. */
export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  const listen = (listener: (value: T) => void) => {
    listeners.add(listener);
    return toDisposable(() => listeners.delete(listener));
  };
  return {
    emit(value) {
      for (const listener of [...listeners]) listener(value);
    },
    listen,
    stream(signal) {
      // Subscribed here and not at the first next(), so that nothing between the two is lost.
      const queue: T[] = [];
      let wake: (() => void) | undefined;
      const subscription = listen((value) => {
        queue.push(value);
        wake?.();
      });
      const onAbort = () => wake?.();
      signal?.addEventListener("abort", onAbort);
      return (async function* () {
        try {
          while (!signal?.aborted) {
            while (queue.length > 0) yield queue.shift() as T;
            if (signal?.aborted) return;
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            wake = undefined;
          }
        } finally {
          subscription.dispose();
          signal?.removeEventListener("abort", onAbort);
        }
      })();
    },
  };
}
