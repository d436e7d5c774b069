import { alike } from "./alike.ts";
import { callAll } from "./calls.ts";
import { createChance } from "./chance.ts";
import type { Way } from "./inputs.ts";
import type { Program } from "./program.ts";

/** Steps of one call before it counts as one that does not end. */
export const mostSteps = 20_000;
/** Milliseconds for finding arguments. */
const searching = 3_000;

/** The ways with which most of the code is reached, and most is told apart. */
export function bestWays(program: Program, ways: readonly Way[]): readonly Way[] {
  const end = Date.now() + searching;
  const found: { readonly way: Way; readonly reached: number; readonly results: number; readonly late: number; readonly place: number }[] =
    [];
  for (const [place, way] of ways.entries()) {
    if (Date.now() > end) break;
    const { outcomes, reached } = callAll(program, limited(Array.from({ length: 10 }, () => given(way))));
    const good = outcomes.filter(({ how, value }) => how === "gave" && !/\bNaN\b|undefined"|\[object Object\]/.test(value));
    if (good.length < 3) continue;
    const results = new Set(good.map(({ value }) => value)).size;
    found.push({
      way,
      reached: [...reached].filter((number) => program.wanted.has(number)).length,
      results: results > 1 ? 1 : 0,
      late: outcomes.filter(({ how }) => how === "late").length > 0 ? 1 : 0,
      place,
    });
  }
  found.sort((a, b) => b.reached - a.reached || b.results - a.results || a.late - b.late || a.place - b.place);
  const most = found[0]?.reached ?? 0;
  return found
    .filter(({ reached }) => reached >= most - 1)
    .slice(0, 3)
    .map(({ way }) => way);
}

const chance = createChance(7);

/** The arguments of one call, as text. */
export function given(way: Way): string {
  const made: string[] = [];
  for (const kind of way) {
    const value = kind();
    const before = made.at(-1);
    made.push(before !== undefined && chance.next() < 0.3 ? alike(chance, before, value) : value);
  }
  return made.join(", ");
}

/** The arguments of as many calls, by each way in turn; none where there is no way. */
export function givenByTurns(ways: readonly Way[], count: number): readonly string[] {
  return ways.length === 0 ? [] : Array.from({ length: count }, (_, index) => given(ways[index % ways.length] ?? []));
}

/** Calls with a limit to what each may take. */
export function limited(calls: readonly string[]) {
  return calls.map((call) => ({ given: call, most: mostSteps }));
}
