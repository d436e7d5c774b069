/** A suggestion that was given, and where. */
export interface Given<T> {
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly text: string;
  /** UTF-16 units right of the cursor that the text replaces. */
  readonly replaces: number;
  readonly about: T;
}

/** What is left of an earlier suggestion at the cursor. */
export interface Left<T> {
  readonly text: string;
  readonly replaces: number;
  readonly about: T;
}

/** Remembers the last suggestions, so that typing what was suggested asks nothing again. */
export interface TypingAlong<T> {
  remember(given: Given<T>): void;
  find(path: string, prefix: string, suffix: string): Left<T> | undefined;
  clear(): void;
}

/** Enough characters before the cursor to tell two places apart when the start of the window has moved. */
const compared = 2000;

/** Creates a {@link TypingAlong} that keeps the given number of suggestions. */
export function createTypingAlong<T>(keep = 20): TypingAlong<T> {
  const all: Given<T>[] = [];
  return {
    remember(given) {
      all.unshift(given);
      all.length = Math.min(all.length, keep);
    },
    find(path, prefix, suffix) {
      for (const given of all) {
        if (given.path !== path) continue;
        const left = leftOf(given, prefix, suffix);
        if (left) return left;
      }
      return undefined;
    },
    clear() {
      all.length = 0;
    },
  };
}

function leftOf<T>(given: Given<T>, prefix: string, suffix: string): Left<T> | undefined {
  const tail = prefix.slice(-compared);
  const before = given.prefix.slice(-compared);
  for (let typed = 0; typed < given.text.length; typed++) {
    if ((before + given.text.slice(0, typed)).slice(-compared) !== tail) continue;
    const replaces = replacedOf(given, suffix);
    if (replaces !== undefined) return { text: given.text.slice(typed), replaces, about: given.about };
  }
  return undefined;
}

/** The text after the cursor must be what it was; closers that the editor itself added while typing are replaced. */
function replacedOf<T>(given: Given<T>, suffix: string): number | undefined {
  const head = given.suffix.slice(0, compared);
  for (let added = 0; added <= 3; added++) {
    const closers = suffix.slice(0, added);
    if (!/^[)\]}>'"`]*$/.test(closers) || ![...closers].every((closer) => given.text.includes(closer))) return undefined;
    if (suffix.slice(added, added + head.length) === head) return added + given.replaces;
  }
  return undefined;
}
