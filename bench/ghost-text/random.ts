/** Numbers by chance that are the same in every run. */
export interface Random {
  /** From 0 up to, but not, 1. */
  next(): number;
  /** A whole number from `from` up to, but not, `to`. */
  between(from: number, to: number): number;
  chance(share: number): boolean;
  /** Some of the items, each at most once, in an order by chance. */
  some<T>(items: readonly T[], count: number): readonly T[];
}

/** Creates a {@link Random} (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from)),
    chance: (share) => next() < share,
    some(items, count) {
      const left = [...items];
      const chosen = [];
      while (chosen.length < count && left.length > 0) chosen.push(...left.splice(Math.floor(next() * left.length), 1));
      return chosen;
    },
  };
}
