/** Bytes from the first to before the second. */
export type ByteRange = readonly [from: number, end: number];

/** Adds a range to ranges that are in order and do not touch, and joins what touches then. */
export function addRange(ranges: readonly ByteRange[], [from, end]: ByteRange): ByteRange[] {
  if (end <= from) return [...ranges];
  const before = ranges.filter((range) => range[1] < from);
  const after = ranges.filter((range) => range[0] > end);
  const touching = ranges.slice(before.length, ranges.length - after.length);
  const joined: ByteRange = [Math.min(from, touching[0]?.[0] ?? from), Math.max(end, touching.at(-1)?.[1] ?? end)];
  return [...before, joined, ...after];
}

/** How many bytes the ranges have. */
export function countBytes(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, [from, end]) => sum + end - from, 0);
}

/** Where the bytes end that are there from the start on without a gap. */
export function endOfFirst(ranges: readonly ByteRange[]): number {
  const [first] = ranges;
  return first?.[0] === 0 ? first[1] : 0;
}

/** What is missing of a whole, in order, in pieces of at most so many bytes. */
export function missingPieces(ranges: readonly ByteRange[], whole: number, most: number): ByteRange[] {
  const pieces: ByteRange[] = [];
  let from = 0;
  for (const [start, end] of [...ranges, [whole, whole] as const]) {
    for (; from < Math.min(start, whole); from = Math.min(from + most, start)) pieces.push([from, Math.min(from + most, start)]);
    from = Math.max(from, end);
  }
  return pieces;
}

/** The ranges as far as a file of this length can hold them. */
export function within(ranges: readonly ByteRange[], length: number): ByteRange[] {
  return ranges.filter(([from]) => from < length).map(([from, end]) => [from, Math.min(end, length)]);
}
