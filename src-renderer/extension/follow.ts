import { type Disposable, toDisposable } from "#core/base/disposable";

/**
 * Reads a stream of the engine for as long as the result is not disposed. A stream that ends or breaks is opened again:
 * the connection itself waits until there is an engine to ask. `lost` is called at each break.
 */
export function follow<T>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  take: (value: T) => void,
  lost?: () => void,
): Disposable {
  const closing = new AbortController();
  const read = async () => {
    for (let pause = 200; !closing.signal.aborted; pause = Math.min(pause * 2, 5000)) {
      try {
        for await (const value of await open(closing.signal)) {
          if (closing.signal.aborted) return;
          pause = 200;
          take(value);
        }
      } catch {
        // The stream broke, most often because the engine ended; whatever the reason, it is opened again.
      }
      if (closing.signal.aborted) return;
      lost?.();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
  void read();
  return toDisposable(() => closing.abort());
}
