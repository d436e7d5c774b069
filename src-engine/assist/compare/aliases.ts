import { dirname, join } from "node:path";
import { parse } from "jsonc-parser";
import { z } from "zod";
import { pathIn, placeIn, readSource } from "#engine/completion/context/source-file";
import type { Aliases } from "./alias-files.ts";

const configurations = ["tsconfig.json", "jsconfig.json"];
/** One that goes on beyond as many others was not written by hand. */
const mostExtended = 8;

const written = z.object({
  extends: z.union([z.string(), z.array(z.string())]).optional(),
  compilerOptions: z.object({ baseUrl: z.string().optional(), paths: z.record(z.string(), z.array(z.string())).optional() }).optional(),
});

/** Reads the aliases that hold in a folder, from the nearest configuration up to the root; within the root alone. */
export async function aliasesIn(folder: string, root: string): Promise<Aliases> {
  for (let at = folder; at.length >= root.length; at = dirname(at)) {
    for (const name of configurations) {
      const found = await read(join(at, name), root, 0);
      if (found !== undefined) return found;
    }
    if (at === dirname(at)) break;
  }
  return {};
}

async function read(file: string, root: string, depth: number): Promise<Aliases | undefined> {
  const place = await placeIn(root, file);
  const text = place === undefined ? undefined : await readSource(pathIn(root, place));
  if (text === undefined || depth > mostExtended) return undefined;
  const { success, data } = written.safeParse(parse(text, [], { allowTrailingComma: true }));
  if (!success) return {};
  const folder = dirname(file);
  let inherited: Aliases = {};
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
