import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { openSqlite } from "./sqlite.ts";

// What a history meets in the world: another program that holds it, and a disk without room.

let folder: string;
let database: Database;
let sessions: Sessions;
let clock: number;
const settings = { current: () => ({ "localcoder.history.keep": "keep" as const, "localcoder.history.days": 0 }) };

function open(data = folder): void {
  database = openDatabase({ folder: data });
  sessions = createSessions({ database, settings, now: () => clock++ });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trouble-"));
  clock = 1_700_000_000_000;
});
afterEach(() => {
  sessions.dispose();
  database.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const begun = () => sessions.begin({ title: "Explain", kind: "explain", messages: [{ role: "user", text: "question" }] });

describe("a history that another program holds", () => {
  test("is read, says so where it is to be changed, and takes up what it missed when it is let go", () => {
    open();
    const recorder = begun();
    recorder.append("one ");
    const other = openSqlite(database.file);
    other.exec("BEGIN IMMEDIATE");
    recorder.append("two ");
    expect(recorder.problem()).toMatchObject({ code: "ENGINE_BUSY" });
    // Not tried again with each piece: an answer must not wait for it.
    const began = performance.now();
    for (let piece = 0; piece < 100; piece++) recorder.append("x");
    expect(performance.now() - began).toBeLessThan(1000);
    expect(sessions.list({ limit: 10 })).toHaveLength(1);
    expect(() => sessions.update(recorder.id, { title: "Other" })).toThrow(expect.objectContaining({ code: "ENGINE_BUSY" }));
    other.exec("ROLLBACK");
    other.close();
    clock += 10_000;
    recorder.append(" three");
    expect(recorder.problem()).toBeUndefined();
    recorder.finish("done");
    expect(sessions.show(recorder.id).messages.at(-1)?.text).toBe(`one two ${"x".repeat(100)} three`);
  });

  test("takes up an answer that was over before it was let go", () => {
    open();
    vi.useFakeTimers();
    try {
      const recorder = begun();
      const other = openSqlite(database.file);
      other.exec("BEGIN IMMEDIATE");
      recorder.append("answer");
      recorder.finish("done");
      other.exec("ROLLBACK");
      other.close();
      vi.advanceTimersByTime(6000);
      expect(sessions.show(recorder.id)).toMatchObject({ session: { state: "done" }, messages: [{}, { text: "answer" }] });
    } finally {
      vi.useRealTimers();
    }
  });

  test("is waited for before its process ends, but not for ever", async () => {
    open();
    const recorder = begun();
    const other = openSqlite(database.file);
    other.exec("BEGIN IMMEDIATE");
    recorder.append("answer");
    recorder.finish("done");
    expect(await sessions.settle(0)).toBe(false);
    const settled = sessions.settle(10_000);
    setTimeout(() => other.exec("ROLLBACK"), 100);
    expect(await settled).toBe(true);
    other.close();
    expect(sessions.show(recorder.id)).toMatchObject({ session: { state: "done" }, messages: [{}, { text: "answer" }] });
  });

  test("from the start is replaced by one in memory, and that is said", () => {
    open();
    sessions.dispose();
    database.dispose();
    const other = openSqlite(join(folder, "localcoder.db"));
    other.pragma("locking_mode = EXCLUSIVE");
    other.exec("BEGIN EXCLUSIVE");
    open();
    expect(database.file).toBe(":memory:");
    expect(database.notices).toMatchObject([
      { code: "ENGINE_BUSY", message: expect.stringContaining("Another program holds the history.") },
    ]);
    other.close();
  });
});

test("a disk that fills up keeps what was written, and the rest when there is room", (context) => {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const mounted = process.platform === "linux" && spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk]).status === 0;
  open(mounted ? disk : folder);
  if (!mounted) return context.skip();
  try {
    const kept = begun();
    kept.append("kept ");
    const long = "y".repeat(4_000_000);
    kept.append(long);
    expect(kept.problem()).toMatchObject({ code: "DISK_FULL" });
    expect(sessions.show(kept.id).messages.at(-1)?.text).toBe("kept ");
    const big = {
      session: { ...sessions.show(kept.id).session, id: "big" },
      messages: [{ id: 1, role: "user" as const, text: long, created: 1 }],
    };
    expect(() => sessions.import([big])).toThrow(expect.objectContaining({ code: "DISK_FULL" }));
    expect(sessions.list({ limit: 10 })).toHaveLength(1);
    expect(spawnSync("mount", ["-o", "remount,size=64m", disk]).status).toBe(0);
    kept.append(" after");
    kept.finish("done");
    expect(sessions.show(kept.id).messages.at(-1)?.text).toBe(`kept ${long} after`);
  } finally {
    sessions.dispose();
    database.dispose();
    spawnSync("umount", ["-l", disk]);
  }
});
