/** Chance that can be had again: the same seed gives the same faults. */
export interface Random {
  readonly seed: number;
  /** A whole number from 0 to below a limit. */
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  /** The same entries in another order. */
  shuffle<T>(list: readonly T[]): T[];
}

/** Makes chance of LOCALCODER_FAULT_SEED, or of the time. The numbers are those of the generator mulberry32. */
export function createRandom(seed = Number(process.env.LOCALCODER_FAULT_SEED ?? Date.now() % 1_000_000)): Random {
  let state = seed;
  function below(limit: number): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  }
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  return {
    seed,
    below,
    pick,
    shuffle(list) {
      const rest = [...list];
      const shuffled: typeof rest = [];
      while (rest.length > 0) shuffled.push(...rest.splice(below(rest.length), 1));
      return shuffled;
    },
  };
}
