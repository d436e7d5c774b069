/** How long to wait after a key before the model is asked. */
export interface Pace {
  /** Notes that a key was pressed, at a time in milliseconds. */
  typed(now: number): void;
  /** Notes how long an answer took, in milliseconds. */
  answered(milliseconds: number): void;
  /** The wait in milliseconds, never more than the setting. */
  wait(setting: number): number;
}

const weight = 0.3;
/** Longer pauses are thinking, not typing. */
const longestGap = 1000;

/**
 * Adapts the wait to the user and the machine: the expected gap between keys less the usual time of an answer. Where
 * the model is slower than the typing, waiting gains nothing and the model is asked at once.
 */
export function createPace(): Pace {
  let gap = 200;
  let latency = 200;
  let last: number | undefined;
  return {
    typed(now) {
      if (last !== undefined && now - last < longestGap) gap += weight * (now - last - gap);
      last = now;
    },
    answered(milliseconds) {
      latency += weight * (milliseconds - latency);
    },
    wait(setting) {
      return Math.round(Math.max(0, Math.min(setting, gap - latency)));
    },
  };
}
