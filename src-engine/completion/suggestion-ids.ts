/**
 * Ids of suggestions. Typing along one gives an answer at every key, and all of them are the same suggestion: it counts once,
 * and what became of it is told of the first.
 */
export interface SuggestionIds {
  /** The id of a suggestion at a place: the earlier one's where this is its rest, else the new one. */
  idOf(suggestion: { readonly path: string; readonly prefix: string; readonly text: string }, newId: string): string;
}

const mostDocuments = 20;
/** UTF-16 units that tell two places apart. */
const compared = 2000;

/** Creates {@link SuggestionIds}. */
export function createSuggestionIds(): SuggestionIds {
  /** Least recently used first; `whole` is how the text would end with the suggestion accepted. */
  const last = new Map<string, { readonly whole: string; readonly id: string }>();
  return {
    idOf({ path, prefix, text }, newId) {
      const whole = (prefix.slice(-compared) + text).slice(-compared);
      const before = last.get(path);
      const id = before?.whole === whole ? before.id : newId;
      last.delete(path);
      last.set(path, { whole, id });
      const [oldest] = last.keys();
      if (last.size > mostDocuments && oldest !== undefined) last.delete(oldest);
      return id;
    },
  };
}
