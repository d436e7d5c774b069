/** How many tokens are evaluated at once: a slice is what a stop, or more important work, has to wait for. */
export interface Pace {
  /** Tokens of the next slice. */
  slice(): number;
  /** Tells how long a slice took. */
  measured(tokens: number, milliseconds: number): void;
  /** Tokens a second, as measured last; undefined before that. */
  readonly tokensPerSecond: number | undefined;
}

const smallest = 8;
const largest = 512;
/**
 * A processor takes tokens together: 8 take nearly as long as 16 (60 and 75 ms, where 100 take 390 ms; the 0.5B on two cores), so a slice is
 * a whole number of these wherever one of them is not too long.
 */
const together = 16;
/** Milliseconds of the slices that somebody who has just asked reads with: larger ones cost a processor less (docs/figures.md). */
export const longSlice = 400;

/** Slices below this say more about the cost of one step than about speed. */
const telling = 8;

/**
 * Creates a {@link Pace} whose slices last about `milliseconds`: a stop waits for the rest of one, and is to be over within 150 ms
 * almost always.
 */
export function createPace({ milliseconds = 70, first = 16 }: { milliseconds?: number; first?: number } = {}): Pace {
  let speed: number | undefined;
  return {
    get tokensPerSecond() {
      return speed === undefined ? undefined : speed * 1000;
    },
    slice() {
      if (speed === undefined) return first;
      const tokens = speed * milliseconds;
      if (tokens < smallest) return smallest;
      return Math.max(together, Math.min(largest, Math.round(tokens / together) * together));
    },
    measured(tokens, elapsed) {
      if (tokens < telling || elapsed <= 0) return;
      const now = tokens / elapsed;
      // Slower counts at once, since it makes every wait longer; faster is believed gradually.
      speed = speed === undefined || now < speed ? now : speed * 0.7 + now * 0.3;
    },
  };
}
