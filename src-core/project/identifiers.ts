const run = /[\p{L}\p{N}_$]+/gu;
const asciiParts = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;
const parts = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|[\p{Lo}\p{Lm}]+/gu;
const ascii = /^[\w$]*$/;

/** Longer runs of letters are data, such as keys in base64, and no words. */
const longestName = 60;

/** The words an identifier is made of, in small letters: `parseHTTPResponse_v2` has parse, http, response, v and 2. */
export function splitIdentifier(name: string): readonly string[] {
  return (name.match(ascii.test(name) ? asciiParts : parts) ?? []).map((part) => part.toLowerCase());
}

/**
 * The words of a text as a full-text index takes them, between blanks: each identifier split, and whole as well where it has
 * several parts, so that both `retry delay` and `retryDelay` find it and the latter finds it better.
 */
export function searchableWords(text: string): string {
  const words: string[] = [];
  for (const name of text.match(run) ?? []) {
    if (name.length > longestName) continue;
    const split = splitIdentifier(name);
    for (const part of split) if (part.length > 1) words.push(part);
    if (split.length > 1) words.push(split.join(""));
  }
  return words.join(" ");
}
