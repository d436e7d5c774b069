/** Lines `start` up to but without `end` of either side that differ; everything between two changes is equal. */
export interface Change {
  readonly original: { readonly start: number; readonly end: number };
  readonly proposed: { readonly start: number; readonly end: number };
}

// More edits than this are one big change to a reader anyway, and the search grows with their square.
const mostEdits = 1500;

/** The least changes that turn one list of lines into the other (Myers 1986), in order. */
export function diffLines(original: readonly string[], proposed: readonly string[]): Change[] {
  let start = 0;
  let originalEnd = original.length;
  let proposedEnd = proposed.length;
  while (start < originalEnd && start < proposedEnd && original[start] === proposed[start]) start++;
  while (originalEnd > start && proposedEnd > start && original[originalEnd - 1] === proposed[proposedEnd - 1]) {
    originalEnd--;
    proposedEnd--;
  }
  if (start === originalEnd && start === proposedEnd) return [];
  const whole = [{ original: { start, end: originalEnd }, proposed: { start, end: proposedEnd } }];
  if (start === originalEnd || start === proposedEnd) return slid(whole, original, proposed);
  const pairs = equalPairs(original.slice(start, originalEnd), proposed.slice(start, proposedEnd));
  return pairs ? slid(between(pairs, start, originalEnd, proposedEnd), original, proposed) : whole;
}

/** Index pairs of equal lines, in order; undefined where there are too many edits. */
function equalPairs(a: readonly string[], b: readonly string[]): [number, number][] | undefined {
  const most = Math.min(a.length + b.length, mostEdits);
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let edits = 0; edits <= most; edits++) {
    trace.push(new Map(furthest));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = comesFromAbove(furthest, diagonal, edits) ? (furthest.get(diagonal + 1) ?? 0) : (furthest.get(diagonal - 1) ?? 0) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return undefined;
}

function comesFromAbove(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  return diagonal === -edits || (diagonal !== edits && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1));
}

function walkBack(trace: readonly ReadonlyMap<number, number>[], endX: number, endY: number): [number, number][] {
  const pairs: [number, number][] = [];
  let x = endX;
  let y = endY;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const furthest = trace[edits] as ReadonlyMap<number, number>;
    const diagonal = x - y;
    const before = comesFromAbove(furthest, diagonal, edits) ? diagonal + 1 : diagonal - 1;
    const beforeX = edits === 0 ? 0 : (furthest.get(before) ?? 0);
    const beforeY = edits === 0 ? 0 : beforeX - before;
    while (x > beforeX && y > beforeY) pairs.push([--x, --y]);
    x = beforeX;
    y = beforeY;
  }
  return pairs.reverse();
}

function between(pairs: readonly [number, number][], offset: number, originalEnd: number, proposedEnd: number): Change[] {
  const changes: Change[] = [];
  let x = offset;
  let y = offset;
  for (const [pairX, pairY] of [...pairs.map(([a, b]) => [a + offset, b + offset] as const), [originalEnd, proposedEnd] as const]) {
    if (x < pairX || y < pairY) changes.push({ original: { start: x, end: pairX }, proposed: { start: y, end: pairY } });
    x = pairX + 1;
    y = pairY + 1;
  }
  return changes;
}

/** Moves a pure insertion or deletion down as far as its lines repeat, so that it shows `b }` after `a }` and not `} b` inside it. */
function slid(changes: readonly Change[], original: readonly string[], proposed: readonly string[]): Change[] {
  return changes.map((change, index) => {
    const inserts = change.original.start === change.original.end;
    const deletes = change.proposed.start === change.proposed.end;
    if (inserts === deletes) return change;
    const lines = inserts ? proposed : original;
    const range = inserts ? change.proposed : change.original;
    const next = changes[index + 1];
    const room = inserts
      ? (next?.proposed.start ?? proposed.length) - change.proposed.end
      : (next?.original.start ?? original.length) - change.original.end;
    let by = 0;
    while (by < room - (next ? 1 : 0) && lines[range.start + by] === lines[range.end + by]) by++;
    const moved = ({ start, end }: { start: number; end: number }) => ({ start: start + by, end: end + by });
    return { original: moved(change.original), proposed: moved(change.proposed) };
  });
}
