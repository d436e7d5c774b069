import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type { ProjectStatus } from "#core/contracts/project";
import type { FileKind } from "#core/project/files";
import { fileKindOf } from "#core/project/files";
import { searchableWords } from "#core/project/identifiers";
import { createExclusions } from "../completion/context/exclusions.ts";
import { pathIn, stampOf } from "../completion/context/source-file.ts";
import type { Sqlite } from "../sessions/sqlite.ts";
import type { Outlines } from "./outline.ts";
import { type ReadFile, readFileFor } from "./read-file.ts";
import { isLost, openStorage, removeStorage, type Storage } from "./storage.ts";
import { type FoundFile, walk } from "./walk.ts";

/** The index of one folder. */
export interface RootIndex {
  readonly root: string;
  /** Looks for changes and reads them, at rest between files; a second call waits for the first. `done` once all is read. */
  refresh(): Promise<void>;
  /** Reads one file again. */
  update(path: string): Promise<void>;
  /** Runs on the tables; an index found damaged is made anew and asked again once. */
  use<Result>(work: (sqlite: Sqlite) => Result): Promise<Result>;
  /** Changes whenever what stands in the tables does. */
  version(): number;
  /** True once a walk has been finished since the index was opened. */
  complete(): boolean;
  status(): Omit<ProjectStatus, "state">;
  isBusy(): boolean;
  /** Makes the next refresh look through all folders, however short the last one is past. */
  forgetWalk(): void;
  /** Throws everything away; the next refresh reads it again. */
  empty(): void;
  close(): void;
}

/** What {@link createRootIndex} needs. */
export interface RootIndexOptions {
  /** The real path of the folder. */
  readonly root: string;
  /** Where the index lies on the disk. */
  readonly file: string;
  readonly outlines: Outlines;
  /** What the user's settings exclude, by the path from the folder. */
  readonly isExcludedByUser: (path: string) => boolean;
  readonly mostFiles?: number;
}

/** More files than this are no project one knows. */
const usualMostFiles = 20_000;
/** Milliseconds for which a walk is believed. */
const walkHolds = 1000;
/** Milliseconds of reading before what was read is written and others get their turn. */
const slice = 50;

/** Opens a {@link RootIndex}. Nothing is read before the first refresh. */
export function createRootIndex(options: RootIndexOptions): RootIndex {
  const { root, file, outlines, isExcludedByUser, mostFiles = usualMostFiles } = options;
  const ending = new AbortController();
  const { signal } = ending;
  let storage = openStorage(file, root);
  let version = 1;
  let walked = Number.NEGATIVE_INFINITY;
  let finished = false;
  let full = false;
  let waiting = 0;
  let refreshing: Promise<void> | undefined;

  const rulesNow = () => createExclusions(root, isExcludedByUser);

  /** Deleted by somebody, or damaged: another one takes its place. */
  function renew(): void {
    try {
      storage.close();
    } catch {
      // What is damaged need not close well.
    }
    removeStorage(file);
    storage = openStorage(file, root);
    version += 1;
    walked = Number.NEGATIVE_INFINITY;
    finished = false;
  }

  async function lookForChanges(): Promise<void> {
    if (!storage.exists()) renew();
    const found = await walk(root, rulesNow(), mostFiles, signal);
    full = found.full;
    const known = new Map(knownFiles(storage).map((one) => [one.path, one]));
    const gone = [...known.values()].filter(({ path }) => !found.files.has(path));
    if (gone.length > 0)
      write(storage, () => {
        for (const { id } of gone) forget(storage.sqlite, id);
      });
    const changed = [...found.files].filter(([path, { bytes, modified }]) => {
      const before = known.get(path);
      return before === undefined || before.bytes !== bytes || before.modified !== modified;
    });
    if (gone.length + changed.length > 0) version += 1;
    // Code first: it is what is asked about.
    const order: readonly FileKind[] = ["code", "test", "prose", "data"];
    changed.sort(([, one], [, other]) => order.indexOf(one.kind) - order.indexOf(other.kind));
    waiting = changed.length;
    await readAll(changed);
    storage.sqlite.prepare("INSERT OR REPLACE INTO about VALUES ('updated', ?)").run(Date.now());
    walked = performance.now();
    finished = true;
  }

  async function readAll(changed: readonly (readonly [string, FoundFile])[]): Promise<void> {
    let batch: { path: string; found: FoundFile; read: ReadFile | undefined }[] = [];
    let began = performance.now();
    const flush = () => {
      const now = batch;
      batch = [];
      write(storage, () => {
        for (const { path, found, read } of now) remember(storage.sqlite, path, found, read);
      });
      version += 1;
    };
    for (const [path, found] of changed) {
      signal.throwIfAborted();
      batch.push({ path, found, read: await readFileFor(root, path, outlines, signal) });
      waiting -= 1;
      if (performance.now() - began < slice) continue;
      flush();
      await nextTurn();
      began = performance.now();
    }
    flush();
  }

  async function guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (signal.aborted || !isLost(error)) throw error;
      renew();
      await work();
    } finally {
      waiting = 0;
    }
  }

  return {
    root,
    refresh() {
      if (refreshing === undefined && performance.now() - walked < walkHolds && storage.exists()) return Promise.resolve();
      refreshing ??= guarded(lookForChanges).finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    async update(path) {
      // A walk that runs finds it by itself, unless it has been there already: then the next one does.
      if (refreshing !== undefined || !finished) return;
      const kind = fileKindOf(path);
      const stamp = kind === undefined || (await rulesNow().of(path, "file")) ? undefined : await stampOf(pathIn(root, path));
      await guarded(async () => {
        const read = stamp && (await readFileFor(root, path, outlines, signal));
        write(storage, () => {
          if (stamp === undefined || kind === undefined) forget(storage.sqlite, idOf(storage.sqlite, path));
          else remember(storage.sqlite, path, { kind, ...stamp }, read);
        });
        version += 1;
      });
    },
    async use(work) {
      try {
        return work(storage.sqlite);
      } catch (error) {
        if (!isLost(error)) throw error;
        renew();
        await pause(0);
        return work(storage.sqlite);
      }
    },
    version: () => version,
    complete: () => finished,
    isBusy: () => refreshing !== undefined,
    status() {
      const one = (sql: string) => Number(storage.sqlite.prepare(sql).pluck().get() ?? 0);
      const updated = one("SELECT value FROM about WHERE name = 'updated'");
      return {
        files: one("SELECT count(*) FROM files WHERE skipped = 0"),
        waiting,
        places: one("SELECT count(*) FROM places"),
        definitions: one("SELECT count(*) FROM definitions"),
        skipped: one("SELECT count(*) FROM files WHERE skipped = 1"),
        full,
        bytes: storage.bytes(),
        ...(updated > 0 && { updated }),
      };
    },
    forgetWalk() {
      walked = Number.NEGATIVE_INFINITY;
    },
    empty: renew,
    close() {
      ending.abort();
      storage.close();
    },
  };
}

interface KnownFile {
  readonly id: number;
  readonly path: string;
  readonly bytes: number;
  readonly modified: number;
}

function knownFiles({ sqlite }: Storage): KnownFile[] {
  return sqlite.prepare("SELECT id, path, bytes, modified FROM files").all() as KnownFile[];
}

function write({ sqlite }: Storage, work: () => void): void {
  sqlite.transaction(work)();
}

function idOf(sqlite: Sqlite, path: string): number | undefined {
  return sqlite.prepare("SELECT id FROM files WHERE path = ?").pluck().get(path) as number | undefined;
}

function forget(sqlite: Sqlite, file: number | undefined): void {
  if (file === undefined) return;
  sqlite.prepare("DELETE FROM words WHERE rowid IN (SELECT id FROM places WHERE file = ?)").run(file);
  sqlite.prepare("DELETE FROM vectors WHERE place IN (SELECT id FROM places WHERE file = ?)").run(file);
  sqlite.prepare("DELETE FROM places WHERE file = ?").run(file);
  sqlite.prepare("DELETE FROM definitions WHERE file = ?").run(file);
  sqlite.prepare("DELETE FROM files WHERE id = ?").run(file);
}

/** Writes down what was read of a file in place of what was known; nothing read: only that it need not be read again. */
function remember(sqlite: Sqlite, path: string, { kind, bytes, modified }: FoundFile, read: ReadFile | undefined): void {
  forget(sqlite, idOf(sqlite, path));
  const names = [...(read?.names ?? [])].map(([name, count]) => `${name} ${count}`).join("\n");
  const file = sqlite
    .prepare("INSERT INTO files (path, kind, bytes, modified, skipped, names) VALUES (?, ?, ?, ?, ?, ?)")
    .run(path, kind, bytes, modified, read === undefined ? 1 : 0, names).lastInsertRowid;
  if (read === undefined) return;
  const place = sqlite.prepare("INSERT INTO places (file, first, last, names) VALUES (?, ?, ?, ?)");
  const words = sqlite.prepare("INSERT INTO words (rowid, path, names, prose, code) VALUES (?, ?, ?, ?, ?)");
  const pathWords = searchableWords(path);
  for (const { from, to, names: defined, within, words: found } of read.places) {
    const { lastInsertRowid } = place.run(file, from, to, [...within, ...defined].join("\n"));
    words.run(lastInsertRowid, pathWords, found.names, found.prose, found.code);
  }
  const definition = sqlite.prepare("INSERT INTO definitions VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const { name, within, hidden, from, to, signature } of read.definitions)
    definition.run(file, name, within.join(" "), hidden ? 1 : 0, from, to, signature);
}
