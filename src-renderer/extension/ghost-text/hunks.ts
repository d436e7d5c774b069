/** Lines of a document that were edited, from 0, both included. */
export interface Hunk {
  readonly first: number;
  readonly last: number;
}

/** Lines that were replaced by others. */
export interface LineChange {
  readonly first: number;
  readonly last: number;
  /** Line ends in what stands there now. */
  readonly lineEnds: number;
}

/** Edits with no more lines between them are one. */
const near = 6;
const mostHunks = 4;
const around = 3;
/** Lines of a hunk that are told at most. */
const mostLines = 32;

/** The hunks of a document after one more change: those below it move, those near it grow together. The newest is the last. */
export function withChange(hunks: readonly Hunk[], { first, last, lineEnds }: LineChange): readonly Hunk[] {
  const end = first + lineEnds;
  const moved = end - last;
  let changed: Hunk = { first, last: end };
  const others: Hunk[] = [];
  for (const hunk of hunks) {
    const now = {
      first: hunk.first > last ? hunk.first + moved : Math.min(hunk.first, end),
      last: hunk.last >= last ? hunk.last + moved : Math.min(hunk.last, end),
    };
    if (now.first - near <= changed.last && now.last + near >= changed.first)
      changed = { first: Math.min(now.first, changed.first), last: Math.max(now.last, changed.last) };
    else others.push(now);
  }
  return [...others, changed].slice(-mostHunks);
}

/** The lines to tell of a hunk: a few around it, and of a long one its end. `lines` is how many the document has. */
export function linesToTell({ first, last }: Hunk, lines: number): Hunk {
  const end = Math.min(lines - 1, last + around);
  return { first: Math.min(end, Math.max(0, first - around, end - mostLines + 1)), last: end };
}
