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
/** Slices below this say more about the cost of one step than about speed. */
const telling = 8;

/**
 * Creates a {@link Pace} whose slices last about `milliseconds`: a stop waits for the rest of one, and is to be over within 150 ms
 * almost always. Slices of 16 tokens and more are as fast a token as large ones on a processor, so nothing is gained by longer
 * ones while nobody waits.
 */
export function createPace({ milliseconds = 70, first = 16 }: { milliseconds?: number; first?: number } = {}): Pace {
  let speed: number | undefined;
  return {
    get tokensPerSecond() {
      return speed === undefined ? undefined : speed * 1000;
    },
    slice() {
      if (speed === undefined) return first;
      const tokens = Math.round(speed * milliseconds);
      return Math.max(smallest, Math.min(largest, tokens));
    },
    measured(tokens, elapsed) {
      if (tokens < telling || elapsed <= 0) return;
      const now = tokens / elapsed;
      // Slower counts at once, since it makes every wait longer; faster is believed gradually.
      speed = speed === undefined || now < speed ? now : speed * 0.7 + now * 0.3;
    },
  };
}
