import type { Token } from "./language-model.ts";

/**
 * Guesses what comes next from what was read: an answer that rewrites code repeats most of it. Guesses are checked by the model in one
 * step, so a right one saves a step and a wrong one costs a little.
 */
export interface Lookup {
  /** The next tokens as they stand behind an earlier place that ends alike; none where there is no such place. */
  guess(most: number): Token[];
  /** Tells what came in place of the guess. */
  came(guessed: readonly Token[], tokens: readonly Token[]): void;
}

/** Tokens that have to be alike before a guess: fewer are chance. */
const shortest = 3;
/** The same after guesses that were wrong. */
const longest = 8;
const fewest = 2;

/** Creates a {@link Lookup} over the tokens of a request; what is appended to them is looked up as well. */
export function createLookup(tokens: readonly Token[], most: number): Lookup {
  /** Places by the last tokens before them. */
  const places = new Map<string, number[]>();
  let indexed = shortest;
  let next: number | undefined;
  let alike = shortest;
  let length = fewest;

  function index(): void {
    // The end itself is no place to look at.
    for (; indexed < tokens.length; indexed += 1) {
      const key = tokens.slice(indexed - shortest, indexed).join(" ");
      const known = places.get(key);
      if (known === undefined) places.set(key, [indexed]);
      else known.push(indexed);
    }
  }

  /** How many tokens before a place are those at the end. */
  function likeness(place: number): number {
    let count = 0;
    while (count < longest && place > count && tokens[place - 1 - count] === tokens[tokens.length - 1 - count]) count += 1;
    return count;
  }

  /** The place that is most alike; among equals the last one. */
  function find(): number | undefined {
    const found = places.get(tokens.slice(-shortest).join(" ")) ?? [];
    let best: number | undefined;
    let score = alike - 1;
    for (const place of found.slice(-64)) {
      const likely = likeness(place);
      if (likely >= score && likely >= alike) {
        best = place;
        score = likely;
      }
    }
    return best;
  }

  return {
    guess(room) {
      index();
      next ??= find();
      if (next === undefined) return [];
      const end = Math.min(next + Math.min(length, room, most), tokens.length);
      return tokens.slice(next, end);
    },
    came(guessed, came) {
      if (guessed.length === 0) return;
      const right = came.length - 1;
      if (right < guessed.length) {
        // It went another way.
        next = undefined;
        length = Math.max(fewest, right + 1);
        alike = right === 0 ? Math.min(longest, alike + 1) : shortest;
        return;
      }
      alike = shortest;
      length = Math.min(most, length * 2);
      // The token after the guess is the next one of the place, or the place is left.
      const after = (next ?? 0) + right;
      next = tokens[after] === came[right] ? after + 1 : undefined;
    },
  };
}
