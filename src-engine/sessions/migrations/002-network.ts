import type { Migration } from "./migration.ts";

/** The network ledger and the permissions the user gave. */
export const networkTables: Migration = {
  number: 2,
  name: "network",
  sql: `
    CREATE TABLE network_attempts (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      time INTEGER NOT NULL,
      process TEXT NOT NULL,
      host TEXT NOT NULL,
      port INTEGER,
      purpose TEXT NOT NULL,
      allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
      reason TEXT NOT NULL
    );

    CREATE TABLE network_permissions (
      host TEXT NOT NULL,
      purpose TEXT NOT NULL,
      granted INTEGER NOT NULL,
      PRIMARY KEY (host, purpose)
    ) WITHOUT ROWID;
  `,
};
