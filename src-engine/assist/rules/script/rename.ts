import type { Node } from "web-tree-sitter";
import type { Edit } from "../edits.ts";
import { type Binding, bindingsOf, isAssigned, isFunction, looksUpNames, namesIn, outerFunctions } from "./bindings.ts";
import { asked } from "./nodes.ts";

/** Words that JavaScript and TypeScript give a meaning of their own. */
const reserved = new Set(
  "abstract any arguments as asserts async await boolean break case catch class const continue declare debugger default delete do else enum eval export extends false finally for from function get global if implements import in infer instanceof interface is keyof let module namespace never new null number object of package private protected public readonly require return satisfies set static string super switch symbol this throw true try type typeof undefined unique unknown using var void while with yield".split(
    " ",
  ),
);
/** Functions that a browser has: another one of that name in a page would take their place. */
const ofPages = new Set(
  "alert atob blur btoa close confirm event external fetch find focus frames history length location moveBy moveTo name open opener origin parent postMessage print prompt resizeBy resizeTo screen scroll scrollBy scrollTo self status stop top window document".split(
    " ",
  ),
);
/** In these a small letter at the beginning means an element, whatever is called so. */
const elementNames = /^(?:jsx_(?:opening_element|closing_element|self_closing_element|namespace_name)|nested_identifier)$/;

/** The local variables of the functions of a code, in the order they appear, that can be called otherwise without a trace. */
export function renameable(root: Node): readonly string[] {
  return [...new Set(outerFunctions(root).flatMap((definition) => localNames(definition).map(({ name }) => name)))];
}

/** What calls local variables otherwise, for those names that are free. What the code does is the same: nobody else sees them. */
export function renamed(root: Node, names: ReadonlyMap<string, string>): readonly Edit[] {
  return outerFunctions(root).flatMap((definition) => {
    const taken = new Map<string, string>();
    return localNames(definition).flatMap(({ name, places }) => {
      const other = camelCase(names.get(name) ?? "");
      if (!isFree(other, root) || (taken.has(other) && taken.get(other) !== name)) return [];
      taken.set(other, name);
      return places.map((place) => ({
        start: place.startIndex,
        end: place.endIndex,
        // What stands for a property of the same name keeps the property.
        text: place.type === "identifier" ? other : `${name}: ${other}`,
      }));
    });
  });
}

/** True for a word that can be the name of something new. */
export function isName(word: string): boolean {
  return /^[a-z][A-Za-z0-9]{1,29}$/.test(word) && !reserved.has(word) && !ofPages.has(word);
}

/** A name as it is written here: `like_this` as `likeThis`. */
export function camelCase(name: string): string {
  return name.replace(/(?<=[A-Za-z0-9])_+([A-Za-z0-9])/g, (_whole, letter: string) => letter.toUpperCase());
}

function isFree(name: string, root: Node): boolean {
  return isName(name) && !namesIn(root).some(({ text }) => text === name);
}

/** Variables whose name means nothing else in the function, and is nobody's but theirs. */
function localNames(definition: Node): readonly Binding[] {
  if (looksUpNames(definition)) return [];
  const { all, outer } = bindingsOf(definition);
  const fixed = new Set(all.filter((each) => !isLocal(each)).map(({ name }) => name));
  return all
    .filter(({ name }) => !fixed.has(name) && !outer.has(name))
    .sort((one, other) => (one.places[0]?.startIndex ?? 0) - (other.places[0]?.startIndex ?? 0));
}

/** False for parameters and functions, for constants of the whole program, and for what takes its own name from the variable. */
function isLocal({ name, kind, declared, places }: Binding): boolean {
  if (!/^(?:var|let|const)$/.test(kind) || !/^[a-z]/.test(name) || /[_$]$/.test(name)) return false;
  if (places.some(({ parent }) => elementNames.test(parent?.type ?? ""))) return false;
  return !places.some((place) => (isAssigned(place) || declared.some(({ id }) => id === place.id)) && takesName(place));
}

/** True where what is assigned is a function or a class without a name: it is called as the variable is. */
function takesName(place: Node): boolean {
  const { parent } = place;
  const value = parent?.childForFieldName("value") ?? parent?.childForFieldName("right");
  if (!value || value.id === place.id) return false;
  const made = asked(value);
  return isFunction(made) || made.type === "class";
}
