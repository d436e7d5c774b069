import { diffLines } from "./diff.ts";
import { splitLines } from "./lines.ts";

/** One place where a proposal differs: lines of the original, counted from 0, and what stands there instead. */
export interface Hunk {
  readonly original: { readonly start: number; readonly lines: readonly string[] };
  readonly proposed: { readonly start: number; readonly lines: readonly string[] };
}

/** The places where a proposal differs from the original; lines carry their line ends, which are those of the editor unless `split` says otherwise. */
export function hunks(original: string, proposed: string, split: (text: string) => string[] = splitLines): Hunk[] {
  const before = split(original);
  const after = split(proposed);
  return diffLines(before, after).map((change) => ({
    original: { start: change.original.start, lines: before.slice(change.original.start, change.original.end) },
    proposed: { start: change.proposed.start, lines: after.slice(change.proposed.start, change.proposed.end) },
  }));
}

/** The original with these of its hunks: all of them give the proposal, none give the original. */
export function applyHunks(original: string, kept: readonly Hunk[]): string {
  const lines = splitLines(original);
  const result: string[] = [];
  let next = 0;
  for (const hunk of [...kept].sort((a, b) => a.original.start - b.original.start)) {
    result.push(...lines.slice(next, hunk.original.start), ...hunk.proposed.lines);
    next = hunk.original.start + hunk.original.lines.length;
  }
  return [...result, ...lines.slice(next)].join("");
}
