/** Characters of one turn of a loop at most. */
const longestUnit = 300;

/** Text that is the same in each turn: it must be this long, and turn this often. */
const sameText = { characters: 200, times: 4 };

/** Text that is the same apart from its numbers: a list may well be so for some lines, so more of it is waited for. */
const countingText = { characters: 900, times: 5 };

/** A unit with fewer letters is a row of numbers, and those may go on. */
const fewestLetters = 8;

/** 12, 1.2.3, 10,000 and 12:30 are one number each. */
const numbers = /\d+(?:[.,:/-]\d+)*/g;

/**
 * True when the end of an answer is one unit over and over, and the request does not do so itself. In prose numbers may differ from turn
 * to turn ("Line 1: …, Line 2: …"); tables may count, and code for longer, see `countsOn`.
 * @param prefix what the answer was made to begin with
 */
export function isLooping(text: string, request: string, prefix = ""): boolean {
  const unit = loopedUnit(text, sameText);
  if (unit !== undefined) return !repeatsIn(request, unit, sameText);
  const counted = withoutNumbers(text.slice(-2 * longestUnit * countingText.times));
  const counting = loopedUnit(counted, countingText);
  if (counting === undefined || (counting.match(/\p{L}/gu)?.length ?? 0) < fewestLetters) return false;
  return !isDataAtEnd(prefix + text) && !repeatsIn(withoutNumbers(request), counting, countingText);
}

function loopedUnit(text: string, { characters, times }: typeof sameText): string | undefined {
  const end = text.slice(-longestUnit * times);
  for (let unit = 1; unit <= longestUnit; unit += 1) {
    const needed = Math.max(characters, unit * times);
    if (needed > end.length) return undefined;
    if (hasPeriod(end, unit, needed)) return end.slice(-unit);
  }
  return undefined;
}

function hasPeriod(text: string, unit: number, length: number): boolean {
  for (let at = text.length - 1; at >= text.length - length + unit; at -= 1) if (text[at] !== text[at - unit]) return false;
  return true;
}

function repeatsIn(request: string, unit: string, { characters, times }: typeof sameText): boolean {
  return request.includes(unit.repeat(Math.min(times, Math.ceil(characters / unit.length))));
}

function withoutNumbers(text: string): string {
  return text.replace(numbers, "0");
}

/** True where the end of an answer stands in a block of code, among the lines of an exchange, or in a table. */
function isDataAtEnd(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  // The last one may have just begun.
  return lines.at(-2)?.trimStart().startsWith("|") === true || openFence(lines) !== undefined;
}

/** The code of the block in which the end of an answer stands; undefined outside of all. */
export function codeAtEnd(text: string): string | undefined {
  const lines = text.split("\n");
  const open = openFence(lines);
  return open === undefined || open.mark.startsWith("<") ? undefined : lines.slice(open.line + 1).join("\n");
}

function openFence(lines: readonly string[]): { readonly mark: string; readonly line: number } | undefined {
  let fence: { readonly mark: string; readonly line: number } | undefined;
  for (const [line, text] of lines.entries()) {
    const mark = /^\s*(`{3,}|~{3,}|<{5,}|>{5,})/.exec(text)?.[1];
    if (mark === undefined) continue;
    if (fence === undefined) fence = { mark, line };
    else if (fence.mark[0] === mark[0] || mark.startsWith(">")) fence = undefined;
  }
  return fence;
}
