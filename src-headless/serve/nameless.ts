/** A document as a request without its name shows it: the text from a start that stays, and a path that stands for it. */
export interface Recognised {
  readonly path: string;
  readonly prefix: string;
}

/** Tells documents apart by their text, for editors that send no names. */
export interface NamelessDocuments {
  /** Finds the document whose text this is, or takes it for a new one. */
  recognise(prefix: string, suffix: string): Recognised;
}

interface Known {
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** Editors have this many files in work at once; more would only cost memory. */
const most = 8;
/** Characters by which a text is found in another; fewer could be chance. */
const probeLength = 200;
const shortestProbe = 12;
/** Text kept before the cursor, in UTF-16 units: beyond it the document starts anew. */
const longest = 150_000;

/**
 * Creates {@link NamelessDocuments}. Such editors send some hundred lines around the cursor, so that the start of the text moves
 * with it; a text that continues a known one is given that one's start, and what the model has read of it stays good.
 */
export function createNamelessDocuments(): NamelessDocuments {
  /** Most recently used first. */
  let known: readonly Known[] = [];
  let count = 0;

  return {
    recognise(prefix, suffix) {
      const found = known.map((one) => ({ one, ...match(one, prefix, suffix) })).sort((a, b) => b.length - a.length)[0];
      const isKnown = found !== undefined && found.length > 0;
      if (!isKnown) count += 1;
      const path = isKnown ? found.one.path : `other-editor/${count}/untitled`;
      const joined = isKnown ? found.before + prefix : prefix;
      const document: Known = { path, prefix: joined.length > longest ? prefix : joined, suffix };
      known = [document, ...known.filter((one) => one.path !== path)].slice(0, most);
      return { path, prefix: document.prefix };
    },
  };
}

/** How much two views of a text have in common, in characters, and what the known one has before the start of the other. */
function match(one: Known, prefix: string, suffix: string): { readonly length: number; readonly before: string } {
  const text = one.prefix + one.suffix;
  // The end tells documents apart where the cursor is near the start, or above of what was seen before.
  const tail = suffix.slice(-probeLength);
  const end = tail.trim().length >= shortestProbe && text.includes(tail) ? tail.length : 0;
  const at = startIn(text, prefix.slice(0, probeLength));
  const start = commonLength(text.slice(at), prefix);
  if (prefix.slice(0, start).trim().length < shortestProbe) return { length: end, before: "" };
  return { length: start + end, before: text.slice(0, at) };
}

/** Where the beginning of a window stands at a line start in a known text; at its start while that is all there is. */
function startIn(text: string, head: string): number {
  if (head.length < probeLength) return 0;
  for (let at = text.indexOf(head); at >= 0; at = text.indexOf(head, at + 1)) if (at === 0 || text[at - 1] === "\n") return at;
  return 0;
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
