import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sqliteLedger } from "../network/ledger.ts";
import { databaseFile, openDatabase } from "./database.ts";
import { migrations } from "./migrations/index.ts";
import { createSessions } from "./sessions.ts";
import { openSqlite } from "./sqlite.ts";

// A history as each version before this one left it on the disk.

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "older-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a history with the tables that a version knew: a session with its words, and what that version kept of the network. */
function writeAs(version: number): void {
  const { sqlite, dispose } = openDatabase({ folder, migrations: migrations.slice(0, version) });
  sqlite.exec(`
    INSERT INTO sessions (number, id, title, kind, created, updated, state, workspace, path, line_from, line_to, model)
      VALUES (1, 'old', 'Explain the lighthouse', 'explain', 1700000000000, 1700000001000, 'done', '/work', '/work/a.ts', 1, 2, 'small');
    INSERT INTO messages (session, role, text, created) VALUES (1, 'user', 'What shines?', 1700000000000);
    INSERT INTO messages (session, role, text, created) VALUES (1, 'assistant', 'The lighthouse.', 1700000001000);
    INSERT INTO session_search (rowid, title, body) VALUES (1, 'Explain the lighthouse', 'What shines? The lighthouse.');`);
  if (version >= 2)
    sqlite.exec(`
      INSERT INTO network_attempts (time, process, host, port, purpose, allowed, reason)
        VALUES (1700000000000, 'engine', 'models.example', 443, 'model-download', 1, 'You permitted it.');
      INSERT INTO network_permissions (host, purpose, granted) VALUES ('models.example', 'model-download', 1700000000000);`);
  dispose();
}

describe.each(migrations.slice(0, -1).map(({ number }) => number))("a history with the tables of version %i", (version) => {
  test("is brought up to date with everything in it, and stays beside it as it was", () => {
    writeAs(version);
    const database = openDatabase({ folder });
    const settings = { current: () => ({ "localcoder.history.keep": "keep" as const, "localcoder.history.days": 0 }) };
    const sessions = createSessions({ database, settings });
    expect(database.notices).toEqual([]);
    expect(database.sqlite.pragma("user_version", { simple: true })).toBe(migrations.length);
    expect(sessions.search({ query: "lighthouse", limit: 10 })).toMatchObject([{ id: "old", title: "Explain the lighthouse" }]);
    expect(sessions.show("old").messages.map(({ role, text }) => [role, text])).toEqual([
      ["user", "What shines?"],
      ["assistant", "The lighthouse."],
    ]);
    const ledger = sqliteLedger(database.sqlite);
    expect(ledger.permissions()).toMatchObject(version < 2 ? [] : [{ host: "models.example", verdict: "allowed" }]);
    ledger.add({ time: 1_700_000_002_000, process: "engine", host: "other.example", purpose: "unknown", allowed: false, reason: "r" });
    expect(ledger.verify()).toEqual({ rows: version < 2 ? 1 : 2 });
    sessions.dispose();
    database.dispose();

    const backup = `${databaseFile}.before-${version + 1}`;
    expect(readdirSync(folder).filter((name) => name.includes("before"))).toEqual([backup]);
    if (process.platform !== "win32") expect(statSync(join(folder, backup)).mode & 0o777).toBe(0o600);
    const before = openSqlite(join(folder, backup), { readonly: true });
    expect(before.pragma("user_version", { simple: true })).toBe(version);
    expect(before.prepare("SELECT text FROM messages ORDER BY id").pluck().all()).toEqual(["What shines?", "The lighthouse."]);
    before.close();

    // Another start changes nothing more.
    openDatabase({ folder }).dispose();
    expect(readdirSync(folder).filter((name) => name.includes("before"))).toEqual([backup]);
  });
});
