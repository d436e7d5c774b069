import type { Migration } from "./migration.ts";

/** How suggestions fared: numbers only, never a name or a text. */
export const completionTables: Migration = {
  number: 3,
  name: "completion",
  sql: `
    CREATE TABLE completion_counts (
      name TEXT PRIMARY KEY,
      count INTEGER NOT NULL
    ) WITHOUT ROWID;
  `,
};
