import { describe, expect, test } from "vitest";
import { createRequestJournal } from "./journal.ts";

const start = { path: "/work/a.ts", languageId: "typescript", trigger: "automatic", prefix: "one\ntwo" } as const;

describe("the journal of requests", () => {
  test("shows a request from its beginning to its end", () => {
    let time = 100;
    const journal = createRequestJournal(50, () => time);
    let changes = 0;
    journal.changes.listen(() => {
      changes += 1;
    });
    const entry = journal.begin(start);
    expect(journal.requests()).toMatchObject([{ id: entry.id, at: 100, state: "waiting", line: 2, column: 4, path: "/work/a.ts" }]);
    entry.update({ busyWith: "answer", milliseconds: { wait: 30 } });
    expect(journal.requests()).toMatchObject([{ state: "waiting", busyWith: "answer", milliseconds: { wait: 30, queue: 0 } }]);
    time = 180;
    entry.end({ state: "shown", milliseconds: { queue: 20 } });
    expect(journal.requests()).toMatchObject([{ state: "shown", milliseconds: { wait: 30, queue: 20, total: 80 } }]);
    journal.outcome(entry.id, "accepted");
    expect(journal.requests()).toMatchObject([{ state: "shown", outcome: "accepted" }]);
    expect(changes).toBe(4);
  });

  test("takes no news after the end", () => {
    const journal = createRequestJournal();
    const entry = journal.begin(start);
    entry.end({ state: "cancelled" });
    entry.update({ model: "late" });
    entry.end({ state: "shown" });
    expect(journal.requests()).toMatchObject([{ state: "cancelled" }]);
    expect(journal.requests()[0]?.model).toBeUndefined();
  });

  test("keeps the last ones, the newest first", () => {
    const journal = createRequestJournal(3);
    const oldest = journal.begin(start);
    for (const path of ["/b", "/c", "/d"]) journal.begin({ ...start, path });
    expect(journal.requests().map(({ path }) => path)).toEqual(["/d", "/c", "/b"]);
    oldest.end({ state: "shown" });
    expect(journal.requests().map(({ path }) => path)).toEqual(["/d", "/c", "/b"]);
  });

  test("takes the place it is told over the one it counts", () => {
    const journal = createRequestJournal();
    journal.begin({ ...start, position: { line: 900, column: 3 } });
    journal.begin({ ...start, prefix: "" });
    expect(journal.requests()).toMatchObject([
      { line: 1, column: 1 },
      { line: 900, column: 3 },
    ]);
  });

  test("notes where a window asked nothing", () => {
    const journal = createRequestJournal();
    journal.skipped({ path: "/a", languageId: "markdown", position: { line: 7, column: 1 }, why: "switched-off" });
    expect(journal.requests()).toMatchObject([{ state: "hidden", hidden: "switched-off", line: 7, trigger: "automatic" }]);
  });
});
