/** A piece of text in a document, in UTF-16 units from its start. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** One replacement: what stood in the range before, and how long the text is that came for it. */
export interface Replacement {
  readonly offset: number;
  readonly removed: number;
  readonly added: number;
}

/** Follows a text through an edit: what is left of it, and where. Text that is written into it does not belong to it. */
export function afterEdit(stretches: readonly Stretch[], replacements: readonly Replacement[]): readonly Stretch[] {
  // From the end on, so that the offsets of the others still hold.
  const ordered = [...replacements].sort((a, b) => b.offset - a.offset);
  return ordered.reduce(afterOne, stretches);
}

function afterOne(stretches: readonly Stretch[], { offset, removed, added }: Replacement): readonly Stretch[] {
  const end = offset + removed;
  const shift = added - removed;
  return stretches.flatMap(({ from, to }) => {
    const before = { from, to: Math.min(to, offset) };
    const after = { from: Math.max(from, end) + shift, to: to + shift };
    return [before, after].filter((stretch) => stretch.to > stretch.from);
  });
}

/** How many units there are in all. */
export function lengthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}
