import { readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { CitationLookup } from "#core/project/citations";
import { searchableWords } from "#core/project/identifiers";
import { createExclusions } from "../completion/context/exclusions.ts";
import { isInside } from "../workspace/paths.ts";
import type { RootIndex } from "./root-index.ts";

/** A root as pieces name it: the workspace itself has no name. */
export interface CitedRoot {
  readonly index: Pick<RootIndex, "root" | "use">;
  readonly name: string;
}

/** Bytes of a file whose lines are counted. */
const mostBytes = 20_000_000;

/** Looks up what an answer names in a workspace and the other repositories that belong to it. */
export function lookupIn(roots: readonly CitedRoot[]): CitationLookup {
  return {
    async file(path) {
      for (const { index, name } of roots) {
        const own = name !== "" && path.startsWith(`${name}/`) ? path.slice(name.length + 1) : path;
        const known = await index.use(
          (sqlite) =>
            sqlite
              .prepare("SELECT path FROM files WHERE path = @own OR path LIKE '%/' || @own ORDER BY path = @own DESC, length(path) LIMIT 1")
              .pluck()
              .get({ own: own.replace(/[%_]/g, "_") }) as string | undefined,
        );
        const found = await fileAt(index.root, known ?? own);
        if (found !== undefined) return { ...found, path: name === "" ? found.path : `${name}/${found.path}` };
      }
      return undefined;
    },
    async symbol(symbol) {
      for (const { index, name } of roots) {
        const rows = await index.use(
          (sqlite) =>
            sqlite
              .prepare(
                "SELECT path, first + 1 AS line, last + 1 AS last FROM definitions JOIN files ON files.id = file WHERE name = ? ORDER BY kind = 'code' DESC, path LIMIT 2",
              )
              .all(symbol) as { path: string; line: number; last: number }[],
        );
        const [row] = rows;
        if (row === undefined) continue;
        const { path, ...lines } = row;
        const file = join(index.root, ...path.split("/"));
        return { path: name === "" ? path : `${name}/${path}`, file, ...lines, only: rows.length === 1 };
      }
      const word = searchableWords(symbol).split(" ").at(-1) ?? "";
      for (const { index } of roots) {
        const occurs = await index.use((sqlite) => sqlite.prepare("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1").get(`"${word}"`));
        if (word !== "" && occurs !== undefined) return "used";
      }
      return undefined;
    },
  };
}

/** A file within a root that may be read, whether the index has it or not. */
async function fileAt(root: string, path: string): Promise<{ path: string; file: string; lines: number } | undefined> {
  try {
    const file = await realpath(join(root, path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path));
    if (!isInside(root, file, true)) return undefined;
    const place = relative(root, file).split(sep).join("/");
    const { size } = await stat(file);
    if (size > mostBytes || (await createExclusions(root).of(place, "file"))) return undefined;
    const text = await readFile(file, "utf8");
    const lines = text.split(/\r\n|\r|\n/).length;
    return { path: place, file, lines: /[\r\n]$/.test(text) ? lines - 1 : lines };
  } catch {
    // Missing, a folder, or not ours to read.
    return undefined;
  }
}
