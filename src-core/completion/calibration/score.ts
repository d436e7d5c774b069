import type { InfillLayout } from "../../contracts/inference.ts";

/** How a layout did on the holes. */
export interface LayoutScore {
  readonly layout: InfillLayout;
  /** Holes whose line was written exactly. */
  readonly exact: number;
  /** Mean likeness of what was written to what was right, 0 to 1. */
  readonly similarity: number;
}

/** The layout of a model nobody tried. */
export const defaultLayout: InfillLayout = { anchor: "above", healing: true, names: true };

/** The layouts worth trying, the usual one first: each that costs little for a key, and the one that models are trained with. */
export const candidateLayouts: readonly InfillLayout[] = [
  defaultLayout,
  { ...defaultLayout, anchor: "window" },
  { ...defaultLayout, anchor: "line" },
  { ...defaultLayout, anchor: "cursor" },
];

/** Half exactness and half likeness have to be better by this share of all; less is chance with some dozen holes. */
const worthwhile = 0.04;

/** The first score whose layout no other clearly beats: a change has to be worth it. */
export function bestLayout(scores: readonly LayoutScore[], holes: number): InfillLayout {
  const worthOf = ({ exact, similarity }: LayoutScore) => (exact / holes + similarity) / 2;
  const highest = Math.max(...scores.map(worthOf));
  return scores.find((score) => worthOf(score) > highest - worthwhile)?.layout ?? defaultLayout;
}

/** How alike two lines are: 1 for the same, 0 for nothing in common. Blanks at the ends do not count. */
export function similarity(written: string, expected: string): number {
  const a = written.trim();
  const b = expected.trim();
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 1 : 1 - editDistance(a, b) / longest;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, character] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (row[j] ?? 0) + (character === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
