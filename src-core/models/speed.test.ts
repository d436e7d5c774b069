import { describe, expect, it, test } from "vitest";
import { explainSlow, guessesPay, suggestionMilliseconds } from "./speed.ts";

describe("explainSlow", () => {
  it("measures ghost text by the wait for a suggestion", () => {
    expect(suggestionMilliseconds({ reading: 240, writing: 48 })).toBe(350);
    expect(explainSlow("Big", "completion", { reading: 240, writing: 48 })).toBeUndefined();
    expect(explainSlow("Big", "completion", { reading: 80, writing: 15 })).toBe(
      "A suggestion of Big takes about 1.1 seconds here, which is too late while typing.",
    );
  });
  it("measures answers by the speed of writing", () => {
    expect(explainSlow("Big", "code", { reading: 20, writing: 8 })).toBeUndefined();
    expect(explainSlow("Big", "general", { reading: 20, writing: 3.14 })).toBe(
      "Big writes 3.1 tokens a second here, which is slower than reading.",
    );
  });
});

test("guesses pay where writing with them was measured to be clearly quicker", () => {
  expect(guessesPay({ writing: 20, guessing: 40 })).toBe(true);
  expect(guessesPay({ writing: 20, guessing: 21 })).toBe(false);
  expect(guessesPay({ writing: 20 })).toBe(false);
});
