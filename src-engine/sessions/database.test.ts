import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { databaseFile, openDatabase } from "./database.ts";
import { migrations } from "./migrations/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "database-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const insertSession = "INSERT INTO sessions (id, title, kind, created, updated, state) VALUES (?, ?, 'explain', 1, 1, 'done')";

function fill(count: number): void {
  const { sqlite, dispose } = openDatabase({ folder });
  const insert = sqlite.prepare(insertSession);
  sqlite.transaction(() => {
    for (let index = 0; index < count; index++) insert.run(`session-${index}`, `Title ${index} ${"x".repeat(200)}`);
  })();
  dispose();
}

describe("openDatabase", () => {
  test("makes a private file in WAL mode and brings it up to date", () => {
    const database = openDatabase({ folder: join(folder, "new", "data") });
    expect(database.notices).toEqual([]);
    expect(database.sqlite.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(database.sqlite.pragma("user_version", { simple: true })).toBe(migrations.length);
    database.sqlite.prepare(insertSession).run("a", "A");
    if (process.platform !== "win32")
      for (const name of readdirSync(join(folder, "new", "data")))
        expect(statSync(join(folder, "new", "data", name)).mode & 0o777, name).toBe(0o600);
    database.dispose();
  });

  test("numbers its migrations without gaps", () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  });

  test("keeps a backup before a migration", () => {
    fill(3);
    const next = { number: migrations.length + 1, name: "more", sql: "CREATE TABLE more (a); DELETE FROM sessions;" };
    const database = openDatabase({ folder, migrations: [...migrations, next] });
    expect(database.sqlite.pragma("user_version", { simple: true })).toBe(next.number);
    database.dispose();
    const backup = `${databaseFile}.before-${next.number}`;
    expect(readdirSync(folder)).toContain(backup);
    writeFileSync(join(folder, databaseFile), readFileSync(join(folder, backup)));
    const restored = openDatabase({ folder });
    expect(restored.sqlite.prepare("SELECT count(*) FROM sessions").pluck().get()).toBe(3);
    restored.dispose();
  });

  test("leaves a failed migration undone and works in memory", () => {
    fill(2);
    const next = {
      number: migrations.length + 1,
      name: "wrong",
      sql: "CREATE TABLE more (a); CREATE UNIQUE INDEX one ON sessions (kind);",
    };
    const database = openDatabase({ folder, migrations: [...migrations, next] });
    expect(database.file).toBe(":memory:");
    expect(database.notices).toHaveLength(1);
    database.dispose();
    const again = openDatabase({ folder });
    expect(again.sqlite.prepare("SELECT count(*) FROM sessions").pluck().get()).toBe(2);
    expect(again.notices).toEqual([]);
    again.dispose();
  });

  describe("a history of a newer version", () => {
    const future = {
      number: migrations.length + 1,
      name: "future",
      sql: `CREATE TABLE thoughts (session INTEGER, text TEXT);
        ALTER TABLE sessions ADD COLUMN mood TEXT;
        INSERT INTO thoughts VALUES (1, 'of tomorrow');`,
    };
    const path = () => join(folder, databaseFile);
    const digest = () => createHash("sha256").update(readFileSync(path())).digest("hex");

    function fillAsNewer(): void {
      fill(3);
      const newer = openDatabase({ folder, migrations: [...migrations, future] });
      newer.sqlite.prepare("UPDATE sessions SET mood = 'calm'").run();
      newer.dispose();
    }

    test("is read, and not a byte of it is changed by what happens meanwhile", () => {
      fillAsNewer();
      const before = digest();
      const mark = readFileSync(`${path()}.closed`, "utf8");
      const database = openDatabase({ folder });
      expect(database.file).toBe(":memory:");
      expect(database.notices).toMatchObject([{ code: "DATA_FOLDER_UNUSABLE", message: expect.stringContaining("newer version") }]);
      expect(database.notices[0]?.message).not.toContain("cannot be shown");
      expect(database.sqlite.prepare("SELECT id FROM sessions ORDER BY id").pluck().all()).toEqual(["session-0", "session-1", "session-2"]);
      database.sqlite.prepare("DELETE FROM sessions").run();
      database.sqlite.prepare(insertSession).run("mine", "Of an older version");
      database.dispose();
      expect(digest()).toBe(before);
      expect(readFileSync(`${path()}.closed`, "utf8")).toBe(mark);
      expect(readdirSync(folder).filter((name) => name.includes("before") || name.includes("damaged"))).toEqual([
        `${databaseFile}.before-${future.number}`,
      ]);
      const newer = openDatabase({ folder, migrations: [...migrations, future] });
      expect(newer.notices).toEqual([]);
      expect(newer.sqlite.prepare("SELECT id, mood FROM sessions").raw().all()).toHaveLength(3);
      expect(newer.sqlite.prepare("SELECT text FROM thoughts").pluck().all()).toEqual(["of tomorrow"]);
      newer.dispose();
    });

    test("is read also where its last writer was killed", () => {
      fillAsNewer();
      const script = `
        const { openDatabase } = await import(${JSON.stringify(new URL("./database.ts", import.meta.url).href)});
        const { migrations } = await import(${JSON.stringify(new URL("./migrations/index.ts", import.meta.url).href)});
        const { sqlite } = openDatabase({ folder: ${JSON.stringify(folder)}, migrations: [...migrations, { number: ${future.number}, name: "future", sql: "" }] });
        sqlite.prepare(${JSON.stringify(insertSession)}).run("late", "Late");
        process.kill(process.pid, "SIGKILL");`;
      spawnSync(process.execPath, ["--input-type=module", "-e", script]);
      const database = openDatabase({ folder });
      expect(database.sqlite.prepare("SELECT count(*) FROM sessions WHERE id = 'late'").pluck().get()).toBe(1);
      database.dispose();
    });

    test("says how much of it this version cannot show", () => {
      fillAsNewer();
      const newer = openDatabase({ folder, migrations: [...migrations, future] });
      newer.sqlite.pragma("ignore_check_constraints = ON");
      newer.sqlite.prepare("UPDATE sessions SET state = 'dreaming' WHERE id = 'session-1'").run();
      newer.dispose();
      const database = openDatabase({ folder });
      expect(database.notices[0]?.message).toContain("1 of its 3 entries cannot be shown here");
      database.dispose();
    });
  });

  test("puts a file aside that is no database", () => {
    writeFileSync(join(folder, databaseFile), "this is not a database, but it is long enough to be read as one ".repeat(50));
    const database = openDatabase({ folder, now: () => new Date("2026-01-02T03:04:05Z") });
    expect(database.notices).toHaveLength(1);
    expect(database.notices[0]?.message).toContain("nothing in it could be read");
    expect(readdirSync(folder)).toContain(`${databaseFile}.damaged-2026-01-02T03-04-05`);
    expect(database.sqlite.prepare("SELECT count(*) FROM sessions").pluck().get()).toBe(0);
    database.dispose();
  });

  test("reads a file through once a week though it was closed in order and nobody touched it", () => {
    fill(500);
    const path = join(folder, databaseFile);
    const damage = () => {
      const { atime, mtime } = statSync(path);
      const bytes = readFileSync(path);
      const page = Math.floor(bytes.indexOf("Title 250 ") / 4096) * 4096;
      bytes.fill(0xff, page, page + 64);
      writeFileSync(path, bytes);
      return { atime, mtime };
    };
    const noticesAt = (now: Date) => {
      const database = openDatabase({ folder, now: () => now });
      database.dispose();
      return database.notices.length;
    };
    // Nobody can tell that this one was touched: it is not looked at until its time has come.
    const times = damage();
    utimesSync(path, times.atime, times.mtime);
    const mark = `${path}.closed`;
    writeFileSync(mark, JSON.stringify({ ...JSON.parse(readFileSync(mark, "utf8")), modified: statSync(path).mtimeMs }));
    expect(noticesAt(new Date())).toBe(0);
    expect(noticesAt(new Date(Date.now() + 8 * 86_400_000))).toBe(1);
    expect(noticesAt(new Date())).toBe(0);
  });

  test("recovers the rows around damaged pages", () => {
    fill(500);
    const path = join(folder, databaseFile);
    const bytes = readFileSync(path);
    const row = bytes.indexOf("Title 250 ");
    // The page with that row loses its header: everything before and after it can still be read.
    const page = Math.floor(row / 4096) * 4096;
    bytes.fill(0xff, page, page + 64);
    writeFileSync(path, bytes);
    const database = openDatabase({ folder });
    expect(database.file).toBe(path);
    expect(database.notices).toHaveLength(1);
    const ids = database.sqlite.prepare("SELECT id FROM sessions").pluck().all();
    expect(ids.length).toBeGreaterThan(400);
    expect(ids.length).toBeLessThan(500);
    expect(ids).toContain("session-0");
    expect(ids).toContain("session-499");
    expect(database.sqlite.pragma("quick_check", { simple: true })).toBe("ok");
    database.dispose();
  });

  test("works in memory where the folder cannot be used", () => {
    writeFileSync(join(folder, "file"), "");
    const database = openDatabase({ folder: join(folder, "file") });
    expect(database.file).toBe(":memory:");
    expect(database.notices).toHaveLength(1);
    expect(database.sqlite.prepare("SELECT count(*) FROM sessions").pluck().get()).toBe(0);
    database.dispose();
  });

  test("works in memory where the disk is full", (context) => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    const mounted = process.platform === "linux" && spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]).status === 0;
    if (!mounted) return context.skip();
    try {
      const database = openDatabase({ folder: disk });
      expect(database.file).toBe(":memory:");
      expect(database.notices).toMatchObject([{ code: "DISK_FULL" }]);
      database.dispose();
    } finally {
      spawnSync("umount", [disk]);
    }
  });

  test("corrects the mode of a file that was readable for others", () => {
    if (process.platform === "win32") return;
    fill(1);
    chmodSync(join(folder, databaseFile), 0o644);
    openDatabase({ folder }).dispose();
    expect(statSync(join(folder, databaseFile)).mode & 0o777).toBe(0o600);
  });
});
