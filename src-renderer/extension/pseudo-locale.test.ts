import { expect, test } from "vitest";
import { toPseudoLocale } from "./pseudo-locale.ts";

test("every word is changed, wherever it stands, and what is no word stays", () => {
  const words = toPseudoLocale({
    title: "Models",
    deep: { list: ["One", "$(sync) {0}"] },
    count: (n: number) => `${n} files`,
    line: 3,
    none: "",
  });
  expect(words.title).toBe("⟦Módéls~~⟧");
  expect(words.deep.list).toEqual(["⟦Óné~⟧", "⟦$(sync) {0}~~~~⟧"]);
  expect(words.count(2)).toBe("⟦2 fílés~~~⟧");
  expect(words.line).toBe(3);
  expect(words.none).toBe("");
});
