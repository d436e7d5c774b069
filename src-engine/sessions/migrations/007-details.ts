import type { Migration } from "./migration.ts";

/** How an answer came about, as JSON. */
export const detailsColumn: Migration = {
  number: 7,
  name: "details",
  sql: "ALTER TABLE messages ADD COLUMN details TEXT;",
};
