import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDamaged, openSqlite, type Sqlite } from "../sessions/sqlite.ts";

/** Written anew whenever the tables or what stands in them changes: an index of another number is thrown away. */
const format = 5;

const tables = `
  CREATE TABLE about (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, bytes INTEGER NOT NULL, modified REAL NOT NULL,
    skipped INTEGER NOT NULL DEFAULT 0, names TEXT NOT NULL DEFAULT ''
  );
  CREATE TABLE places (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, names TEXT NOT NULL);
  CREATE INDEX places_of_file ON places (file);
  CREATE TABLE definitions (
    file INTEGER NOT NULL, name TEXT NOT NULL, within TEXT NOT NULL, hidden INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    signature TEXT NOT NULL
  );
  CREATE INDEX definitions_by_name ON definitions (name);
  CREATE INDEX definitions_of_file ON definitions (file);
  CREATE TABLE vectors (place INTEGER PRIMARY KEY, model TEXT NOT NULL, vector BLOB NOT NULL);
  CREATE VIRTUAL TABLE words USING fts5 (path, names, prose, code, content = '', contentless_delete = 1, tokenize = 'porter unicode61');
`;

/** An index on the disk: a thing of no value of its own, which is made anew whenever something is wrong with it. */
export interface Storage {
  readonly sqlite: Sqlite;
  /** False after somebody deleted the file. */
  exists(): boolean;
  bytes(): number;
  close(): void;
}

/** Opens an index; what cannot be read or is of another format is replaced by an empty one, in memory where the disk takes none. */
export function openStorage(file: string, root: string): Storage {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return onDisk(file, root);
  } catch {
    try {
      removeStorage(file);
      return onDisk(file, root);
    } catch {
      const sqlite = openSqlite(":memory:");
      prepare(sqlite, root);
      return { sqlite, exists: () => true, bytes: () => 0, close: () => sqlite.close() };
    }
  }
}

/** Deletes an index with its companions. */
export function removeStorage(file: string): void {
  for (const ending of ["", "-wal", "-shm"]) rmSync(file + ending, { force: true });
}

/** Milliseconds for which an index is kept that nobody uses. */
const keptUnused = 60 * 86_400_000;

/** Deletes the indexes in a folder that nobody used for long, or whose own folder is gone. */
export function removeStale(folder: string, now = Date.now()): void {
  for (const name of indexesIn(folder)) {
    const file = join(folder, name);
    try {
      const used = Math.max(...["", "-wal"].map((ending) => statSync(file + ending, { throwIfNoEntry: false })?.mtimeMs ?? 0));
      const sqlite = openSqlite(file, { readonly: true });
      const root = sqlite.prepare("SELECT value FROM about WHERE name = 'root'").pluck().get();
      sqlite.close();
      if (now - used > keptUnused || !existsSync(String(root))) removeStorage(file);
    } catch {
      // Damaged, or used by somebody else: whoever opens it sees to it.
    }
  }
}

function indexesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".db"));
  } catch {
    return [];
  }
}

/** True for an error that says that an index is damaged or gone, so that another one is to be made. */
export function isLost(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return isDamaged(error) || code.startsWith("SQLITE_IOERR") || code.startsWith("SQLITE_READONLY") || code === "SQLITE_ERROR";
}

function onDisk(file: string, root: string): Storage {
  // Words of the user's code: readable for nobody else.
  closeSync(openSync(file, "a", 0o600));
  const sqlite = openSqlite(file);
  try {
    sqlite.pragma("journal_mode = WAL");
    sqlite.pragma("synchronous = NORMAL");
    sqlite.pragma("journal_size_limit = 4000000");
    if (sqlite.pragma("quick_check(1)", { simple: true }) !== "ok") throw new Error("The index is damaged.");
    prepare(sqlite, root);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return {
    sqlite,
    exists: () => existsSync(file),
    bytes: () => ["", "-wal"].reduce((sum, ending) => sum + (statSync(file + ending, { throwIfNoEntry: false })?.size ?? 0), 0),
    close: () => sqlite.close(),
  };
}

function prepare(sqlite: Sqlite, root: string): void {
  if (sqlite.pragma("user_version", { simple: true }) === format) {
    const of = sqlite.prepare("SELECT value FROM about WHERE name = 'root'").pluck().get();
    if (of !== root) throw new Error("The index is of another folder.");
    return;
  }
  if (sqlite.prepare("SELECT count(*) FROM sqlite_master").pluck().get() !== 0) throw new Error("The index is of another format.");
  sqlite.transaction(() => {
    sqlite.exec(tables);
    sqlite.prepare("INSERT INTO about VALUES ('root', ?)").run(root);
    sqlite.pragma(`user_version = ${format}`);
  })();
}
