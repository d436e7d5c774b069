import { describe, expect, it } from "vitest";
import { type LineChange, linesToTell, withChange } from "./hunks.ts";

const hunksAfter = (...changes: readonly LineChange[]) =>
  changes.reduce<ReturnType<typeof withChange>>((hunks, change) => withChange(hunks, change), []);
/** A line that was typed in, or lines that were put in or taken away. */
const typed = (line: number) => ({ first: line, last: line, lineEnds: 0 });
const inserted = (line: number, count: number) => ({ first: line, last: line, lineEnds: count });
const deleted = (line: number, count: number) => ({ first: line, last: line + count, lineEnds: 0 });

describe("hunks", () => {
  it("grow with what is typed near them", () => {
    expect(hunksAfter(typed(10), typed(10), typed(12), typed(8))).toEqual([{ first: 8, last: 12 }]);
    expect(hunksAfter(inserted(10, 1), inserted(11, 1))).toEqual([{ first: 10, last: 12 }]);
  });

  it("are several where edits are far from each other, the newest last", () => {
    expect(hunksAfter(typed(100), typed(10))).toEqual([
      { first: 100, last: 100 },
      { first: 10, last: 10 },
    ]);
    expect(hunksAfter(...[100, 200, 300, 400, 500].map(typed)).map(({ first }) => first)).toEqual([200, 300, 400, 500]);
  });

  it("move with what happens above them", () => {
    expect(hunksAfter(typed(100), inserted(10, 5))[0]).toEqual({ first: 105, last: 105 });
    expect(hunksAfter(typed(100), deleted(10, 5))[0]).toEqual({ first: 95, last: 95 });
    expect(hunksAfter(typed(10), inserted(100, 5))[0]).toEqual({ first: 10, last: 10 });
  });

  it("shrink to what is left of them", () => {
    expect(hunksAfter(inserted(10, 5), deleted(9, 8))).toEqual([{ first: 9, last: 9 }]);
    expect(hunksAfter(inserted(10, 5), deleted(11, 2))).toEqual([{ first: 10, last: 13 }]);
  });

  it("are told with a few lines around, and in part where they are long", () => {
    expect(linesToTell({ first: 10, last: 12 }, 100)).toEqual({ first: 7, last: 15 });
    expect(linesToTell({ first: 1, last: 1 }, 3)).toEqual({ first: 0, last: 2 });
    expect(linesToTell({ first: 10, last: 300 }, 301)).toEqual({ first: 269, last: 300 });
    expect(linesToTell({ first: 200, last: 210 }, 20)).toEqual({ first: 19, last: 19 });
  });
});
