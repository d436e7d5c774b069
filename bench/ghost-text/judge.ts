import { type Answer, insertedText, judgedText, leftOf, type Place, rightOf } from "./place.ts";
import { endsWell } from "./run-program.ts";

/** What came of one answer. */
export interface Outcome {
  readonly exact: boolean;
  /** 0 to 1, by edit distance. */
  readonly similarity: number;
  /** Whether the program with the answer in it ends well, where there is one. */
  readonly passed?: boolean;
  readonly shown: boolean;
  /** True where the end of the answer stands below or right of the cursor already. */
  readonly repeats: boolean;
  readonly evaluated: number;
  readonly generated: number;
  readonly milliseconds: number;
  readonly note: string;
  readonly check?: string;
  readonly text?: string;
}

/** Judges an answer; programs are run. */
export async function judge(place: Place, answer: Answer, texts: boolean): Promise<Outcome> {
  const text = judgedText(place, answer);
  const left = leftOf(place.prefix);
  // With what stands left of it, since an answer may write the indentation anew.
  const kept = left.slice(0, left.length - answer.takesBack);
  const written = (kept + text).trimEnd();
  const wanted = (left + place.wanted).trimEnd();
  // A program is run with all that accepting the answer writes; one that is the wanted text needs no run.
  const passed =
    place.program === undefined
      ? undefined
      : (kept + answer.text).trimEnd() === wanted || (await endsWell(place.program(insertedText(place, answer.text, answer))));
  return {
    exact: written === wanted,
    similarity: similarity(written.slice(kept.length), place.wanted.trimEnd()),
    ...(passed === undefined ? {} : { passed }),
    shown: answer.text.trim() !== "",
    repeats: repeatsSuffix(place, answer),
    evaluated: answer.evaluated,
    generated: answer.generated,
    milliseconds: Math.round(answer.milliseconds),
    note: answer.note,
    ...(answer.check === undefined ? {} : { check: answer.check }),
    ...(texts ? { text: answer.text } : {}),
  };
}

function similarity(one: string, other: string): number {
  const longest = Math.max(one.length, other.length);
  return longest === 0 ? 1 : 1 - editDistance(one, other) / longest;
}

function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

/**
 * True when an answer ends with what follows the cursor: with the rest of its line or a part of it, or with the next line that
 * is not blank. Closers count only where they close more than is open in the document.
 */
export function repeatsSuffix(place: Pick<Place, "prefix" | "suffix">, answer: Pick<Answer, "text" | "takesBack" | "replaces">): boolean {
  const text = answer.text.trimEnd();
  if (text === "") return false;
  const following = place.suffix.slice(answer.replaces);
  const right = rightOf(following).trim();
  if (right !== "") {
    for (let length = 1; length <= Math.min(right.length, text.length); length += 1) {
      const start = right.slice(0, length);
      if (!text.endsWith(start)) continue;
      const isWords = /[\p{L}\p{N}]/u.test(start);
      if (isWords ? isWholeEnd(text, start) : addsSurplus(place, answer)) return true;
    }
    return false;
  }
  const next = following
    .split("\n")
    .find((line) => line.trim() !== "")
    ?.trimEnd();
  if (next === undefined) return false;
  const left = leftOf(place.prefix);
  const lines = (left.slice(0, left.length - answer.takesBack) + text).split("\n");
  // With its indentation: the same words in another block are another statement.
  const last = lines.at(-1) ?? "";
  if (last !== next) return false;
  return /[\p{L}\p{N}]/u.test(last) || addsSurplus(place, answer);
}

/** A shared end counts from the start of a word: `data` before ` a` repeats nothing. */
function isWholeEnd(text: string, end: string): boolean {
  return !/[\p{L}\p{N}_$]$/u.test(text.slice(0, text.length - end.length));
}

/** True when the document has more closers than openers only with the answer in it. */
function addsSurplus(
  { prefix, suffix }: Pick<Place, "prefix" | "suffix">,
  { text, takesBack, replaces }: Pick<Answer, "text" | "takesBack" | "replaces">,
): boolean {
  const before = surplusOf(prefix + suffix);
  return surplusOf(prefix.slice(0, prefix.length - takesBack) + text + suffix.slice(replaces)) > before;
}

function surplusOf(text: string): number {
  const openerOf: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
  const open: string[] = [];
  let surplus = 0;
  for (const character of text) {
    if ("([{".includes(character)) open.push(character);
    const opener = openerOf[character];
    if (opener === undefined) continue;
    if (open.at(-1) === opener) open.pop();
    else surplus += 1;
  }
  return surplus;
}
