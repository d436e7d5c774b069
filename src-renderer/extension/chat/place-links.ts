/** A place of a file as an answer names it. */
export interface NamedPlace {
  readonly path: string;
  /** Lines, from 1. */
  readonly from?: number;
  readonly to?: number;
}

/** `src/a.ts`, `src/a.ts:12`, `a.ts:12-20`: a path with folders, or a file with a line. */
const place =
  /(?<![\w./@:-])((?:[\w@.+-]+\/)+[\w@+-][\w@.+-]*\.[A-Za-z]\w{0,9}|[\w@+-][\w@.+-]*\.[A-Za-z]\w{0,9}(?=:\d))(?::(\d+)(?:[-–](\d+))?)?(?![\w/@])/g;

/** The places that a text names, with where they stand in it. */
export function placesIn(text: string): readonly (NamedPlace & { readonly start: number; readonly end: number })[] {
  return Array.from(text.matchAll(place), (match) => {
    const [whole, path = "", from, to] = match;
    const lines = from === undefined ? {} : { from: Number(from), to: Number(to ?? from) };
    return { path, ...lines, start: match.index, end: match.index + whole.length };
  });
}

/** Makes the places that exist in a rendered text into links; what does not exist stays text. */
export async function linkPlaces(
  root: HTMLElement,
  exists: (path: string) => Promise<boolean>,
  open: (place: NamedPlace) => void,
): Promise<void> {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement?.closest("a, pre, button")) texts.push(node as Text);
  for (const text of texts) {
    // From the end, so that what stands before stays where it is.
    for (const found of [...placesIn(text.data)].reverse()) {
      if (!(await exists(found.path)) || !text.isConnected) continue;
      const named = text.splitText(found.start);
      named.splitText(found.end - found.start);
      const link = document.createElement("button");
      link.type = "button";
      link.className = "localcoder-link";
      link.addEventListener("click", () => open(found));
      named.replaceWith(link);
      link.append(named);
    }
  }
}
