import type { Disposable } from "#core/base/disposable";

/**
 * Yields what `read` gives now and again after each change, until the signal aborts. Several changes while a slow reader
 * is busy count as one: what is read is a state, and only the last one matters.
 */
export async function* latest<T>(
  changes: { listen(listener: () => void): Disposable },
  read: () => T | Promise<T>,
  signal?: AbortSignal,
): AsyncGenerator<Awaited<T>, void, void> {
  let changed = true;
  let wake: (() => void) | undefined;
  const notice = () => {
    changed = true;
    wake?.();
  };
  const subscription = changes.listen(notice);
  signal?.addEventListener("abort", notice);
  try {
    while (!signal?.aborted) {
      if (changed) {
        changed = false;
        yield await read();
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
    }
  } finally {
    subscription.dispose();
    signal?.removeEventListener("abort", notice);
  }
}
