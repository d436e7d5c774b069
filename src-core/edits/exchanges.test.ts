import { describe, expect, test } from "vitest";
import { exchangeLines } from "./exchanges.ts";

const text =
  "def total(prices):\n    sum = 0\n    for price in prices:\n        sum = sum + price\n    return sum\n\ndef none():\n    return 0";
const block = (search: string, replace: string) =>
  `<<<<<<< SEARCH\n${search}\n=======\n${replace}${replace === "" ? "" : "\n"}>>>>>>> REPLACE\n`;

describe("lines are replaced", () => {
  test.each([
    ["as they are written", "        sum = sum + price", "        sum += price"],
    ["with blanks at their ends", "        sum = sum + price  ", "        sum += price"],
    ["indented otherwise", "sum = sum + price", "sum += price"],
    ["with other blanks between words", "        sum  =  sum + price", "        sum += price"],
  ])("%s", (_how, search, replace) => {
    expect(exchangeLines(text, block(search, replace))).toEqual({ text: text.replace("sum = sum + price", "sum += price") });
  });

  test("several of them, in any order, around talk and with the line ends of Windows", () => {
    const answer = `Here they are:\n${block("def none():\n    return 0", "def none():\n    return None")}And:\n${block("    sum = 0", "    sum = 0.0")}`;
    const expected = { text: text.replace("return 0", "return None").replace("sum = 0", "sum = 0.0") };
    expect(exchangeLines(text, answer)).toEqual(expected);
    expect(exchangeLines(text, answer.replaceAll("\n", "\r\n"))).toEqual(expected);
  });

  test("by none, or by more", () => {
    expect(exchangeLines(text, block("\ndef none():\n    return 0", ""))).toEqual({ text: text.slice(0, text.indexOf("\n\ndef none")) });
    expect(exchangeLines(text, block("    return 0", "    print()\n\n    return 0"))).toMatchObject({
      text: expect.stringContaining("print()\n\n    return 0"),
    });
  });
});

describe("nothing is replaced where", () => {
  test.each([
    ["there is no block", "sum += price", "no whole block"],
    ["the last block is cut off", "<<<<<<< SEARCH\n    sum = 0\n=======\n    sum", "no whole block"],
    [
      "lines are not there",
      block("    for price in prices:\n        total += price", ""),
      "“for price in prices:”, are not there. Most like them is what begins with “for price in prices:”.",
    ],
    ["a block names no lines", block("", "x"), "does not say which"],
    ["two blocks want the same line", block("    sum = 0", "a") + block("    sum = 0\n    for price in prices:", "b"), "the same line"],
  ])("%s", (_why, answer, why) => {
    expect(exchangeLines(text, answer)).toEqual({ why: expect.stringContaining(why) });
  });

  test("lines stand at several places", () => {
    expect(exchangeLines("a\nb\na\nb", block("a\nb", "c"))).toEqual({ why: expect.stringContaining("stand at 2 places") });
    // The exact one is meant, whatever is alike.
    expect(exchangeLines("a\n  a", block("  a", "  b"))).toEqual({ text: "a\n  b" });
  });
});
