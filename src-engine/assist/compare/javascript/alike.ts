import type { Chance } from "./chance.ts";

/**
 * In the place of an argument, where it is a text or a list of plain values as the one before: that one a little changed, or in another
 * order. Code that compares two is reached by such. Both are the text of an expression.
 */
export function alike({ next, one, some, whole }: Chance, other: string, value: string): string {
  const [first, second] = [itemsOf(other), itemsOf(value)];
  if (first === undefined || second === undefined || first.length < 2 || other.startsWith('"') !== value.startsWith('"')) return value;
  const roll = next();
  const items = roll < 0.5 ? some(first, first.length) : roll < 0.75 ? without(first, whole(0, first.length - 1)) : exchanged();
  return value.startsWith('"') ? JSON.stringify(items.join("")) : JSON.stringify(items);

  function exchanged(): readonly unknown[] {
    return second?.length ? (first?.with(whole(0, first.length - 1), one(second)) ?? []) : (first ?? []);
  }
}

function without(items: readonly unknown[], place: number): readonly unknown[] {
  return items.toSpliced(place, 1);
}

/** The letters of a text, or what is in a list; undefined for anything else. */
function itemsOf(expression: string): readonly unknown[] | undefined {
  if (!/^["[]/.test(expression)) return undefined;
  try {
    const value: unknown = JSON.parse(expression);
    if (typeof value === "string") return [...value];
    return Array.isArray(value) && value.every((each) => typeof each !== "object") ? value : undefined;
  } catch {
    return undefined;
  }
}
