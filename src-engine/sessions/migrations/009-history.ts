import type { Migration } from "./migration.ts";

/** What the user does with the history: labels, archive, names; what became of a proposal; where a session came from. */
export const historyTables: Migration = {
  number: 9,
  name: "history",
  sql: `
    ALTER TABLE sessions ADD COLUMN archived INTEGER;
    -- 0: by rule, 1: by the user, 2: by a model. Only the first kind is replaced by one a model finds.
    ALTER TABLE sessions ADD COLUMN named INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE sessions ADD COLUMN outcome TEXT CHECK (outcome IN ('kept', 'undone', 'partly'));
    ALTER TABLE sessions ADD COLUMN origin TEXT;
    ALTER TABLE sessions ADD COLUMN origin_how TEXT CHECK (origin_how IN ('branch', 'replay', 'handoff', 'import'));
    CREATE INDEX sessions_workspace ON sessions (workspace, updated);

    CREATE TABLE session_labels (
      session INTEGER NOT NULL REFERENCES sessions (number) ON DELETE CASCADE,
      label TEXT NOT NULL,
      PRIMARY KEY (session, label)
    ) WITHOUT ROWID;

    -- What was proposed or kept, as git apply takes it.
    CREATE TABLE patches (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      session INTEGER NOT NULL REFERENCES sessions (number) ON DELETE CASCADE,
      diff TEXT NOT NULL,
      created INTEGER NOT NULL
    );
    CREATE INDEX patches_session ON patches (session);
  `,
};
