import { expect, test } from "vitest";
import { createTokenText, withoutHalfCharacter } from "./token-text.ts";

/** Tokens are single bytes. */
const textOf = (tokens: readonly number[]) => new TextDecoder().decode(Uint8Array.from(tokens));
const bytes = (text: string) => [...new TextEncoder().encode(text)];
const push = (tokens: readonly number[]) => {
  const text = createTokenText(textOf);
  return tokens.map((token) => text.push(token));
};

test("a character over four tokens comes with the last of them", () => {
  expect(push(bytes("a😀b"))).toEqual(["a", "", "", "", "😀", "b"]);
});

test("several languages at once", () => {
  expect(push(bytes("né日本")).join("")).toBe("né日本");
});

test("bytes that never become a character do not hold back the rest", () => {
  expect(push([0xff, 0x61, 0x62]).join("")).toContain("ab");
  expect(push([0xff, 0xff, 0xff, 0xff, 0x61]).at(-1)).toBe("a");
});

test("a real replacement character is text", () => {
  expect(push(bytes("\uFFFDx")).join("").endsWith("x")).toBe(true);
});

test("the tokens before are given along", () => {
  const seen: number[][] = [];
  const text = createTokenText(
    (tokens, before) => {
      seen.push([...before]);
      return textOf(tokens);
    },
    [1, 2, 3, 4, 5],
  );
  text.push(65);
  text.push(66);
  expect(seen).toEqual([
    [2, 3, 4, 5],
    [3, 4, 5, 65],
  ]);
});

test("half a character at the end is left out", () => {
  expect(withoutHalfCharacter("a\uD83D")).toBe("a");
  expect(withoutHalfCharacter("a😀")).toBe("a😀");
});
