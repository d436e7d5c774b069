/** Turns tokens into text one at a time, although one character may be spread over several tokens. */
export interface TokenText {
  /** The text that is certain with this token; empty while a character is incomplete. */
  push(token: number): string;
  /** What is left at the end: incomplete characters are dropped. */
  finish(): void;
}

const replacement = "\uFFFD";
/** UTF-8 needs at most four bytes, so an incomplete character holds back at most three tokens. */
const mostPending = 4;

/**
 * Creates a {@link TokenText}. `textOf` turns tokens into text given the tokens before them, and writes U+FFFD for
 * bytes that are not (yet) a character.
 */
export function createTokenText(
  textOf: (tokens: readonly number[], before: readonly number[]) => string,
  start: readonly number[] = [],
): TokenText {
  let before = start.slice(-4);
  let pending: number[] = [];
  return {
    push(token) {
      pending.push(token);
      const text = textOf(pending, before);
      if (text.endsWith(replacement) && pending.length < mostPending) return "";
      before = [...before, ...pending].slice(-4);
      pending = [];
      return text;
    },
    finish() {
      pending = [];
    },
  };
}

/** The text without a half of a surrogate pair at its end, which no tokenizer can read. */
export function withoutHalfCharacter(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
