import { describe, expect, it } from "vitest";
import { createLookup } from "./lookup.ts";

/** Letters as tokens. */
const tokensOf = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const textOf = (tokens: readonly number[]) => String.fromCharCode(...tokens);

/** Writes a text the way a model does and counts the steps. */
function steps(prompt: string, answer: string, most = 8): number {
  const tokens = tokensOf(prompt);
  const wanted = tokensOf(answer);
  const lookup = createLookup(tokens, most);
  let written = 0;
  let count = 0;
  while (written < wanted.length) {
    const guesses = lookup.guess(wanted.length - written - 1);
    const came: number[] = [];
    for (let at = 0; at <= guesses.length; at += 1) {
      const token = wanted[written + at] as number;
      came.push(token);
      if (token !== guesses[at]) break;
    }
    tokens.push(...came);
    written += came.length;
    lookup.came(guesses, came);
    count += 1;
  }
  expect(textOf(tokens)).toBe(prompt + answer);
  return count;
}

const code = "export function total(items: readonly Item[]): number { return items.reduce((sum, item) => sum + item.price, 0); }";

describe("a lookup", () => {
  it("guesses what the answer repeats", () => {
    expect(steps(`Rewrite this: ${code}\nAnswer: `, code)).toBeLessThan(code.length / 4);
  });

  it("goes on behind a change", () => {
    const changed = code.replaceAll("item.price", "item.amount");
    expect(steps(`Rewrite this: ${code}\nAnswer: `, changed)).toBeLessThan(changed.length / 3);
  });

  it("guesses little where nothing is repeated", () => {
    const tokens = tokensOf("abcdefghijklmnop");
    const lookup = createLookup(tokens, 8);
    expect(lookup.guess(100)).toEqual([]);
    tokens.push(...tokensOf("zyx"));
    expect(lookup.guess(100)).toEqual([]);
  });

  it("takes the place that is most alike, and no more than there is room for", () => {
    const tokens = tokensOf("the cat sat, a hat sat on; the cat ");
    const lookup = createLookup(tokens, 8);
    expect(textOf(lookup.guess(8))).toBe("sa");
    expect(textOf(lookup.guess(1))).toBe("s");
    expect(lookup.guess(0)).toEqual([]);
  });

  it("asks for more likeness after guesses that were wrong", () => {
    const tokens = tokensOf("xabc1 yabc2 zabc");
    const lookup = createLookup(tokens, 8);
    const guess = lookup.guess(8);
    expect(guess.length).toBe(2);
    tokens.push(...tokensOf("3"));
    lookup.came(guess, tokensOf("3"));
    tokens.push(...tokensOf(" qabc"));
    // Three alike were not enough before.
    expect(lookup.guess(8)).toEqual([]);
  });
});
