import { describe, expect, it } from "vitest";
import { afterEdit, lengthOf } from "./retention.ts";

/** Follows the text between brackets through one replacement, and shows what is left of it in the same way. */
function follow(text: string, ...replacements: { of: string; by: string }[]): string {
  const from = text.indexOf("[");
  const to = text.indexOf("]") - 1;
  const plain = text.replace(/[[\]]/g, "");
  const edits = replacements.map(({ of, by }) => ({ at: plain.indexOf(of), of, by }));
  const stretches = afterEdit(
    [{ from, to }],
    edits.map(({ at, of, by }) => ({ offset: at, removed: of.length, added: by.length })),
  );
  let edited = plain;
  for (const { at, of, by } of [...edits].sort((a, b) => b.at - a.at)) edited = edited.slice(0, at) + by + edited.slice(at + of.length);
  for (const stretch of [...stretches].reverse()) {
    edited = `${edited.slice(0, stretch.from)}[${edited.slice(stretch.from, stretch.to)}]${edited.slice(stretch.to)}`;
  }
  return edited;
}

describe("an accepted text that is edited", () => {
  it.each([
    ["a = [sum(b)];", { of: "a = ", by: "const a = " }, "const a = [sum(b)];"],
    ["a = [sum(b)];", { of: ";", by: ";\nnext" }, "a = [sum(b)];\nnext"],
    ["a = [sum(b)];", { of: "b", by: "values" }, "a = [sum(]values[)];"],
    ["a = [sum(b)];", { of: "(", by: "((" }, "a = [sum](([b)];"],
    ["a = [sum(b)];", { of: "= sum", by: "= add" }, "a = add[(b)];"],
    ["a = [sum(b)];", { of: "b);", by: "" }, "a = [sum(]"],
    ["a = [sum(b)];", { of: "a = sum(b);", by: "other" }, "other"],
  ])("%s with %j is %s", (text, replacement, expected) => expect(follow(text, replacement)).toBe(expected));

  it("bears several replacements at once", () => {
    expect(follow("a = [sum(b, c)];", { of: "a", by: "total" }, { of: "b", by: "x" }, { of: "c", by: "y" })).toBe(
      "total = [sum(]x[, ]y[)];",
    );
  });

  it("is split by what is written into it, and loses nothing", () => {
    const split = afterEdit([{ from: 4, to: 10 }], [{ offset: 7, removed: 0, added: 5 }]);
    expect(split).toEqual([
      { from: 4, to: 7 },
      { from: 12, to: 15 },
    ]);
    expect(lengthOf(split)).toBe(6);
  });

  it("of which nothing is left stays gone", () => {
    expect(afterEdit([], [{ offset: 0, removed: 0, added: 4 }])).toEqual([]);
  });
});
