import { balanceOf, closersMissing } from "./brackets.ts";
import { cursorLine } from "./shape.ts";

/** A completion fitted to what stands right of the cursor. */
export interface Fitted {
  readonly text: string;
  /** How many UTF-16 units right of the cursor the text replaces. */
  readonly replaces: number;
}

/**
 * Fits a completion to the text right of the cursor. Closers, quotes and semicolons there that the completion writes too
 * are replaced by it; a closer nobody opened is cut off; text that only repeats what follows is taken away.
 */
export function fitToSuffix(text: string, prefix: string, suffix: string): Fitted {
  const { left, right } = cursorLine(prefix, suffix);
  const replaces = replacedBy(text, left, right);
  const kept = withoutSurplus(text, left, prefix, suffix, replaces);
  // The cut may have taken the very closers that were to be replaced.
  const fitted = { text: kept, replaces: kept === text ? replaces : replacedBy(kept, left, right) };
  return withoutRepeatedEnd(withoutRepeatedRest(fitted, left, right), suffix);
}

/** Puts a closer that stands right of the cursor on a line of its own, below the block written before it. */
export function closeBlock({ text, replaces }: Fitted, prefix: string, suffix: string): Fitted {
  const { left, right } = cursorLine(prefix, suffix);
  const opened = /[{[(]\s*$/.test(left) && /^\s*[}\])]/.test(right.slice(replaces));
  if (!opened || !/\n/.test(text) || text.endsWith("\n")) return { text, replaces };
  const indentation = /^[ \t]*/.exec(left)?.[0] ?? "";
  return { text: `${text}\n${indentation}`, replaces };
}

/** Fewer characters than these at the start of a line are no repetition when they come again. */
const shortestRepeatedStart = 6;

/** Takes away what some models begin with: the cursor's line up to the cursor, once more. */
export function withoutRepeatedStart(text: string, prefix: string): string {
  const { left } = cursorLine(prefix, "");
  const start = left.trimStart();
  if (start.trimEnd().length < shortestRepeatedStart || !/\p{L}/u.test(start)) return text;
  const repeated = [left, start].find((one) => text.startsWith(one));
  return repeated === undefined ? text : text.slice(repeated.length);
}

/** Characters of the completion that close something from outside, or end a statement outside of all brackets. */
function outerMarks(text: string, left: string): readonly { at: number; character: string }[] {
  const { quote } = balanceOf(left);
  const { unmatched } = balanceOf(text, quote);
  const marks = [...unmatched];
  for (const [at, character] of [...text].entries()) {
    if ((character === ";" || character === ",") && depthAt(text, at, quote) <= 0) marks.push({ at, character });
  }
  return marks.sort((a, b) => a.at - b.at);
}

function depthAt(text: string, at: number, quote: string | undefined): number {
  const before = balanceOf(text.slice(0, at), quote);
  return before.quote !== undefined ? 1 : before.open.length;
}

/** How many characters right of the cursor the completion writes itself. */
function replacedBy(text: string, left: string, right: string): number {
  const rest = right.trimEnd();
  if (rest === "" || !/^[)\]}>;,'"`]+$/.test(rest)) return 0;
  let replaced = 0;
  for (const { character } of outerMarks(text, left)) {
    if (character === rest.charAt(replaced)) replaced += 1;
    if (replaced === rest.length) break;
  }
  return replaced;
}

/** Cuts the completion before the first closer that nothing left of it opened and that is not already counted as replaced. */
function withoutSurplus(text: string, left: string, prefix: string, suffix: string, replaces: number): string {
  const { quote } = balanceOf(left);
  const brackets = balanceOf(text, quote).unmatched.filter(({ character }) => ")]}".includes(character));
  if (brackets.length === 0) return text;
  const missing = closersMissing(prefix, suffix.slice(replaces));
  for (const [index, mark] of brackets.entries()) if (missing[index] !== mark.character) return text.slice(0, mark.at).trimEnd();
  return text;
}

/**
 * Takes away an end that is all the rest of the line (`) {`) where its first closer closes nothing of the completion. Only so much of
 * the document is known that its brackets need not balance, so they alone do not tell.
 */
function withoutRepeatedRest({ text, replaces }: Fitted, left: string, right: string): Fitted {
  const rest = right.slice(replaces).trim();
  const at = text.length - rest.length;
  if (!/^[)\]}]/.test(rest) || !text.endsWith(rest) || depthAt(text, at, balanceOf(left).quote) > 0) return { text, replaces };
  return { text: text.slice(0, at).trimEnd(), replaces };
}

/** The shortest repetition that is more than chance. */
const shortestRepeat = 3;

/** Takes away an end of the completion that is the beginning of what follows anyway. */
function withoutRepeatedEnd({ text, replaces }: Fitted, suffix: string): Fitted {
  const following = suffix.slice(replaces);
  const { right } = cursorLine("", following);
  const next = right.trim() !== "" ? right : following.trimStart();
  if (next === "") return { text, replaces };
  // In the middle of a word its rest counts however short it is.
  const word = /^[\p{L}\p{N}_$]+/u.exec(right)?.[0].length ?? shortestRepeat;
  for (let length = Math.min(text.length, next.length, 400); length >= Math.min(shortestRepeat, word); length -= 1) {
    const end = text.slice(-length);
    if (!next.startsWith(end)) continue;
    // On the next line only whole lines count: `}` after `}` is ordinary code.
    const wholeLines = text.slice(0, -length).trimEnd().length === 0 || /\n\s*$/.test(text.slice(0, -length));
    if (right.trim() === "" && !wholeLines) continue;
    if (!/[\p{L}\p{N}]/u.test(end)) continue;
    return { text: text.slice(0, -length).trimEnd(), replaces };
  }
  return { text, replaces };
}
