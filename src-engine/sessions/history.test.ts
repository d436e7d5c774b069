import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Transcript } from "#core/contracts/sessions";
import { fromJson, toJson } from "#core/history/json";
import { type Database, openDatabase } from "./database.ts";
import { createSessions, type Sessions, trashDays } from "./sessions.ts";
import { openSqlite } from "./sqlite.ts";
import type { NewSession } from "./store.ts";

let folder: string;
let database: Database;
let sessions: Sessions;
let clock: number;
let days: number;
let keeping: Record<string, "keep" | "session" | "off">;
const day = 86_400_000;

function open(): void {
  database = openDatabase({ folder });
  sessions = createSessions({
    database,
    settings: {
      current: (workspace) => ({ "localcoder.history.keep": keeping[workspace ?? ""] ?? "keep", "localcoder.history.days": days }),
    },
    now: () => clock++,
  });
}

function close(): void {
  sessions.dispose();
  database.dispose();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "history-"));
  clock = 1_700_000_000_000;
  days = 0;
  keeping = {};
  open();
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});

function written(answer: string, changes: Partial<NewSession> = {}): string {
  const recorder = sessions.begin({
    title: "Explain sum",
    kind: "explain",
    messages: [{ role: "user", text: "function sum(a, b)" }],
    ...changes,
  });
  recorder.append(answer);
  recorder.finish("done");
  return recorder.id;
}

const all = { limit: 100 };
const ids = (found: readonly { id: string }[]) => found.map(({ id }) => id);

describe("filters", () => {
  test("by kind, file, model, label, outcome, date and archive, in the list as in the search", () => {
    const a = written("alpha words", {
      kind: "improve",
      path: "/w/src/cart.ts",
      workspace: "/w",
      model: "Qwen 0.5B",
      provider: "local-llama",
    });
    const later = clock;
    const b = written("beta words", { kind: "chat", path: "/w/src/orders.ts", workspace: "/w", model: "gemma 270M", provider: "server" });
    sessions.report(a, "kept");
    sessions.update(b, { labels: ["shop", "later"] });
    const c = written("gamma words");
    sessions.update(c, { archived: true });

    for (const [filter, expected] of [
      [{}, [b, a]],
      [{ kind: "improve" }, [a]],
      [{ path: "orders" }, [b]],
      [{ path: "src/cart.ts" }, [a]],
      [{ path: "%" }, []],
      [{ model: "qwen" }, [a]],
      [{ label: "shop" }, [b]],
      [{ label: "shop", kind: "improve" }, []],
      [{ outcome: "kept" }, [a]],
      [{ outcome: "undone" }, []],
      [{ from: later }, [b]],
      [{ to: later }, [a]],
      [{ archived: "only" }, [c]],
      [{ archived: "with" }, [c, b, a]],
      [{ workspace: "/w", model: "gemma" }, [b]],
    ] as const) {
      expect(ids(sessions.list({ ...all, ...filter })), JSON.stringify(filter)).toEqual(expected);
      expect(ids(sessions.search({ ...all, ...filter, query: "word" })).sort(), JSON.stringify(filter)).toEqual([...expected].sort());
    }
    expect(sessions.facets()).toEqual({
      kinds: ["chat", "explain", "improve"],
      models: ["gemma 270M", "Qwen 0.5B"],
      labels: ["later", "shop"],
      archived: 1,
    });
    expect(sessions.facets("/w").kinds).toEqual(["chat", "improve"]);
  });
});

describe("a session", () => {
  test("is renamed, and found by its new name", () => {
    const id = written("text");
    expect(sessions.update(id, { title: "About the zebra" }).title).toBe("About the zebra");
    expect(ids(sessions.search({ ...all, query: "zebra" }))).toEqual([id]);
    expect(sessions.search({ ...all, query: "explain" })).toEqual([]);
  });

  test("is archived and taken out again, with its place in time", () => {
    const id = written("text");
    const { updated } = sessions.show(id).session;
    sessions.update(id, { archived: true });
    expect(sessions.list(all)).toEqual([]);
    const back = sessions.update(id, { archived: false });
    expect(back.archived).toBeUndefined();
    expect(back.updated).toBe(updated);
  });

  test("keeps the change that was proposed until another one was kept", () => {
    const recorder = sessions.begin({ title: "Improve", kind: "improve", messages: [] });
    recorder.append("const a = 1;");
    recorder.addPatch("--- a/x\n");
    recorder.finish("done");
    expect(sessions.show(recorder.id).patches?.map(({ diff }) => diff)).toEqual(["--- a/x\n"]);
    sessions.report(recorder.id, "undone");
    expect(sessions.show(recorder.id).patches).toHaveLength(1);
    sessions.report(recorder.id, "partly", "--- a/y\n");
    const { session, patches } = sessions.show(recorder.id);
    expect(session.outcome).toBe("partly");
    expect(patches?.map(({ diff }) => diff)).toEqual(["--- a/y\n"]);
  });

  test("goes on where it ended, also after a restart", () => {
    const id = written("first answer", { kind: "chat" });
    close();
    open();
    const recorder = sessions.resume(id);
    expect(recorder.id).toBe(id);
    expect(() => sessions.resume(id)).toThrow(expect.objectContaining({ code: "ENGINE_BUSY" }));
    recorder.add("user", "and then");
    recorder.append("second answer");
    expect(sessions.show(id).session.state).toBe("running");
    recorder.finish("done");
    expect(sessions.show(id).messages.map(({ text }) => text)).toEqual(["function sum(a, b)", "first answer", "and then", "second answer"]);
    expect(ids(sessions.search({ ...all, query: "second answer" }))).toEqual([id]);
    expect(() => sessions.resume("nothing")).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  test("is branched at a message, and both go on by themselves", () => {
    const id = written("one answer", { kind: "chat", labels: ["shop"] });
    const [asked] = sessions.show(id).messages;
    const branched = sessions.branch(id, asked?.id);
    expect(branched).toMatchObject({ title: "Explain sum (branch)", kind: "chat", labels: ["shop"], origin: { id, how: "branch" } });
    expect(sessions.branch(branched.id).title).toBe("Explain sum (branch 2)");
    expect(branched.id).not.toBe(id);
    const recorder = sessions.resume(branched.id);
    recorder.append("another answer");
    recorder.finish("done");
    expect(sessions.show(id).messages.at(-1)?.text).toBe("one answer");
    expect(sessions.show(branched.id).messages.map(({ text }) => text)).toEqual(["function sum(a, b)", "another answer"]);
    expect(sessions.show(sessions.branch(id).id).messages).toHaveLength(2);
    expect(() => sessions.branch(id, 99_999)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  test("of a folder that keeps nothing on the disk is branched in memory", () => {
    keeping = { "/secret": "session" };
    const id = written("whispered", { workspace: "/secret" });
    sessions.branch(id);
    close();
    open();
    expect(sessions.list(all)).toEqual([]);
  });
});

describe("what was exported", () => {
  function exported(): Transcript[] {
    const recorder = sessions.begin({
      title: "Improve \ud83d\ude00",
      kind: "improve",
      workspace: "/w",
      path: "/w/a.ts",
      lines: { from: 1, to: 2 },
      model: "m",
      provider: "server",
      messages: [
        { role: "system", text: "s" },
        { role: "user", text: "line\r\nline\0" },
      ],
    });
    recorder.append("answer");
    recorder.addPatch("--- a/a.ts\n");
    recorder.finish("stopped");
    sessions.report(recorder.id, "partly");
    sessions.update(recorder.id, { labels: ["b", "a"], archived: true });
    return [sessions.show(recorder.id), sessions.show(written("second"))];
  }

  /** What must not be lost: everything but the numbers of rows. */
  const essence = (transcripts: readonly Transcript[]) =>
    transcripts.map(({ session, messages, patches }) => ({ session, patches, messages: messages.map(({ id: _row, ...rest }) => rest) }));

  test("is imported elsewhere with its ids, and nothing is lost", () => {
    const before = exported();
    const text = toJson(before);
    close();
    rmSync(folder, { recursive: true, force: true });
    open();
    const { added, known } = sessions.import(fromJson(text));
    expect([ids(added), known]).toEqual([ids(before.map(({ session }) => session)), []]);
    expect(essence(added.map(({ id }) => sessions.show(id)))).toEqual(essence(before));
    expect(ids(sessions.search({ ...all, query: "second" }))).toEqual([before[1]?.session.id]);
  });

  test("is known where it came from, and gets another id where its own is somebody else's", () => {
    const before = exported();
    expect(sessions.import(before)).toMatchObject({ added: [], known: [{}, {}] });
    const [, second] = before as [Transcript, Transcript];
    const other = { ...second, messages: [{ id: 1, role: "user" as const, text: "something else", created: 5 }] };
    const [added] = sessions.import([other]).added;
    expect(added?.id).not.toBe(second.session.id);
    expect(added?.origin).toEqual({ id: second.session.id, how: "import" });
    expect(sessions.show(second.session.id).messages.at(-1)?.text).toBe("second");
    // In the trash it keeps its id for being restored.
    sessions.remove(second.session.id);
    const again = sessions.import([second]).added[0];
    sessions.restore(second.session.id);
    expect(again?.id).not.toBe(second.session.id);
    expect(sessions.show(again?.id ?? "").messages.at(-1)?.text).toBe("second");
  });

  test("is imported as a whole or not at all", () => {
    const before = exported();
    keeping = { "/off": "off" };
    const fresh = before.map(({ session, ...rest }) => ({ session: { ...session, id: `${session.id}x` }, ...rest }));
    const refused = { ...(fresh[1] as Transcript), session: { ...(fresh[1] as Transcript).session, workspace: "/off" } };
    const count = sessions.list({ limit: 1000, archived: "with" }).length;
    expect(() => sessions.import([fresh[0] as Transcript, refused])).toThrow(expect.objectContaining({ code: "SWITCHED_OFF" }));
    expect(sessions.list({ limit: 1000, archived: "with" })).toHaveLength(count);
  });
});

describe("what is to go", () => {
  test("goes for good with its workspace, the trash as well, and nothing else goes", () => {
    const mine = written("unforgettable", { workspace: "/w" });
    sessions.remove(written("unforgettable too", { workspace: "/w" }));
    const other = written("spoken", { workspace: "/v" });
    expect(sessions.forget("/w")).toEqual({ sessions: 2 });
    expect(() => sessions.restore(mine)).toThrow();
    expect(ids(sessions.list(all))).toEqual([other]);
    database.sqlite.pragma("wal_checkpoint(TRUNCATE)");
    const raw = openSqlite(database.file, { readonly: true });
    expect(raw.prepare("SELECT count(*) FROM session_search WHERE session_search MATCH 'unforgettable'").pluck().get()).toBe(0);
    raw.close();
    expect(sessions.forget("/nowhere")).toEqual({ sessions: 0 });
  });

  test("goes out of the index of a large history in steps, also after a restart", async () => {
    const one = sessions.show(written("word"));
    const copies = (workspace: string, text: string, count: number) =>
      Array.from({ length: count }, (_, number) => ({
        session: { ...one.session, id: `${workspace}${number}`, workspace },
        messages: [{ id: 0, role: "user" as const, text: `${text} ${number}`, created: number }],
      }));
    sessions.import(copies("/kept", "spoken", 1000));
    sessions.import(copies("/gone", "unforgettable", 300));
    sessions.forget("/gone");
    const left = () => database.sqlite.prepare("SELECT count(*) FROM chores").pluck().get();
    expect(left()).toBe(1);
    close();
    open();
    await expect.poll(left, { timeout: 10_000 }).toBe(0);
    database.sqlite.exec("INSERT INTO session_search (session_search) VALUES ('integrity-check')");
    expect(sessions.search({ query: "spoken", limit: 1000 })).toHaveLength(1000);
    database.sqlite.pragma("wal_checkpoint(TRUNCATE)");
    expect(readFileSync(database.file).includes("unforgettable")).toBe(false);
  });

  test("is not forgotten while it is written", () => {
    const recorder = sessions.begin({ title: "x", kind: "chat", workspace: "/w", messages: [] });
    expect(() => sessions.forget("/w")).toThrow(expect.objectContaining({ code: "ENGINE_BUSY" }));
    recorder.finish("done");
    expect(sessions.forget("/w")).toEqual({ sessions: 1 });
  });

  test("goes after the days of the setting, with the next start", () => {
    const old = written("old");
    clock += 10 * day;
    const young = written("young");
    close();
    open();
    expect(ids(sessions.list(all))).toEqual([young, old]);
    days = 5;
    close();
    open();
    expect(ids(sessions.list(all))).toEqual([young]);
    expect(() => sessions.restore(old)).toThrow();
    expect(trashDays).toBe(30);
  });
});

describe("a copy of the whole history", () => {
  test("is made while it is written to, and opens as one", async () => {
    const id = written("x".repeat(3_000_000));
    const path = join(folder, "copy.db");
    const steps: number[] = [];
    for await (const { done } of sessions.backUp(path)) {
      steps.push(done);
      if (steps.length === 1) written("meanwhile");
    }
    expect(steps.at(-1)).toBe(1);
    expect(steps.length).toBeGreaterThan(2);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
    const copy = openSqlite(path, { readonly: true });
    expect(copy.pragma("quick_check", { simple: true })).toBe("ok");
    expect(copy.prepare("SELECT id FROM sessions ORDER BY number").pluck().all()).toContain(id);
    copy.close();
    await expect(sessions.backUp(path).next()).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
  });

  test("that is stopped leaves nothing behind", async () => {
    written("x".repeat(3_000_000));
    const path = join(folder, "copy.db");
    for await (const _ of sessions.backUp(path)) break;
    expect(existsSync(path)).toBe(false);
    await expect(sessions.backUp(join(folder, "none", "copy.db")).next()).rejects.toMatchObject({ code: "NO_PERMISSION" });
  });
});
