import { appendFileSync, chmodSync, renameSync, statSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "#core/base/errors";
import { isLogged, type LogLevel, logLine } from "#core/log";

/** The log of a data folder. */
export interface Logs {
  /** Writes one entry, where the level is kept; never throws, because a log is no reason to fail. */
  note(level: LogLevel, process: string, text: string): void;
  /** The newest first. */
  files(): Promise<{ name: string; path: string; bytes: number }[]>;
  /** The end of a file of {@link files}. */
  read(name: string): Promise<{ text: string; cut: boolean }>;
}

/** What {@link createLogs} needs. */
export interface LogsOptions {
  readonly folder: string;
  /** Another file than the one in the folder. */
  readonly file?: string;
  readonly level: LogLevel;
  /** Bytes after which a file is put aside; one older file is kept. */
  readonly most?: number;
}

const mostShown = 500_000;

/** Creates {@link Logs}. */
export function createLogs({ folder, file = join(folder, "localcoder.log"), level: kept, most = 2_000_000 }: LogsOptions): Logs {
  let size = 0;
  try {
    size = statSync(file).size;
    chmodSync(file, 0o600);
  } catch {
    // It is made with the first entry.
  }
  return {
    note(level, process, text) {
      if (!isLogged(level, kept)) return;
      const line = logLine(Date.now(), level, process, text);
      try {
        if (size > most) {
          renameSync(file, `${file}.1`);
          size = 0;
        }
        appendFileSync(file, line, { mode: 0o600 });
        size += Buffer.byteLength(line);
      } catch {
        // A full disk, or a folder that is gone: what is logged is of less value than what goes on.
      }
    },
    async files() {
      const names = (await readdir(folder).catch(() => [])).filter((name) => /\.log(\.\d+)?$/.test(name));
      const paths = new Set([file, ...names.map((name) => join(folder, name))]);
      const found = await Promise.all([...paths].map(async (path) => ({ path, stats: await stat(path).catch(() => undefined) })));
      return found
        .flatMap(({ path, stats }) =>
          stats?.isFile() ? [{ name: path.split(/[\\/]/).at(-1) ?? path, path, bytes: stats.size, at: stats.mtimeMs }] : [],
        )
        .sort((a, b) => b.at - a.at)
        .map(({ name, path, bytes }) => ({ name, path, bytes }));
    },
    async read(name) {
      const found = (await this.files()).find((each) => each.name === name);
      if (!found) throw new UserError("NOT_FOUND", `There is no log ${name}.`, "Choose one of the list.");
      const handle = await open(found.path, "r");
      try {
        const from = Math.max(0, found.bytes - mostShown);
        const { buffer, bytesRead } = await handle.read(
          Buffer.alloc(Math.min(found.bytes, mostShown)),
          0,
          Math.min(found.bytes, mostShown),
          from,
        );
        return { text: buffer.subarray(0, bytesRead).toString("utf8"), cut: from > 0 };
      } finally {
        await handle.close();
      }
    },
  };
}
