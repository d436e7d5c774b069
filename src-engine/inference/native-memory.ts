import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Milliseconds without a prediction after which nobody waits for some tens of milliseconds of collecting. */
const rest = 2000;

/**
 * Lets go of memory outside of JavaScript. Predictions leave buffers as large as the vocabulary (2 MB with 150,000 words), which are
 * freed when V8 collects the small objects that hold them; V8 does not know how much hangs on these, and lets hundreds of megabytes
 * come together. So it is asked to collect once the model rests (20 to 40 ms).
 */
export function createNativeMemory(): { predicted(): void } {
  let collect: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    predicted() {
      if (timer !== undefined) return void timer.refresh();
      timer = setTimeout(() => {
        timer = undefined;
        collect ??= collector();
        collect();
      }, rest);
      timer.unref();
    },
  };
}

function collector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  return typeof collect === "function" ? (collect as () => void) : () => {};
}
