import type { Migration } from "./migration.ts";

/** What is still to be done when there is time, also after a restart. */
export const choresTable: Migration = {
  number: 12,
  name: "chores",
  sql: "CREATE TABLE chores (name TEXT PRIMARY KEY) WITHOUT ROWID;",
};
