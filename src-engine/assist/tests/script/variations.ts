import { createChance } from "../../compare/javascript/chance.ts";

/** What can be written out. */
export type Value = unknown;

/** True for values of the same kind, down to what is in them. */
export function isLike(value: Value, other: Value): boolean {
  if (value === null || other === null || typeof value !== "object" || typeof other !== "object")
    return typeof value === typeof other && (value === null) === (other === null);
  if (Array.isArray(value) || Array.isArray(other)) {
    if (!Array.isArray(value) || !Array.isArray(other)) return false;
    return other.length === 0 || value.every((each) => other.some((one) => isLike(each, one)));
  }
  const [members, wanted] = [new Map(Object.entries(value)), new Map(Object.entries(other))];
  return members.size === wanted.size && [...members].every(([name, each]) => wanted.has(name) && isLike(each, wanted.get(name)));
}

/** What a function says of what it is given. */
export interface Spoken {
  readonly numbers: readonly number[];
  readonly words: readonly string[];
  /** Its name, those of its parameters, and the comment before it. */
  readonly head: string;
}

/** Makes arguments like those that tests call a function with, so that they are such as people would write, with what the code speaks of. */
export function createVariations(asked: readonly (readonly Value[])[], spoken: Spoken): () => readonly Value[] {
  const numbers = spoken.numbers.flatMap((each) => [each - 1, each, each, each + 1]);
  const { next, one, whole, some } = createChance(23);
  // What is given in order may have to be, where the function speaks of it.
  const speaks = /sort|order|ascend|binary|bisect|merge|search/i.test(spoken.head);
  const inOrder = (place: number) => speaks && asked.every((each) => isInOrder(each[place]));
  const ordered = new Set((asked[0] ?? []).flatMap((_, place) => (inOrder(place) ? [place] : [])));

  function list(items: readonly Value[]): readonly Value[] {
    const roll = next();
    if (items.length === 0 || roll < 0.25) return some(items, items.length);
    if (roll < 0.5) return some(items, items.length - 1);
    if (roll < 0.65) return [...items, one(items)];
    return items.map(vary);
  }

  function vary(value: Value): Value {
    if (next() < 0.3) return value;
    if (Array.isArray(value)) return list(value);
    if (typeof value === "number") {
      if (!Number.isInteger(value)) return Math.round((value + whole(-5, 5) / 2) * 100) / 100;
      if (numbers.length > 0 && next() < 0.4) return one(numbers);
      return one([0, 1, value + 1, value - 1, whole(0, 12), whole(-6, 30), value * 2]);
    }
    if (typeof value === "string") {
      if (spoken.words.length > 0 && next() < 0.2) return one(spoken.words);
      const letters = [...value];
      return next() < 0.15
        ? ""
        : list(letters)
            .map((each) => (typeof each === "string" ? each : ""))
            .join("");
    }
    if (typeof value === "boolean") return !value;
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, vary(each)]));
    return value;
  }

  return () =>
    one(asked)
      .map(vary)
      .map((each, place) => (ordered.has(place) && Array.isArray(each) ? each.toSorted(compare) : each));
}

function isInOrder(value: Value): boolean {
  return Array.isArray(value) && value.length > 1 && value.every((each, index) => index === 0 || compare(value[index - 1], each) <= 0);
}

function compare(one: Value, other: Value): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one) < String(other) ? -1 : String(one) > String(other) ? 1 : 0;
}
