import type { Sqlite } from "./sqlite.ts";

/** With so many sessions the whole index is merged in some milliseconds. */
const fewSessions = 1000;
/** Pages of the index that are merged at once: some milliseconds. */
const pagesAtOnce = 200;

/** The index of all words of the history, by the numbers of sessions. Whoever calls is within a transaction. */
export interface WordIndex {
  /** Makes a session findable by its title and this text, in the place of what it was found by. */
  put(number: number, body: string): void;
  /** Sessions that are not in it although they should be. */
  missing(): readonly number[];
  /** Takes sessions out, and sees to it that no word of theirs stays in the file. @param left sessions that remain */
  forget(numbers: readonly number[], left: number): void;
  /** Merges a part of what {@link forget} left; true when all of it is done. */
  tidy(isFirst: boolean): boolean;
}

/** Creates the {@link WordIndex} over a connection. */
export function createWordIndex(sqlite: Sqlite): WordIndex {
  const remove = sqlite.prepare("DELETE FROM session_search WHERE rowid = ?");
  const add = sqlite.prepare("INSERT INTO session_search (rowid, title, body) SELECT number, title, ? FROM sessions WHERE number = ?");
  const missing = sqlite.prepare("SELECT number FROM sessions WHERE number NOT IN (SELECT id FROM session_search_docsize)").pluck();
  const chore = sqlite.prepare("SELECT 1 FROM chores WHERE name = 'merge search'");
  const addChore = sqlite.prepare("INSERT OR IGNORE INTO chores (name) VALUES ('merge search')");
  const removeChore = sqlite.prepare("DELETE FROM chores WHERE name = 'merge search'");
  const merge = sqlite.prepare("INSERT INTO session_search (session_search, rank) VALUES ('merge', ?)");
  const totalChanges = sqlite.prepare("SELECT total_changes()").pluck();

  return {
    put(number, body) {
      remove.run(number);
      add.run(body, number);
    },
    missing: () => missing.all() as number[],
    forget(numbers, left) {
      for (const number of numbers) remove.run(number);
      if (numbers.length === 0) return;
      // Merges the index, so that no word of the deleted text stays in it: at once where that takes no time, else in steps.
      if (left <= fewSessions) sqlite.exec("INSERT INTO session_search (session_search) VALUES ('optimize')");
      else addChore.run();
    },
    tidy(isFirst) {
      if (chore.get() === undefined) return true;
      const before = Number(totalChanges.get());
      // As SQLite documents it: a negative number begins to merge everything, and it is done when nothing more changes.
      merge.run(isFirst ? -pagesAtOnce : pagesAtOnce);
      if (Number(totalChanges.get()) - before >= 2) return false;
      removeChore.run();
      return true;
    },
  };
}
