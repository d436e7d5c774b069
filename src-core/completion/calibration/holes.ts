import { type Snippet, snippets } from "./snippets.ts";

/** A place in a program whose right continuation is known. */
export interface CalibrationHole {
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
  /** The rest of the line. */
  readonly expected: string;
}

function holesOf({ path, text }: Snippet): readonly CalibrationHole[] {
  const whole = text.replace(/[«»]/g, "");
  let marks = 0;
  return [...text.matchAll(/«([^»]*)»/g)].map(({ index, 1: expected = "" }) => {
    const at = index - marks;
    marks += 2;
    return { path, prefix: whole.slice(0, at), suffix: whole.slice(at + expected.length), expected };
  });
}

/** All holes; neighbours are of different programs, so that nothing of one helps with the next. */
export const calibrationHoles: readonly CalibrationHole[] = interleave(snippets.map(holesOf));

function interleave<T>(groups: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(...groups.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => groups.flatMap((group) => group.slice(index, index + 1))).flat();
}
