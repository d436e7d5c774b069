import type { Migration } from "./migration.ts";

/** What belongs to a message of a chat beside its text: what was attached, and what was left out from it on. */
export const contextColumn: Migration = {
  number: 10,
  name: "context",
  sql: "ALTER TABLE messages ADD COLUMN context TEXT;",
};
