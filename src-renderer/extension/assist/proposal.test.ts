import { describe, expect, it } from "vitest";
import { changesBetween, editFor, type LineEdit, linesOf, nearestChange, nextChange, shownCount } from "./proposal.ts";

function apply(lines: readonly string[], edits: readonly LineEdit[]): string[] {
  let text = lines.join("\n");
  const offset = (line: number, column: number) => lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  for (const { range, text: replacement } of [...edits].reverse()) {
    const start = offset(range.startLineNumber, range.startColumn);
    const end = offset(range.endLineNumber, range.endColumn);
    text = text.slice(0, start) + replacement + text.slice(end);
  }
  return text.split("\n");
}

/** Keeps every change of a proposal for lines `from` to `to` (from 0, the last not included) of a document. */
function keepAll(document: readonly string[], from: number, to: number, proposed: readonly string[]): string[] {
  const changes = changesBetween(document.slice(from, to), proposed);
  const edits = changes.map((change) => editFor(change, from + 1, document.length, (line) => document[line - 1]!.length));
  return apply(document, edits);
}

const document = ["a", "b", "c", "d", "e"];

describe("what stands in the place of empty lines", () => {
  it("is one change that takes nothing away", () => {
    const changes = changesBetween(["    "], ["    a = 1", "", "    b = 2"]);
    expect(changes).toEqual([{ start: 0, removed: 1, added: ["    a = 1", "", "    b = 2"], fills: true }]);
    expect(shownCount(changes)).toEqual({ added: 3, removed: 0 });
    expect(keepAll(["def f():", "    ", "end"], 1, 2, ["    a = 1", "", "    b = 2"])).toEqual([
      "def f():",
      "    a = 1",
      "",
      "    b = 2",
      "end",
    ]);
  });

  it("is nothing where the lines stay empty, and counts where lines with code go", () => {
    expect(changesBetween([""], [""])).toEqual([]);
    expect(shownCount(changesBetween(["a", ""], ["b", ""]))).toEqual({ added: 1, removed: 1 });
  });
});

describe("keeping a proposal", () => {
  it.each([
    [["b", "x", "d"]],
    [["x", "b", "c", "d"]],
    [["b", "c", "d", "x"]],
    [["b"]],
    [["x", "y", "z", "1", "2"]],
    [["c", "d", "x", "y"]],
    [["b", "", "d"]],
  ])("puts %j in the place of the middle", (proposed) => {
    expect(keepAll(document, 1, 4, proposed)).toEqual(["a", ...proposed, "e"]);
  });

  it("reaches the first and the last line of a document", () => {
    expect(keepAll(document, 0, 5, ["0", "a", "b", "c", "d", "e", "f"])).toEqual(["0", "a", "b", "c", "d", "e", "f"]);
    expect(keepAll(document, 0, 5, ["b", "c", "d"])).toEqual(["b", "c", "d"]);
    expect(keepAll(document, 3, 5, ["d"])).toEqual(["a", "b", "c", "d"]);
  });

  it("keeps changes one by one with the same result, in any order", () => {
    const original = ["1", "2", "3", "4", "5", "6", "7"];
    const proposed = ["0", "1", "3", "4", "x", "y", "6", "7", "8"];
    for (const order of [
      [0, 0, 0, 0],
      [3, 2, 1, 0],
      [1, 0, 1, 0],
    ]) {
      let lines: string[] = [...original];
      let changes = changesBetween(original, proposed);
      expect(changes).toHaveLength(4);
      for (const index of order) {
        const change = changes[index]!;
        lines = apply(lines, [editFor(change, 1, lines.length, (line) => lines[line - 1]!.length)]);
        changes = changesBetween(lines, proposed);
      }
      expect(lines).toEqual(proposed);
    }
  });

  it("reads any line ends", () => {
    expect(linesOf("a\r\nb\nc\rd")).toEqual(["a", "b", "c", "d"]);
  });
});

describe("from change to change", () => {
  const changes = [2, 7].map((start) => ({ start, removed: 1, added: ["new"] }));

  it("goes to the next one and the one before, round the end", () => {
    expect([nextChange(changes, 0, 1)?.start, nextChange(changes, 2, 1)?.start, nextChange(changes, 7, 1)?.start]).toEqual([2, 7, 2]);
    expect([nextChange(changes, 7, -1)?.start, nextChange(changes, 2, -1)?.start]).toEqual([2, 7]);
    expect(nextChange([], 0, 1)).toBeUndefined();
  });

  it("takes the one at the cursor, else the one below, else the last", () => {
    expect([2, 3, 9].map((line) => nearestChange(changes, line)?.start)).toEqual([2, 7, 7]);
  });
});
