import type { Migration } from "./migration.ts";

/** What answered: a model here, or one on a server. */
export const providerColumn: Migration = {
  number: 5,
  name: "provider",
  sql: "ALTER TABLE sessions ADD COLUMN provider TEXT;",
};
