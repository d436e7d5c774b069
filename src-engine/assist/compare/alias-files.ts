import { join } from "node:path";

/** Names for files of a project that are no paths, as its configuration gives them, with its own folder or `baseUrl` before each path. */
export interface Aliases {
  readonly base?: string;
  readonly paths?: Readonly<Record<string, readonly string[]>>;
}

/**
 * The files that a name may mean, the likeliest first. The pattern that says most of it counts, as the compiler has it; without one the name is a
 * path from the base.
 */
export function filesFor(named: string, { base, paths = {} }: Aliases): readonly string[] {
  const matching = Object.keys(paths)
    .flatMap((pattern) => {
      const [before = "", after] = pattern.split("*", 2);
      if (after === undefined) return named === pattern ? [{ pattern, rest: "", length: Number.POSITIVE_INFINITY }] : [];
      const isMeant = named.length >= before.length + after.length && named.startsWith(before) && named.endsWith(after);
      return isMeant ? [{ pattern, rest: named.slice(before.length, named.length - after.length), length: before.length }] : [];
    })
    .sort((one, other) => other.length - one.length);
  const [best] = matching;
  if (best !== undefined) return (paths[best.pattern] ?? []).map((path) => path.replace("*", () => best.rest));
  return base === undefined ? [] : [join(base, named)];
}
