import { closeSync, ftruncateSync, openSync } from "node:fs";
import { type Disposable, toDisposable } from "#core/base/disposable";
import { UserError } from "#core/base/errors";
import { isDamaged, openSqlite, sqliteCode } from "../sessions/sqlite.ts";

/**
 * Takes an exclusive lock that ends with this process however it ends, or answers undefined when somebody else has it.
 * Node has no file locks, but SQLite does, on every system: an exclusive transaction in an empty database is one. A file with
 * a process number in it would have to be judged stale by guessing, and two who guess at once would both win.
 */
export function takeLock(file: string): Disposable | undefined {
  try {
    return lockFile(file);
  } catch (error) {
    if (!isDamaged(error)) throw unusable(file, error);
  }
  // Emptied in place and not deleted: whoever has opened it already must meet us on the same file.
  try {
    const descriptor = openSync(file, "r+");
    ftruncateSync(descriptor, 0);
    closeSync(descriptor);
    return lockFile(file);
  } catch (error) {
    throw unusable(file, error);
  }
}

function lockFile(file: string): Disposable | undefined {
  // SQLite would make it readable for everybody.
  closeSync(openSync(file, "a", 0o600));
  const sqlite = openSqlite(file);
  try {
    sqlite.pragma("busy_timeout = 0");
    // Nothing is ever written to the disk, which may be full; OFF would be refused, for the sake of data there is none of.
    sqlite.pragma("journal_mode = MEMORY");
    sqlite.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    sqlite.close();
    if (sqliteCode(error).startsWith("SQLITE_BUSY")) return undefined;
    throw error;
  }
  return toDisposable(() => sqlite.close());
}

function unusable(file: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError(
    "DATA_FOLDER_UNUSABLE",
    `The file ${file} cannot be locked (${error instanceof Error ? error.message : String(error)}).`,
    "Check that you may write there and that the disk has room, or set LOCALCODER_HOME to another folder.",
  );
}
