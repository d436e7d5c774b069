import { existsSync, renameSync } from "node:fs";
import { openSqlite, type Sqlite } from "./sqlite.ts";

/** Renames a damaged database and its companions, so that nothing is lost, and returns the new path. */
export function putAside(file: string, at: Date): string {
  const aside = `${file}.damaged-${at.toISOString().slice(0, 19).replaceAll(":", "-")}`;
  for (const companion of ["", "-wal", "-shm"]) if (existsSync(file + companion)) renameSync(file + companion, aside + companion);
  return aside;
}

/** Copies every row that can be read into the same tables of a new database; returns how many there were. The file is not written to. */
export function recoverRows(damagedFile: string, into: Sqlite): number {
  let damaged: Sqlite;
  try {
    damaged = openSqlite(damagedFile, { readonly: true });
  } catch {
    return 0;
  }
  try {
    let copied = 0;
    // In the order of creation, so that a row finds the one it refers to.
    const tables = into.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'");
    const order = into.prepare("SELECT rowid FROM sqlite_schema WHERE name = ?").pluck();
    const names = (tables.all() as { name: string }[]).map(({ name }) => name);
    names.sort((a, b) => Number(order.get(a)) - Number(order.get(b)));
    for (const name of names) copied += copyTable(damaged, into, name);
    return copied;
  } finally {
    damaged.close();
  }
}

function copyTable(from: Sqlite, into: Sqlite, table: string): number {
  const columns = (into.prepare("SELECT name FROM pragma_table_info(?)").all(table) as { name: string }[]).map(({ name }) => `"${name}"`);
  const insert = into.prepare(`INSERT OR IGNORE INTO "${table}" (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`);
  const keys = (into.prepare("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk").all(table) as { name: string }[]).map(
    ({ name }) => `"${name}"`,
  );
  const order = keys.length > 0 ? keys : ["rowid"];
  let copied = 0;
  // From both ends, because reading stops at the first damaged page.
  for (const direction of ["ASC", "DESC"]) {
    try {
      const rows = from.prepare(
        `SELECT ${columns.join(", ")} FROM "${table}" ORDER BY ${order.map((key) => `${key} ${direction}`).join(", ")}`,
      );
      for (const row of rows.raw().iterate() as Iterable<unknown[]>) {
        try {
          copied += insert.run(...row).changes;
        } catch {
          // A row that breaks a rule of the table is damaged itself.
        }
      }
      break;
    } catch {
      // The other end is tried, or this was it.
    }
  }
  return copied;
}
