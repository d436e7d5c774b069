import { describe, expect, it } from "vitest";
import { addRange, type ByteRange, countBytes, endOfFirst, missingPieces, within } from "./ranges.ts";

describe("ranges of bytes", () => {
  it("are joined where they touch", () => {
    let ranges: ByteRange[] = [];
    for (const each of [
      [10, 20],
      [30, 40],
      [0, 5],
      [20, 30],
      [7, 7],
      [5, 10],
    ] as const)
      ranges = addRange(ranges, each);
    expect(ranges).toEqual([[0, 40]]);
    expect(addRange([[0, 4]], [8, 9])).toEqual([
      [0, 4],
      [8, 9],
    ]);
    expect(addRange([[2, 4]], [0, 9])).toEqual([[0, 9]]);
  });

  it("say what is missing, in pieces", () => {
    expect(missingPieces([], 25, 10)).toEqual([
      [0, 10],
      [10, 20],
      [20, 25],
    ]);
    expect(
      missingPieces(
        [
          [0, 3],
          [12, 20],
        ],
        25,
        5,
      ),
    ).toEqual([
      [3, 8],
      [8, 12],
      [20, 25],
    ]);
    expect(missingPieces([[0, 25]], 25, 5)).toEqual([]);
  });

  it("and pieces fill them, whatever came first", () => {
    const random = (seed: number) => () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    for (let seed = 1; seed <= 200; seed++) {
      const next = random(seed);
      let ranges: ByteRange[] = [];
      for (let count = 0; count < 6; count++) {
        const from = Math.floor(next() * 90);
        ranges = addRange(ranges, [from, from + Math.floor(next() * 12)]);
      }
      ranges = within(ranges, 95);
      const pieces = missingPieces(ranges, 95, 7);
      expect(countBytes(ranges) + countBytes(pieces)).toBe(95);
      expect(pieces.reduce<ByteRange[]>(addRange, ranges)).toEqual([[0, 95]]);
      expect(endOfFirst(ranges)).toBe(pieces[0]?.[0] ?? 95);
    }
  });

  it("end where the file does", () => {
    expect(
      within(
        [
          [0, 5],
          [8, 12],
          [20, 30],
        ],
        10,
      ),
    ).toEqual([
      [0, 5],
      [8, 10],
    ]);
  });
});
