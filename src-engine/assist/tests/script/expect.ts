import { inspect } from "node:util";
import { isEqual, Pattern } from "./equal.ts";
import { isMock } from "./mock.ts";

/** What an `expect` did not find as it should be. */
class Unexpected extends Error {
  override readonly name = "AssertionError";
}

type Matcher = (value: unknown, ...wanted: readonly unknown[]) => boolean;

const shown = (value: unknown) => inspect(value, { depth: 3, breakLength: Number.POSITIVE_INFINITY }).slice(0, 120);
const has = (value: unknown, item: unknown, same: (one: unknown, other: unknown) => boolean) =>
  typeof value === "string" ? value.includes(String(item)) : [...(value as Iterable<unknown>)].some((each) => same(each, item));

/** True where a function throws what is wanted: anything, a text in its message, a pattern, a kind of error, or one like it. */
function throws(value: unknown, wanted?: unknown): boolean {
  let thrown: unknown;
  if (typeof value === "function") {
    try {
      value();
      return false;
    } catch (error) {
      thrown = error;
    }
    // What a promise was refused with was thrown already.
  } else thrown = value;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (wanted === undefined) return true;
  if (typeof wanted === "string") return message.includes(wanted);
  if (wanted instanceof RegExp) return wanted.test(message);
  if (typeof wanted === "function") return thrown instanceof (wanted as never);
  if (wanted instanceof Error) return message === wanted.message;
  return isEqual(thrown, wanted, { partly: true });
}

/** What stands at a path of members, and whether it is there. */
function at(value: unknown, path: unknown): { readonly found: boolean; readonly value?: unknown } {
  const names = Array.isArray(path)
    ? path.map(String)
    : String(path)
        .replace(/\[(\w+)\]/g, ".$1")
        .split(".");
  let here = value;
  for (const name of names) {
    if (here === null || here === undefined || !(name in Object(here))) return { found: false };
    here = (here as Record<string, unknown>)[name];
  }
  return { found: true, value: here };
}

const near = (value: unknown, wanted: unknown, digits: unknown = 2) =>
  value === wanted || Math.abs(Number(value) - Number(wanted)) < 10 ** -Number(digits) / 2;
const calls = (value: unknown) => {
  if (!isMock(value)) throw new TypeError("It is no function that keeps its calls.");
  return value.mock.calls;
};

const matchers = {
  toBe: (value, wanted) => Object.is(value, wanted),
  toEqual: (value, wanted) => isEqual(value, wanted),
  toStrictEqual: (value, wanted) => isEqual(value, wanted, { strict: true }),
  toMatchObject: (value, wanted) => isEqual(value, wanted, { partly: true }),
  toBeTruthy: Boolean,
  toBeFalsy: (value) => !value,
  toBeNull: (value) => value === null,
  toBeUndefined: (value) => value === undefined,
  toBeDefined: (value) => value !== undefined,
  toBeNullable: (value) => value === null || value === undefined,
  toBeNaN: (value) => Number.isNaN(value),
  toBeGreaterThan: (value, wanted) => (value as number) > (wanted as number),
  toBeGreaterThanOrEqual: (value, wanted) => (value as number) >= (wanted as number),
  toBeLessThan: (value, wanted) => (value as number) < (wanted as number),
  toBeLessThanOrEqual: (value, wanted) => (value as number) <= (wanted as number),
  toBeCloseTo: near,
  toBeInstanceOf: (value, wanted) => value instanceof (wanted as never),
  toBeTypeOf: (value, wanted) => typeof value === wanted,
  toBeOneOf: (value, wanted) => has(wanted, value, isEqual),
  toContain: (value, item) => has(value, item, Object.is),
  toContainEqual: (value, item) => has(value, item, isEqual),
  toHaveLength: (value, wanted) => (value as { readonly length: number }).length === wanted,
  toMatch: (value, wanted) => (wanted instanceof RegExp ? wanted.test(String(value)) : String(value).includes(String(wanted))),
  toHaveProperty(value, path, ...wanted) {
    const { found, value: there } = at(value, path);
    return found && (wanted.length === 0 || isEqual(there, wanted[0]));
  },
  toThrow: throws,
  toThrowError: throws,
  toHaveBeenCalled: (value) => calls(value).length > 0,
  toHaveBeenCalledOnce: (value) => calls(value).length === 1,
  toHaveBeenCalledTimes: (value, wanted) => calls(value).length === wanted,
  toHaveBeenCalledWith: (value, ...wanted) => calls(value).some((given) => isEqual([...given], wanted)),
  toHaveBeenLastCalledWith: (value, ...wanted) => isEqual([...(calls(value).at(-1) ?? [])], wanted),
  toHaveBeenNthCalledWith: (value, number, ...wanted) => isEqual([...(calls(value)[Number(number) - 1] ?? [])], wanted),
} satisfies Readonly<Record<string, Matcher>>;

/** The matchers of a value, each with what is wanted of it. */
type Matchers<Result> = Readonly<Record<keyof typeof matchers, (...wanted: readonly unknown[]) => Result>>;

class Matching extends Pattern {
  readonly matches: (value: unknown) => boolean;
  constructor(matches: (value: unknown) => boolean) {
    super();
    this.matches = matches;
  }
}

const kinds: Readonly<Record<string, string>> = { String: "string", Number: "number", Boolean: "boolean", Function: "function" };
const pattern = (matches: (value: unknown) => boolean) => new Matching(matches);

const patterns = {
  anything: () => pattern((value) => value !== null && value !== undefined),
  any: (kind: { readonly name: string }) => pattern((value) => typeof value === kinds[kind.name] || value instanceof (kind as never)),
  arrayContaining: (items: readonly unknown[]) =>
    pattern((value) => Array.isArray(value) && items.every((item) => value.some((each) => isEqual(each, item)))),
  objectContaining: (members: object) => pattern((value) => isEqual(value, members, { partly: true })),
  stringContaining: (part: string) => pattern((value) => typeof value === "string" && value.includes(part)),
  stringMatching: (wanted: string | RegExp) => pattern((value) => typeof value === "string" && new RegExp(wanted).test(value)),
  closeTo: (wanted: number, digits?: number) => pattern((value) => near(value, wanted, digits)),
};

/** The matchers of a value; `not` turns them around. */
function matchersOf(value: unknown, isNot: boolean): Matchers<void> {
  return Object.fromEntries(
    Object.entries<Matcher>(matchers).map(([name, matches]) => [
      name,
      (...wanted: readonly unknown[]) => {
        if (matches(value, ...wanted) !== isNot) return;
        const said = typeof value === "function" && name.startsWith("toThrow") ? "the function" : shown(value);
        throw new Unexpected(`${said} ${isNot ? "not " : ""}${name}(${wanted.map(shown).join(", ")})`);
      },
    ]),
  ) as Matchers<void>;
}

/** The same of what a promise comes to, or is refused with. */
function later(value: unknown, isNot: boolean, fails: boolean): Matchers<Promise<void>> {
  const settled = async () => {
    const promise = typeof value === "function" ? (value as () => unknown)() : value;
    let came: unknown;
    try {
      came = await promise;
    } catch (error) {
      if (fails) return error;
      throw error;
    }
    if (fails) throw new Unexpected(`${shown(came)} came where an error was expected`);
    return came;
  };
  return Object.fromEntries(
    (Object.keys(matchers) as (keyof typeof matchers)[]).map((name) => [
      name,
      async (...wanted: readonly unknown[]) => matchersOf(await settled(), isNot)[name](...wanted),
    ]),
  ) as Matchers<Promise<void>>;
}

function expectations(value: unknown) {
  return {
    ...matchersOf(value, false),
    not: matchersOf(value, true),
    resolves: { ...later(value, false, false), not: later(value, true, false) },
    rejects: { ...later(value, false, true), not: later(value, true, true) },
  };
}

/** `expect` as Jest and Vitest have it, with those of its matchers that need no file of their own. */
export const expect = Object.assign(expectations, patterns, { assertions: () => {}, hasAssertions: () => {} });
