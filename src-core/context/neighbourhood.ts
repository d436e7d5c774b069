import { identifiersOf, isTelling } from "./words.ts";

/** What stands around a cursor, as far as it decides which text of other places is worth reading. */
export interface Neighbourhood {
  /** The path of the document as a prompt names it. */
  readonly path: string;
  /** Telling names near the cursor, the nearest first. */
  readonly names: readonly string[];
  /** Those of them on the cursor's own line and the ones just above it. */
  readonly close: ReadonlySet<string>;
  /** The lines a model sees of the document anyway, trimmed; short ones say nothing and are left out. */
  readonly lines: ReadonlySet<string>;
  /** All identifiers of those lines. */
  readonly words: ReadonlySet<string>;
}

/** Lines on each side in which names count as near. */
const near = 20;
const close = 3;
/** About what a prompt holds of a document. */
const before = 128;
const after = 32;

/** Looks around a cursor; `prefix` ends and `suffix` begins there. */
export function neighbourhoodOf(path: string, prefix: string, suffix: string): Neighbourhood {
  const above = lastLines(prefix, before);
  const below = firstLines(suffix, after);
  const names = namesIn([...above.slice(-near).reverse(), ...below.slice(0, near)]);
  const window = [...above, ...below];
  return {
    path,
    names,
    close: new Set(namesIn([...above.slice(-close), below[0] ?? ""])),
    lines: new Set(window.map((line) => line.trim()).filter(isDistinct)),
    words: identifiersOf(window.join("\n")),
  };
}

function namesIn(lines: readonly string[]): string[] {
  return [...new Set(lines.flatMap((line) => [...identifiersOf(line)].filter(isTelling)))];
}

/** True for a line that is hardly ever the same by chance; of a trimmed line. */
export function isDistinct(line: string): boolean {
  return line.length >= 12 && /\p{L}{3}/u.test(line);
}

/** The line of a cursor, from 0. */
export function lineOf(prefix: string): number {
  let line = 0;
  for (let at = prefix.indexOf("\n"); at >= 0; at = prefix.indexOf("\n", at + 1)) line += 1;
  return line;
}

// Minified code has lines longer than a window: no more than this is looked at.
const most = 20_000;

function lastLines(text: string, count: number): string[] {
  return text.slice(-most).split("\n").slice(-count);
}

function firstLines(text: string, count: number): string[] {
  return text.slice(0, most).split("\n").slice(0, count);
}
