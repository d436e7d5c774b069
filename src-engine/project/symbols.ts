import { join } from "node:path";
import type { ProjectSymbol } from "#core/contracts/project";
import type { Sqlite } from "../sessions/sqlite.ts";

/** Definitions in code whose names have a text in them, in any case: the same name first, then those that begin with it, then short ones. */
export function symbolsLike(sqlite: Sqlite, root: string, query: string, limit: number): ProjectSymbol[] {
  const like = query.replace(/[\\%_]/g, "\\$&");
  const rows = sqlite
    .prepare(
      `SELECT name, path, first + 1 AS "from", last + 1 AS "to" FROM definitions JOIN files ON files.id = file
       WHERE name LIKE '%' || @like || '%' ESCAPE '\\' AND files.kind IN ('code', 'test')
       ORDER BY name = @query DESC, name LIKE @like || '%' ESCAPE '\\' DESC, files.kind = 'code' DESC, length(name), name, path, first LIMIT @limit`,
    )
    .all({ query, like, limit }) as Omit<ProjectSymbol, "file">[];
  return rows.map((row) => ({ ...row, file: join(root, ...row.path.split("/")) }));
}
