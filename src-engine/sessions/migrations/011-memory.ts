import type { Migration } from "./migration.ts";

/** What the user does not want to be asked again whether it is to be remembered. */
export const memoryTable: Migration = {
  number: 11,
  name: "memory",
  sql: "CREATE TABLE memory_dismissed (text TEXT PRIMARY KEY) WITHOUT ROWID;",
};
