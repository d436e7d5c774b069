/** One order of things, the best first, and how much it counts. */
export interface RankedList<Id> {
  readonly weight: number;
  readonly ids: readonly Id[];
}

/** The place in a list from which on it matters little which one it is. */
const flattening = 10;

/**
 * Merges orders whose scores cannot be compared by reciprocal rank (Cormack, Clarke and Büttcher 2009): each list gives its weight
 * divided by the rank plus a constant. What stands high in several lists comes first.
 */
export function fuse<Id>(lists: readonly RankedList<Id>[], constant = flattening): ReadonlyMap<Id, number> {
  const scores = new Map<Id, number>();
  for (const { weight, ids } of lists)
    ids.forEach((id, rank) => {
      scores.set(id, (scores.get(id) ?? 0) + weight / (constant + rank + 1));
    });
  return scores;
}

/** Ids by their scores, the highest first; those with nothing are left out. */
export function ranked<Id>(scores: ReadonlyMap<Id, number>): Id[] {
  return [...scores]
    .filter(([, score]) => score > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([id]) => id);
}
