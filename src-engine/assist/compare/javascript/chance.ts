/** Chance that is the same in every run. */
export interface Chance {
  /** 0 up to but without 1. */
  next(): number;
  /** A whole number, both ends among them. */
  whole(least: number, most: number): number;
  one<Item>(items: readonly Item[]): Item;
  /** Items by chance, each at most once. */
  some<Item>(items: readonly Item[], count: number): readonly Item[];
}

/** Creates {@link Chance} from a seed (mulberry32). */
export function createChance(seed: number): Chance {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    whole,
    one: (items) => items[whole(0, items.length - 1)] as (typeof items)[number],
    some(items, count) {
      const left = [...items];
      return Array.from(
        { length: Math.min(count, left.length) },
        () => left.splice(whole(0, left.length - 1), 1)[0] as (typeof items)[number],
      );
    },
  };
}
