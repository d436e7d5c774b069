import { chmodSync, closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Disposable, toDisposable } from "#core/base/disposable";
import { describeError, type ErrorCode } from "#core/base/errors";
import { closeMarked, takeMark } from "./clean-close.ts";
import { migrations as allMigrations } from "./migrations/index.ts";
import type { Migration } from "./migrations/migration.ts";
import { isNewer, readNewer } from "./newer.ts";
import { putAside, recoverRows } from "./recovery.ts";
import { isDamaged, isDiskFull, isLocked, openSqlite, type Sqlite } from "./sqlite.ts";

/** Something the user should be told about the database, once. */
export interface DatabaseNotice {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** The one database of a data folder. Only the folder's owner opens it. */
export interface Database extends Disposable {
  readonly sqlite: Sqlite;
  /** ":memory:" when the file could not be used or may not be written; the notices then say why. */
  readonly file: string;
  readonly notices: readonly DatabaseNotice[];
}

/** What {@link openDatabase} needs. */
export interface DatabaseOptions {
  readonly folder: string;
  readonly migrations?: readonly Migration[];
  readonly now?: () => Date;
}

/** The file's name in the data folder. */
export const databaseFile = "localcoder.db";

/**
 * Opens the database of a folder, bringing it up to date. A damaged file is put aside and what can be read is taken
 * over; one of a newer version is read and left as it is; where no file can be used at all, everything works in memory. The
 * notices say so.
 */
export function openDatabase({ folder, migrations = allMigrations, now = () => new Date() }: DatabaseOptions): Database {
  const file = join(folder, databaseFile);
  const notices: DatabaseNotice[] = [];
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (isNewer(file, migrations.length)) {
      const copy = openInMemory(migrations);
      notices.push(readNewer(file, copy));
      return opened(copy, ":memory:", notices);
    }
    const checked = takeMark(file, now());
    const database = opened(openRepaired(file, migrations, now, notices, checked !== undefined), file, notices);
    return { ...database, ...toDisposable(() => closeMarked(database, checked ?? now())) };
  } catch (error) {
    notices.push(inMemoryNotice(error, file));
    return opened(openInMemory(migrations), ":memory:", notices);
  }
}

/** A database that never touches the disk, with the same tables. */
export function openInMemory(migrations: readonly Migration[] = allMigrations): Sqlite {
  const sqlite = openSqlite(":memory:");
  sqlite.pragma("temp_store = MEMORY");
  sqlite.pragma("foreign_keys = ON");
  migrate(sqlite, migrations);
  return sqlite;
}

function opened(sqlite: Sqlite, file: string, notices: readonly DatabaseNotice[]): Database {
  return { sqlite, file, notices, ...toDisposable(() => sqlite.close()) };
}

function openRepaired(
  file: string,
  migrations: readonly Migration[],
  now: () => Date,
  notices: DatabaseNotice[],
  isKnown: boolean,
): Sqlite {
  try {
    return openFile(file, migrations, isKnown);
  } catch (error) {
    if (!isDamaged(error)) throw error;
  }
  const aside = putAside(file, now());
  const sqlite = openFile(file, migrations, false);
  const rows = recoverRows(aside, sqlite);
  notices.push({
    code: "INTERNAL",
    message:
      rows > 0
        ? `The history was damaged. What could be read was taken over (${rows} entries); the damaged file was kept.`
        : "The history was damaged and nothing in it could be read. A new one was started; the damaged file was kept.",
    hint: `The damaged file is ${aside}. It can be deleted when nothing is missed.`,
  });
  return sqlite;
}

function openFile(file: string, migrations: readonly Migration[], isKnown: boolean): Sqlite {
  // Made here because SQLite would make it readable for everybody; its companions take over the mode.
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  const sqlite = openSqlite(file);
  try {
    sqlite.pragma("journal_mode = WAL");
    sqlite.pragma("synchronous = NORMAL");
    sqlite.pragma("foreign_keys = ON");
    sqlite.pragma("secure_delete = ON");
    const check = isKnown ? "ok" : sqlite.pragma("quick_check(1)", { simple: true });
    if (check !== "ok") throw Object.assign(new Error(String(check)), { code: "SQLITE_CORRUPT" });
    const before = version(sqlite);
    if (before > 0 && before < migrations.length) backUp(sqlite, `${file}.before-${before + 1}`);
    migrate(sqlite, migrations);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function version(sqlite: Sqlite): number {
  return Number(sqlite.pragma("user_version", { simple: true }));
}

function backUp(sqlite: Sqlite, to: string): void {
  rmSync(to, { force: true });
  closeSync(openSync(to, "w", 0o600));
  sqlite.prepare("VACUUM INTO ?").run(to);
}

function migrate(sqlite: Sqlite, migrations: readonly Migration[]): void {
  for (const migration of migrations.slice(version(sqlite))) {
    sqlite.transaction(() => {
      sqlite.exec(migration.sql);
      sqlite.pragma(`user_version = ${migration.number}`);
    })();
  }
}

function inMemoryNotice(error: unknown, file: string): DatabaseNotice {
  const rest = "Until LocalCoder is started again, the history is kept in memory only.";
  if (isDiskFull(error))
    return { code: "DISK_FULL", message: `The disk is full. ${rest}`, hint: "Free some space and start LocalCoder again." };
  if (isLocked(error))
    return {
      code: "ENGINE_BUSY",
      message: `Another program holds the history. ${rest}`,
      hint: `Close what has opened ${file}, and start LocalCoder again.`,
    };
  const { code, message, hint } = describeError(error);
  return {
    code: code === "INTERNAL" ? "DATA_FOLDER_UNUSABLE" : code,
    message: code === "INTERNAL" ? `The history could not be opened (${message}). ${rest}` : `${message} ${rest}`,
    hint: hint ?? `Look at the file ${file} and the rights of its folder.`,
  };
}
