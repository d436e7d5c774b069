import { createRequire } from "node:module";
import { join } from "node:path";
import type BetterSqlite from "better-sqlite3";
import { UserError } from "#core/base/errors";

/** An open SQLite connection. */
export type Sqlite = BetterSqlite.Database;

const require = createRequire(import.meta.url);

/** The build of SQLite in package.json needs this Node; older runtimes bring their own copy along. */
const leastNode = 22;

function loadSqlite(): typeof BetterSqlite {
  if (Number.parseInt(process.versions.node, 10) >= leastNode) return require("better-sqlite3") as typeof BetterSqlite;
  if (process.versions.electron) {
    const resources = (process as { resourcesPath?: string }).resourcesPath ?? "";
    return require(join(resources, "native", "node_modules", "better-sqlite3")) as typeof BetterSqlite;
  }
  throw new UserError(
    "UNSUPPORTED",
    `This needs Node ${leastNode} or newer, and Node ${process.versions.node} runs it.`,
    "Start it with the project's own Node: npx localcoder.",
  );
}

/** Milliseconds to wait for another program that holds the file: everything waits meanwhile. */
const patience = 1500;

/** Opens a database file, or one in memory for ":memory:", with the native build that fits this runtime. */
export function openSqlite(file: string, options: { readonly?: boolean } = {}): Sqlite {
  const Sqlite = loadSqlite();
  return new Sqlite(file, { readonly: options.readonly ?? false, timeout: patience });
}

/** SQLite's own code of an error, for example "SQLITE_FULL"; empty for anything else. */
export function sqliteCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code.startsWith("SQLITE_") || code === "ENOSPC" ? code : "";
}

/** True when there was no room on the disk. */
export function isDiskFull(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === "SQLITE_FULL" || code === "ENOSPC" || code === "SQLITE_IOERR_WRITE" || code === "SQLITE_IOERR_SHMSIZE";
}

/** True when another program holds the file. */
export function isLocked(error: unknown): boolean {
  return /^SQLITE_(?:BUSY|LOCKED)/.test(sqliteCode(error));
}

/** Runs what reads or writes the history; what its file may meet is told in a sentence. */
export function withReasons<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (isLocked(error))
      throw new UserError("ENGINE_BUSY", "Another program holds the history.", "Close what has opened localcoder.db, and try again.");
    if (isDiskFull(error))
      throw new UserError("DISK_FULL", "The disk is full, so the history stays as it was.", "Free some space, and try again.");
    if (isDamaged(error))
      throw new UserError(
        "DATA_FOLDER_UNUSABLE",
        "The history is damaged.",
        "Start LocalCoder again; it checks and repairs the history then.",
      );
    throw error;
  }
}

/** True when the file is not a database or is one no more. */
export function isDamaged(error: unknown): boolean {
  const code = sqliteCode(error);
  return code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB";
}
