import { createRequire } from "node:module";
import { join } from "node:path";
import type BetterSqlite from "better-sqlite3";

const Sqlite = createRequire(import.meta.url)("better-sqlite3") as typeof BetterSqlite;

/** Whether the database of a data folder is sound, in SQLite's own words: "ok", or what is wrong. */
export function soundnessOf(home: string): string {
  const sqlite = new Sqlite(join(home, "data", "localcoder.db"), { readonly: true, timeout: 5000 });
  try {
    const broken = sqlite.pragma("foreign_key_check") as unknown[];
    return broken.length > 0 ? `${broken.length} rows refer to nothing` : String(sqlite.pragma("integrity_check", { simple: true }));
  } finally {
    sqlite.close();
  }
}

/** Holds the database of a data folder as another program does that writes to it, until it is let go. */
export function holdHistory(home: string): { letGo(): void } {
  const sqlite = new Sqlite(join(home, "data", "localcoder.db"), { timeout: 5000 });
  sqlite.exec("BEGIN IMMEDIATE");
  return {
    letGo() {
      sqlite.exec("ROLLBACK");
      sqlite.close();
    },
  };
}
