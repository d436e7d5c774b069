import { applyHunks, type Hunk, hunks } from "../edits/hunks.ts";
import { lineEndOf } from "../edits/lines.ts";

/** What is proposed in the place of a part of a text; offsets are UTF-16 units. */
export interface PartAnswer {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with answers about parts of it. */
export interface Composed {
  readonly text: string;
  /** The answers that change what an earlier one changes already; they are left out. */
  readonly leftOut: readonly PartAnswer[];
}

/**
 * Puts answers about parts of a text together, each of which was given about the text as it is. Only the lines that an answer changes count,
 * so that one about a class and one about its method go together where they change different lines.
 */
export function composeAnswers(text: string, answers: readonly PartAnswer[]): Composed {
  const lineEnd = lineEndOf(text);
  const taken: Hunk[] = [];
  const leftOut: PartAnswer[] = [];
  for (const answer of answers) {
    const part = answer.text.replace(/\r\n|\n|\r/g, lineEnd);
    const found = hunks(text, text.slice(0, answer.start) + part + text.slice(answer.end));
    if (found.some((hunk) => taken.some((other) => collide(hunk, other)))) leftOut.push(answer);
    else taken.push(...found);
  }
  // Of what begins at the same line, what is inserted before it comes first.
  taken.sort((a, b) => a.original.start - b.original.start || a.original.lines.length - b.original.lines.length);
  return { text: applyHunks(text, taken), leftOut };
}

function collide({ original: one }: Hunk, { original: other }: Hunk): boolean {
  if (one.lines.length === 0 && other.lines.length === 0) return one.start === other.start;
  return one.start < other.start + other.lines.length && other.start < one.start + one.lines.length;
}
