import { type HistoryFacets, hitEnd, hitStart, type Session, type SessionFilter } from "#core/contracts/sessions";
import { type SessionRow, sessionColumns, toSession } from "./rows.ts";
import type { Sqlite } from "./sqlite.ts";

/** A session found by its words; a lower score is a better hit. */
export type Hit = Session & { readonly excerpt: string; readonly score: number };

/** A {@link SessionFilter} in which everything but the number of sessions may be missing. */
export type Filter = Partial<SessionFilter> & { readonly limit: number; readonly before?: number };

/** Finds sessions over one connection. Statements name only what is filtered by, so that SQLite can use its indexes. */
export function createFinder(sqlite: Sqlite) {
  const statements = new Map<string, ReturnType<Sqlite["prepare"]>>();
  const excerpts = sqlite.prepare(
    // The plus keeps SQLite from asking the index anew for each row.
    `SELECT rowid AS number, snippet(session_search, 1, @start, @end, '…', 24) AS excerpt FROM session_search
     WHERE session_search MATCH @match AND +rowid IN (SELECT value FROM json_each(@numbers))`,
  );
  const labels = sqlite
    .prepare(
      `SELECT label FROM session_labels JOIN sessions ON number = session WHERE removed IS NULL AND (@workspace IS NULL OR workspace = @workspace)
       GROUP BY label ORDER BY count(*) DESC, label LIMIT 50`,
    )
    .pluck();
  const groups = sqlite.prepare(
    `SELECT kind, model, sum(archived IS NOT NULL) AS archived, count(*) AS count FROM sessions
     WHERE removed IS NULL AND (@workspace IS NULL OR workspace = @workspace) GROUP BY kind, model`,
  );

  function prepared(sql: string): ReturnType<Sqlite["prepare"]> {
    let statement = statements.get(sql);
    if (!statement) {
      statement = sqlite.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  }

  return {
    list(filter: Filter): Session[] {
      const rows = prepared(
        `SELECT ${sessionColumns} FROM sessions WHERE ${conditions(filter)} ORDER BY updated DESC, number DESC LIMIT @limit`,
      ).all(parameters(filter));
      return (rows as SessionRow[]).map(toSession);
    },

    /** Finds sessions with all the words, each as the beginning of a word. */
    search(words: readonly string[], filter: Filter): Hit[] {
      const match = words.map((word) => `"${word.replaceAll('"', '""')}"*`).join(" AND ");
      // A word in the title says more than one in the text. Excerpts are made only of what is shown: they are what takes time.
      const rows = prepared(
        `SELECT ${sessionColumns}, bm25(session_search, 8.0, 1.0) AS score
         FROM session_search JOIN sessions ON sessions.number = session_search.rowid
         WHERE session_search MATCH @match AND ${conditions(filter)} ORDER BY score, updated DESC LIMIT @limit`,
      ).all({ ...parameters(filter), match }) as (SessionRow & { score: number })[];
      const numbers = JSON.stringify(rows.map(({ number }) => number));
      const found = excerpts.all({ match, numbers, start: hitStart, end: hitEnd }) as { number: number; excerpt: string }[];
      const excerptOf = new Map(found.map(({ number, excerpt }) => [number, excerpt]));
      return rows.map((row) => ({ ...toSession(row), excerpt: excerptOf.get(row.number) ?? "", score: row.score }));
    },

    facets(workspace: string | undefined): HistoryFacets {
      const parameter = { workspace: workspace ?? null };
      const rows = groups.all(parameter) as { kind: string; model: string | null; archived: number; count: number }[];
      return {
        kinds: byFrequency(rows.map(({ kind, count }) => [kind, count])),
        models: byFrequency(rows.flatMap(({ model, count }) => (model === null ? [] : [[model, count]]))),
        labels: labels.all(parameter) as string[],
        archived: rows.reduce((sum, row) => sum + row.archived, 0),
      };
    },
  };
}

function conditions(filter: Filter): string {
  return [
    "removed IS NULL",
    filter.archived === "with" ? "" : filter.archived === "only" ? "archived IS NOT NULL" : "archived IS NULL",
    filter.id !== undefined && "substr(id, 1, length(@id)) = @id",
    filter.workspace !== undefined && "workspace = @workspace",
    filter.kind !== undefined && "kind = @kind",
    filter.path !== undefined && "instr(path, @path) > 0",
    filter.model !== undefined && "instr(lower(model), lower(@model)) > 0",
    filter.label !== undefined && "EXISTS (SELECT 1 FROM session_labels WHERE session = sessions.number AND label = @label)",
    filter.outcome !== undefined && "outcome = @outcome",
    filter.from !== undefined && "created >= @from",
    filter.to !== undefined && "created < @to",
    filter.before !== undefined && "updated < @before",
  ]
    .filter(Boolean)
    .join(" AND ");
}

function parameters(filter: Filter): Record<string, string | number> {
  const { archived: _said, ...named } = filter;
  return Object.fromEntries(Object.entries(named).filter((entry): entry is [string, string | number] => entry[1] !== undefined));
}

function byFrequency(counts: readonly (readonly [string, number])[]): string[] {
  const sums = new Map<string, number>();
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return [...sums].sort(([a, one], [b, other]) => other - one || a.localeCompare(b)).map(([name]) => name);
}
