/**
 * What is to be inserted where nothing can be replaced: a suggestion may write closers anew that stand right of the cursor,
 * and is cut before the first of them.
 */
export function insertionOf({ text, replaces }: { readonly text: string; readonly replaces: number }, suffix: string): string {
  let end = text.length;
  for (const character of [...suffix.slice(0, replaces)].reverse()) {
    const at = end === 0 ? -1 : text.lastIndexOf(character, end - 1);
    if (at >= 0) end = at;
  }
  return text.slice(0, end);
}
