/** Something that takes room in a prompt. */
export interface Sized {
  readonly path: string;
  readonly tokens: number;
}

/** So many files have one place each before any has two. */
export const filesFirst = 5;

/**
 * Chooses what fits into a number of tokens from a list in the order of worth: first the best place of each of the first files, since
 * which file it is matters most, then whatever else fits. `taken` is in the order of worth again.
 */
export function fitPieces<Piece extends Sized>(
  pieces: readonly Piece[],
  tokens: number,
): { readonly taken: Piece[]; readonly leftOut: Piece[] } {
  const chosen = new Set<Piece>();
  let free = tokens;
  const take = (piece: Piece) => {
    if (chosen.has(piece) || piece.tokens > free) return;
    chosen.add(piece);
    free -= piece.tokens;
  };
  const files = new Set<string>();
  for (const piece of pieces) {
    if (files.size >= filesFirst) break;
    if (files.has(piece.path)) continue;
    files.add(piece.path);
    take(piece);
  }
  for (const piece of pieces) take(piece);
  return { taken: pieces.filter((piece) => chosen.has(piece)), leftOut: pieces.filter((piece) => !chosen.has(piece)) };
}
