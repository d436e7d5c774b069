import type { Migration } from "./migration.ts";

/** The history: sessions, their messages, the pieces of the message being written, and the full-text index. */
export const sessionsTables: Migration = {
  number: 1,
  name: "sessions",
  sql: `
    CREATE TABLE sessions (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      title TEXT NOT NULL,
      kind TEXT NOT NULL,
      created INTEGER NOT NULL,
      updated INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'failed', 'interrupted')),
      workspace TEXT,
      path TEXT,
      line_from INTEGER,
      line_to INTEGER,
      model TEXT,
      removed INTEGER
    );
    CREATE INDEX sessions_updated ON sessions (updated);

    CREATE TABLE messages (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      session INTEGER NOT NULL REFERENCES sessions (number) ON DELETE CASCADE,
      role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'note')),
      text TEXT NOT NULL,
      created INTEGER NOT NULL
    );
    CREATE INDEX messages_session ON messages (session);

    -- A streaming answer is appended here, so that a token costs one small row and not the whole text again.
    CREATE TABLE pieces (
      message INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      text TEXT NOT NULL,
      PRIMARY KEY (message, position)
    ) WITHOUT ROWID;

    -- One row a session, with the session's number as rowid: words of a search may stand in different messages.
    CREATE VIRTUAL TABLE session_search USING fts5 (title, body, tokenize = "unicode61 remove_diacritics 2 tokenchars '_'", prefix = '2 3');
  `,
};
