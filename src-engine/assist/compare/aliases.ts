import { dirname, join } from "node:path";
import { parse } from "jsonc-parser";
import { z } from "zod";
import { pathIn, placeIn, readSource } from "#engine/completion/context/source-file";

/** Names for files of a project that are no paths, as its configuration gives them: the files that one may mean, the likeliest first. */
export type Aliases = (named: string) => readonly string[];

const configurations = ["tsconfig.json", "jsconfig.json"];
/** One that goes on beyond as many others was not written by hand. */
const mostExtended = 8;

const written = z.object({
  extends: z.union([z.string(), z.array(z.string())]).optional(),
  compilerOptions: z.object({ baseUrl: z.string().optional(), paths: z.record(z.string(), z.array(z.string())).optional() }).optional(),
});

/** What a configuration says of names, with its own folder or `baseUrl` before each path. */
interface Named {
  readonly base?: string;
  readonly paths?: Readonly<Record<string, readonly string[]>>;
}

/** Reads the aliases that hold in a folder, from the nearest configuration up to the root; within the root alone. */
export async function aliasesIn(folder: string, root: string): Promise<Aliases> {
  for (let at = folder; at.length >= root.length; at = dirname(at)) {
    for (const name of configurations) {
      const found = await read(join(at, name), root, 0);
      if (found !== undefined) return (named) => filesFor(named, found);
    }
    if (at === dirname(at)) break;
  }
  return () => [];
}

async function read(file: string, root: string, depth: number): Promise<Named | undefined> {
  const place = await placeIn(root, file);
  const text = place === undefined ? undefined : await readSource(pathIn(root, place));
  if (text === undefined || depth > mostExtended) return undefined;
  const { success, data } = written.safeParse(parse(text, [], { allowTrailingComma: true }));
  if (!success) return {};
  const folder = dirname(file);
  let inherited: Named = {};
  for (const other of [data.extends ?? []].flat())
    if (/^\.{1,2}\//.test(other)) {
      const path = join(folder, other);
      inherited = { ...inherited, ...((await read(path, root, depth + 1)) ?? (await read(`${path}.json`, root, depth + 1))) };
    }
  const { baseUrl, paths } = data.compilerOptions ?? {};
  const base = baseUrl === undefined ? inherited.base : join(folder, baseUrl);
  const full =
    paths && Object.fromEntries(Object.entries(paths).map(([pattern, each]) => [pattern, each.map((path) => join(base ?? folder, path))]));
  return { ...inherited, ...(base !== undefined && { base }), ...(full && { paths: full }) };
}

/** The pattern that says most of a name counts, as the compiler has it; without one the name is a path from the base. */
function filesFor(named: string, { base, paths = {} }: Named): readonly string[] {
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
