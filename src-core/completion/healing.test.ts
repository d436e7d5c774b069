import { describe, expect, test } from "vitest";
import { chooseHealed, fitsHealing, preTokens, unfinishedPiece } from "./healing.ts";

describe("what is taken back", () => {
  test.each([
    ["a word", "    return fibo", " fibo"],
    ["the first word of a line", "fibo", "fibo"],
    ["a word after a dot goes with it", "user.nam", ".nam"],
    ["punctuation as a run", "foo((", "(("],
    ["a blank at the end", "return ", " "],
    ["the indentation of a blank line", "if x:\n        ", "        "],
    ["a line end with what stands before it", "if (x) {\n", " {\n"],
    ["several line ends", "x = 1\n\n\n", "\n\n\n"],
    ["the last digit alone", "x = 123", "3"],
    ["tabs", "{\n\t\t", "\t\t"],
    ["a word in another script", "имя = зна", " зна"],
    ["an emoji with its quote", "say('😀", "('😀"],
    ["nothing of nothing", "", ""],
    ["a contraction", "it's", "'s"],
  ])("%s", (_name, text, piece) => {
    expect(unfinishedPiece(text, "qwen2")).toBe(piece);
  });

  test("nothing of a long ruler", () => {
    expect(unfinishedPiece(`// ${"-".repeat(80)}`, "qwen2")).toBe("");
  });

  test("a number whole where the vocabulary has whole numbers", () => {
    expect(unfinishedPiece("x = 123", "llama-bpe")).toBe("123");
    expect(unfinishedPiece("x = 123", "gpt-2")).toBe(" 123");
  });

  test("a word of letters, digits and underscores without a pre-tokenizer", () => {
    expect(unfinishedPiece("x = my_name2", undefined)).toBe(" my_name2");
  });

  test.each([["qwen2"], ["llama-bpe"], ["gpt-2"], ["starcoder"], ["deepseek-coder"], [undefined], ["unheard-of"]])(
    "the pieces of %s are the whole text",
    (name) => {
      const text = "export const a = `x`; // 'it''s' 😀 naïve\r\n\t\tif (a_b != c) {\n\n  return [1, 22];\n}\n ";
      expect(preTokens(text, name).join("")).toBe(text);
    },
  );
});

describe("which tokens may stand there", () => {
  test.each([
    ["return", "retur", true],
    ["ret", "retur", true],
    ["retur", "retur", true],
    ["rest", "retur", false],
    ["", "retur", false],
    ["Return", "retur", false],
  ])("%s for %s: %s", (token, needed, fits) => expect(fitsHealing(token, needed)).toBe(fits));

  test("the likeliest consistent one, with its share among those", () => {
    const texts = ["print", "return", "ret", "x"];
    const candidates = [0.5, 0.3, 0.1, 0.1].map((probability, token) => ({ token, probability }));
    const [chosen] = chooseHealed(candidates, "retu", (token) => texts[token] ?? "");
    expect(chosen).toMatchObject({ token: 1, text: "return" });
    expect(chosen?.probability).toBeCloseTo(0.75);
  });

  test("none where nothing fits", () => {
    expect(chooseHealed([{ token: 0, probability: 1 }], "😀", () => "\uFFFD")).toEqual([]);
  });
});
