import type { Migration } from "./migration.ts";

/** Requests that were made while there was no model. */
export const waitingTable: Migration = {
  number: 6,
  name: "waiting",
  sql: `
    CREATE TABLE waiting_requests (
      id TEXT PRIMARY KEY,
      created INTEGER NOT NULL,
      title TEXT NOT NULL,
      request TEXT NOT NULL
    ) WITHOUT ROWID;
  `,
};
