const closerOf: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const closers = new Set(Object.values(closerOf));

/** One bracket outside of strings, or the end of a string that was open when the text began. */
export interface Mark {
  readonly at: number;
  readonly character: string;
}

/** What a piece of code leaves open and what it closes that it did not open itself. */
export interface Balance {
  /** Closers that the text still needs, the innermost first. */
  readonly open: readonly string[];
  /** Closers without an opener in the text, in order. */
  readonly unmatched: readonly Mark[];
  /** The quote of the string the text ends in. */
  readonly quote: string | undefined;
}

/**
 * Counts brackets, leaving out those in strings. It knows no language: a quote counts only where it is closed on the same
 * line (or is a back tick), which is right for code and wrong only for brackets in comments with a single apostrophe.
 */
export function balanceOf(text: string, quote?: string): Balance {
  const open: string[] = [];
  const unmatched: Mark[] = [];
  let inside = quote;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (inside !== undefined) {
      if (character === "\\") at += 1;
      else if (character === inside) {
        inside = undefined;
        if (quote !== undefined && unmatched.length === 0 && open.length === 0) unmatched.push({ at, character });
      } else if (character === "\n" && inside !== "`") inside = undefined;
      continue;
    }
    if (character === '"' || character === "'" || character === "`") {
      if (character === "`" || closesOnLine(text, at, character)) inside = character;
      continue;
    }
    const closer = closerOf[character];
    if (closer !== undefined) open.push(closer);
    else if (closers.has(character)) {
      if (open.at(-1) === character) open.pop();
      else unmatched.push({ at, character });
    }
  }
  return { open: open.reverse(), unmatched, quote: inside };
}

function closesOnLine(text: string, at: number, quote: string): boolean {
  for (let next = at + 1; next < text.length; next += 1) {
    const character = text.charAt(next);
    if (character === "\\") next += 1;
    else if (character === quote) return true;
    else if (character === "\n") return false;
  }
  // The text ends inside: for a double quote that is a string in the making, an apostrophe may be one of many things.
  return quote === '"' || /[=(,[{:+\s]$/.test(text.slice(0, at));
}

/** Closers a document needs at the cursor and does not have right of it: how many unmatched closers may be written. */
export function closersMissing(prefix: string, suffix: string): readonly string[] {
  const { open } = balanceOf(prefix.slice(-6000));
  const there = balanceOf(suffix.slice(0, 6000)).unmatched.map(({ character }) => character);
  // The suffix closes from the outside in as seen from its end: what it lacks is missing at the innermost openers.
  const missing = open.slice(0, Math.max(0, open.length - there.length));
  return missing;
}
