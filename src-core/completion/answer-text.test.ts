import { describe, expect, test } from "vitest";
import { createAnswerText } from "./answer-text.ts";

function run(pieces: readonly string[], stops: readonly string[] = [], request = "", prefix = "") {
  const answer = createAnswerText(stops, request, prefix);
  let text = "";
  for (const piece of pieces) {
    const next = answer.push(piece);
    text += next.text;
    if (next.stopped !== undefined) return { text: text + answer.finish(next.stopped), stopped: next.stopped };
  }
  return { text: text + answer.finish(undefined), stopped: undefined };
}

describe("stop texts", () => {
  test("nothing of one is given out, however it is cut into pieces", () => {
    for (const pieces of [["a\n```\nb"], ["a", "\n", "``", "`", "\nb"], ["a\n`", "``\nb"]])
      expect(run(pieces, ["\n```"])).toEqual({ text: "a", stopped: "end" });
  });

  test("what only began like one is given out in the end", () => {
    expect(run(["a", "\n`", "`x"], ["\n```"])).toEqual({ text: "a\n``x", stopped: undefined });
    expect(run(["a", "\n``"], ["\n```"])).toEqual({ text: "a\n``", stopped: undefined });
  });

  test("the first of several counts", () => {
    expect(run(["one STOP two END"], ["END", "STOP"]).text).toBe("one ");
  });

  test("text is given out as soon as it is certain", () => {
    const answer = createAnswerText(["\n```"], "");
    expect(answer.push("hello ").text).toBe("hello ");
    expect(answer.push("x\n").text).toBe("x");
    expect(answer.push("y").text).toBe("\ny");
  });
});

describe("loops", () => {
  test("a line over and over stops", () => {
    expect(run(Array.from({ length: 100 }, () => "the same line again\n")).stopped).toBe("repeat");
  });

  test("a paragraph over and over stops", () => {
    const paragraph = `${Array.from({ length: 8 }, (_, index) => `sentence number ${index}.`).join(" ")}\n`;
    expect(run(Array.from({ length: 10 }, () => paragraph)).stopped).toBe("repeat");
  });

  test("counting lines of prose stop", () => {
    const { text, stopped } = run(Array.from({ length: 200 }, (_, index) => `- Line ${index + 1}: closes the bracket of the call.\n`));
    expect(stopped).toBe("repeat");
    expect(text.split("\n").length).toBeLessThan(30);
  });

  test("an answer that is made to begin with code may count as far as was asked", () => {
    const lines = Array.from({ length: 200 }, (_, index) => `    case ${index}: return "number ${index}";\n`);
    expect(run(lines, [], "Write 200 cases.", "```ts\n").stopped).toBeUndefined();
    expect(run(lines, [], "", "```ts\n").stopped).toBe("repeat");
  });
});

test("code that only counts stops the answer, and prose around it does not matter", () => {
  const tests = Array.from({ length: 30 }, (_, n) => `def test_square_${n}():\n    assert square(${n}) == ${n * n}\n\n`);
  const begun = (prefix: string) => {
    const answer = createAnswerText(["\n```"], "Write tests of square.", prefix);
    return tests.findIndex((each) => answer.push(each).stopped === "repeat");
  };
  expect(begun("```python\n")).toBe(11);
  expect(begun("Here they are:\n\n```python\n")).toBe(11);
});
