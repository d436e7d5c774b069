/** A value that says itself what it is equal to, as `expect.any(Number)` does. */
export abstract class Pattern {
  abstract matches(value: unknown): boolean;
}

/** How alike two values have to be. */
export interface Likeness {
  /** Members that are undefined count, and so does what made an object. */
  readonly strict?: boolean;
  /** Members of the second that the first has more of do not count. */
  readonly partly?: boolean;
}

/** True when two values are equal down to their members, as the matchers of Jest and Vitest have it. `expected` may hold patterns. */
export function isEqual(value: unknown, expected: unknown, likeness: Likeness = {}, open: readonly unknown[] = []): boolean {
  if (expected instanceof Pattern) return expected.matches(value);
  if (Object.is(value, expected)) return true;
  if (typeof value !== "object" || typeof expected !== "object" || value === null || expected === null) return false;
  // What leads back to itself was compared where it began.
  if (open.includes(value)) return true;
  const inner = (one: unknown, other: unknown) => isEqual(one, other, likeness, [...open, value]);
  const [kind, other] = [value, expected].map((each) => Object.prototype.toString.call(each));
  if (kind !== other) return false;
  if (likeness.strict && Object.getPrototypeOf(value) !== Object.getPrototypeOf(expected)) return false;
  if (value instanceof Date && expected instanceof Date) return Object.is(value.getTime(), expected.getTime());
  if (value instanceof RegExp) return String(value) === String(expected);
  if (value instanceof Error && expected instanceof Error) return value.name === expected.name && value.message === expected.message;
  if (value instanceof Set && expected instanceof Set)
    return value.size === expected.size && [...value].every((each) => expected.has(each) || [...expected].some((one) => inner(each, one)));
  if (value instanceof Map && expected instanceof Map)
    return value.size === expected.size && [...value].every(([key, each]) => expected.has(key) && inner(each, expected.get(key)));
  if (Array.isArray(value) && Array.isArray(expected))
    return value.length === expected.length && value.every((each, index) => inner(each, expected[index]));
  if (ArrayBuffer.isView(value) && ArrayBuffer.isView(expected))
    return inner(Array.from(value as Uint8Array), Array.from(expected as Uint8Array));
  const [has, wants] = [value, expected].map((each) => new Map(Object.entries(each)));
  const names = likeness.partly ? [...(wants?.keys() ?? [])] : [...new Set([...(has?.keys() ?? []), ...(wants?.keys() ?? [])])];
  return names.every((name) => (!likeness.strict || has?.has(name) === wants?.has(name)) && inner(has?.get(name), wants?.get(name)));
}
