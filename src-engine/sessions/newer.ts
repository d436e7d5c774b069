import { existsSync } from "node:fs";
import type { DatabaseNotice } from "./database.ts";
import { recoverRows } from "./recovery.ts";
import { openSqlite, type Sqlite } from "./sqlite.ts";

/** True when a later version of the program wrote the file last. It is not written to by asking: not even its journal mode is set. */
export function isNewer(file: string, known: number): boolean {
  if (!existsSync(file)) return false;
  try {
    return readOnly(file, (sqlite) => Number(sqlite.pragma("user_version", { simple: true })) > known);
  } catch {
    // Damaged, locked, or no database: whoever opens it to write finds out and says so.
    return false;
  }
}

/**
 * Copies what this version knows of a newer history into one in memory, so that everything can be read and searched, and
 * answers what to tell the user. Columns and tables that came later stay where they are, as does the file.
 */
export function readNewer(file: string, into: Sqlite): DatabaseNotice {
  recoverRows(file, into);
  const count = "SELECT count(*) FROM sessions";
  const there = readOnly(file, (sqlite) => Number(sqlite.prepare(count).pluck().get()));
  const missing = there - Number(into.prepare(count).pluck().get());
  const unread = missing > 0 ? ` ${missing} of its ${there} entries cannot be shown here.` : "";
  return {
    code: "DATA_FOLDER_UNUSABLE",
    message: `The history was written by a newer version of LocalCoder. It can be read here and stays as it is.${unread} What changes here is forgotten when LocalCoder ends.`,
    hint: "Update LocalCoder to go on with this history.",
  };
}

function readOnly<T>(file: string, read: (sqlite: Sqlite) => T): T {
  const sqlite = openSqlite(file, { readonly: true });
  try {
    return read(sqlite);
  } finally {
    sqlite.close();
  }
}
