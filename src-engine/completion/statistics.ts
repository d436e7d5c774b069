import type { CheckOutcome, CompletionStatistics, Outcome, RetentionSeconds } from "#core/contracts/completion";
import type { Sqlite } from "../sessions/sqlite.ts";

/** How suggestions fare, counted in the database of the data folder and told to nobody. */
export interface Statistics {
  /** Makes a suggestion known, so that its outcome is counted, and each only once. */
  remember(id: string, check: CheckOutcome): void;
  outcome(id: string, outcome: Outcome): void;
  /** Counts how many characters of an accepted suggestion were still there, of how many. */
  retained(seconds: RetentionSeconds, characters: number, of: number): void;
  read(): CompletionStatistics;
  /** Begins anew. */
  reset(): void;
}

/** Suggestions whose outcome may still come. */
const remembered = 1000;

const retentionTimes: readonly RetentionSeconds[] = [30, 300];

/** Creates {@link Statistics}. */
export function createStatistics({ sqlite }: { readonly sqlite: Sqlite }, now: () => number = Date.now): Statistics {
  const add = sqlite.prepare(
    "INSERT INTO completion_counts (name, count) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
  );
  const list = sqlite.prepare("SELECT name, count FROM completion_counts");
  const clear = sqlite.prepare("DELETE FROM completion_counts");
  const begin = sqlite.prepare("INSERT OR IGNORE INTO completion_counts (name, count) VALUES ('since', ?)");
  const suggestions = new Map<string, { readonly check: CheckOutcome; readonly told: Set<Outcome> }>();

  const count = sqlite.transaction((counts: Readonly<Record<string, number>>) => {
    begin.run(now());
    for (const [name, by] of Object.entries(counts)) add.run(name, by);
  });

  /** A full disk must cost nobody a suggestion; the count is then a little low. */
  function tryToCount(counts: Readonly<Record<string, number>>): void {
    try {
      count(counts);
    } catch {
      // Whoever writes something that matters is told.
    }
  }

  return {
    remember(id, check) {
      suggestions.set(id, { check, told: suggestions.get(id)?.told ?? new Set() });
      const [oldest] = suggestions.keys();
      if (suggestions.size > remembered && oldest !== undefined) suggestions.delete(oldest);
    },
    outcome(id, outcome) {
      const suggestion = suggestions.get(id);
      if (suggestion === undefined || suggestion.told.has(outcome)) return;
      suggestion.told.add(outcome);
      tryToCount({ [outcome]: 1, ...(outcome === "shown" && suggestion.check === "late" ? { unchecked: 1 } : {}) });
    },
    retained(seconds, characters, of) {
      tryToCount({ [`retained-${seconds}`]: Math.min(characters, of), [`accepted-${seconds}`]: of });
    },
    read() {
      const counts = new Map((list.all() as { name: string; count: number }[]).map(({ name, count }) => [name, count]));
      const of = (name: string) => counts.get(name) ?? 0;
      return {
        since: counts.get("since") ?? now(),
        shown: of("shown"),
        accepted: of("accepted"),
        partly: of("partly"),
        rejected: of("rejected"),
        unchecked: of("unchecked"),
        retained: retentionTimes.map((seconds) => ({ seconds, characters: of(`retained-${seconds}`), of: of(`accepted-${seconds}`) })),
      };
    },
    reset() {
      suggestions.clear();
      sqlite.transaction(() => {
        clear.run();
        begin.run(now());
      })();
    },
  };
}
