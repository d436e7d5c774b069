import { describe, expect, test } from "vitest";
import { createKnownTexts } from "./known.ts";
import type { WritingPlace } from "./writing.ts";

const pieces = (...texts: readonly (string | readonly [string, number])[]) =>
  texts.map((one) => (typeof one === "string" ? { text: one, probability: 0.9 } : { text: one[0], probability: one[1] }));

function place(parts: Partial<WritingPlace> = {}): WritingPlace {
  return { shape: "line", prefix: "x = ", suffix: "\n", thresholds: undefined, maxTokens: 64, ...parts };
}

const textOf = (answer: { readonly pieces: readonly { readonly text: string }[] } | undefined) =>
  answer?.pieces.map(({ text }) => text).join("");

function known(ended = false) {
  const texts = createKnownTexts();
  texts.add({ prefix: "x = ", suffix: "\n", pieces: pieces("foo", "(", "bar", ");\n", "next", "();\n", "end"), ended });
  return texts;
}

describe("typing along what was suggested", () => {
  test.each([
    ["x = ", "foo(bar);"],
    ["x = f", "oo(bar);"],
    ["x = foo(b", "ar);"],
    ["x = foo(bar);", ""],
    ["x = foo(bar);\n", "next();"],
  ])("behind %j comes %j", (prefix, rest) => expect(textOf(known().find(place({ prefix })))).toBe(rest));

  test("going back and typing again", () => {
    const texts = known();
    texts.add({ prefix: "x = foo(c", suffix: "\n", pieces: pieces("ar", ");\n"), ended: false });
    expect(textOf(texts.find(place({ prefix: "x = foo(c" })))).toBe("ar);");
    expect(textOf(texts.find(place({ prefix: "x = foo(" })))).toBe("bar);");
    expect(textOf(texts.find(place({ prefix: "x = foo(ca" })))).toBe("r);");
  });

  test("nothing where the typing went elsewhere, before the text, or in another surrounding", () => {
    for (const prefix of ["x = fa", "x =", "y = ", "x = foo(bar);\nother"]) expect(known().find(place({ prefix }))).toBeUndefined();
    expect(known().find(place({ suffix: "\nmore" }))).toBeUndefined();
    expect(known().find(place({ prefix: "x = foo(", suffix: ")\n" }))).toBeDefined();
  });

  test("nothing where the rules want more than is known", () => {
    expect(known().find(place({ prefix: "x = foo(bar);\nnext();\n" }))).toBeUndefined();
    expect(textOf(known(true).find(place({ prefix: "x = foo(bar);\nnext();\n" })))).toBe("end");
  });
});

describe("doubt", () => {
  const thresholds = { token: 0.2, line: 0.1 };

  test("ends what is known as it ends a fresh suggestion", () => {
    const texts = createKnownTexts();
    texts.add({ prefix: "a", suffix: "", pieces: pieces("b", " c", [" d", 0.1]), ended: false });
    expect(texts.find(place({ prefix: "a", suffix: "", thresholds }))).toMatchObject({ doubted: true, stop: "end" });
    expect(textOf(texts.find(place({ prefix: "a", suffix: "", thresholds })))).toBe("b c");
  });

  test("about a piece that is partly typed is for the model to decide", () => {
    const texts = createKnownTexts();
    texts.add({ prefix: "a", suffix: "", pieces: pieces(["word", 0.1], " c\n"), ended: false });
    expect(texts.find(place({ prefix: "aw", suffix: "", thresholds }))).toBeUndefined();
    expect(textOf(texts.find(place({ prefix: "aword", suffix: "", thresholds })))).toBe(" c");
  });
});
