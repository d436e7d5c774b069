import { describe, expect, test } from "vitest";
import { openDatabase, openInMemory } from "../sessions/database.ts";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { createStatistics } from "./statistics.ts";

describe("statistics", () => {
  test("count each outcome of a suggestion once, and nothing of one nobody knows", () => {
    const statistics = createStatistics({ sqlite: openInMemory() });
    statistics.remember("a", "passed");
    statistics.remember("b", "late");
    for (const outcome of ["shown", "shown", "partly", "accepted"] as const) statistics.outcome("a", outcome);
    statistics.outcome("b", "shown");
    statistics.outcome("b", "rejected");
    statistics.outcome("unknown", "accepted");
    expect(statistics.read()).toMatchObject({ shown: 2, accepted: 1, partly: 1, rejected: 1, unchecked: 1 });
  });

  test("a suggestion that is given again is still the same one", () => {
    const statistics = createStatistics({ sqlite: openInMemory() });
    for (let key = 0; key < 3; key++) {
      statistics.remember("a", "none");
      statistics.outcome("a", "shown");
    }
    expect(statistics.read().shown).toBe(1);
  });

  test("add up what is still there after a time", () => {
    const statistics = createStatistics({ sqlite: openInMemory() });
    statistics.retained(30, 40, 40);
    statistics.retained(30, 10, 60);
    statistics.retained(300, 0, 40);
    expect(statistics.read().retained).toEqual([
      { seconds: 30, characters: 50, of: 100 },
      { seconds: 300, characters: 0, of: 40 },
    ]);
  });

  test("outlast the engine, hold numbers and nothing else, and begin anew when asked", () => {
    using folder = temporaryFolder();
    let time = 1000;
    const first = openDatabase({ folder: folder.path });
    const before = createStatistics(first, () => time);
    before.remember("a", "none");
    before.outcome("a", "shown");
    first.dispose();

    time = 2000;
    const second = openDatabase({ folder: folder.path });
    const after = createStatistics(second, () => time);
    expect(after.read()).toMatchObject({ since: 1000, shown: 1 });
    expect(second.sqlite.prepare("SELECT * FROM completion_counts ORDER BY name").all()).toEqual([
      { name: "shown", count: 1 },
      { name: "since", count: 1000 },
    ]);
    after.reset();
    expect(after.read()).toMatchObject({ since: 2000, shown: 0 });
    second.dispose();
  });

  test("a database that takes nothing more costs nobody a suggestion", () => {
    const sqlite = openInMemory();
    const statistics = createStatistics({ sqlite });
    statistics.remember("a", "none");
    sqlite.pragma("query_only = ON");
    statistics.outcome("a", "shown");
    expect(statistics.read().shown).toBe(0);
  });
});
