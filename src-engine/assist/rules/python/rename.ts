import type { Node } from "web-tree-sitter";
import type { Edit } from "../edits.ts";
import { isFree, localNames, outerFunctions, placesOf } from "./locals.ts";

/** The local variables of the functions of a code, each with the function it is in. */
export function renameable(root: Node): readonly { readonly name: string; readonly definition: Node }[] {
  return outerFunctions(root).flatMap((definition) => localNames(definition).map((name) => ({ name, definition })));
}

/** What calls local variables otherwise, for those names that are free. What the code does is the same: nobody else sees them. */
export function renamed(root: Node, names: ReadonlyMap<string, string>): readonly Edit[] {
  const taken = new Set<string>();
  return renameable(root).flatMap(({ name, definition }) => {
    const other = names.get(name);
    if (other === undefined || taken.has(other) || !isFree(other, root)) return [];
    taken.add(other);
    return placesOf(definition, name).map(({ startIndex: start, endIndex: end }) => ({ start, end, text: other }));
  });
}
