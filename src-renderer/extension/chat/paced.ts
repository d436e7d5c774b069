import type { Disposable } from "#core/base/disposable";

/** Something that is done soon after it was wanted, and once for all that want it until then. */
export interface Paced extends Disposable {
  want(): void;
}

/** Creates {@link Paced}. @param pause milliseconds until it is done, asked when it is wanted */
export function paced(act: () => void, pause: () => number): Paced {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  return {
    want() {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        act();
      }, pause());
    },
    dispose: () => clearTimeout(waiting),
  };
}
