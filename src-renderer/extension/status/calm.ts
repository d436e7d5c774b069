import type { Disposable } from "#core/base/disposable";

/** Milliseconds without another change after which a change is drawn, and after which it is drawn anyway. */
const quiet = 300;
const longest = 1000;

/** Draws changes that come many times a second. */
export interface Calm extends Disposable {
  /** Something changed: it is drawn once it has settled. */
  soon(): void;
  /** Draws at once, and what waits with it. */
  now(): void;
}

/** Creates a {@link Calm}: a key that asks the model makes it busy and ready again, and nothing of that is worth a frame. */
export function createCalm(draw: () => void): Calm {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let since: number | undefined;

  function now(): void {
    clearTimeout(timer);
    since = undefined;
    draw();
  }

  return {
    soon() {
      const at = performance.now();
      since ??= at;
      clearTimeout(timer);
      timer = setTimeout(now, Math.max(0, Math.min(quiet, since + longest - at)));
    },
    now,
    dispose: () => clearTimeout(timer),
  };
}
