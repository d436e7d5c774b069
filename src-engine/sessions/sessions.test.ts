import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AnswerDetails, hitEnd, hitStart } from "#core/contracts/sessions";
import { type Database, openDatabase } from "./database.ts";
import { createSessions, type Sessions, trashDays } from "./sessions.ts";
import type { NewSession } from "./store.ts";

let folder: string;
let database: Database;
let sessions: Sessions;
let clock: number;
let keeping: Record<string, "keep" | "session" | "off">;

function open(): void {
  database = openDatabase({ folder });
  sessions = createSessions({
    database,
    settings: {
      current: (workspace) => ({ "localcoder.history.keep": keeping[workspace ?? ""] ?? "keep", "localcoder.history.days": 0 }),
    },
    now: () => clock++,
  });
}

function close(): void {
  sessions.dispose();
  database.dispose();
}

function reopen(): void {
  close();
  open();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sessions-"));
  clock = 1_700_000_000_000;
  keeping = {};
  open();
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});

function newSession(changes: Partial<NewSession> = {}): NewSession {
  return { title: "Explain sum in math.ts", kind: "explain", messages: [{ role: "user", text: "function sum(a, b)" }], ...changes };
}

function written(answer: string, changes: Partial<NewSession> = {}): string {
  const recorder = sessions.begin(newSession(changes));
  for (const piece of answer.match(/.{1,4}/gsu) ?? []) recorder.append(piece);
  recorder.finish("done");
  return recorder.id;
}

const details: AnswerDetails = {
  model: "Small 0.5B",
  provider: "local-llama",
  tokens: { prompt: 40, reused: 10, evaluated: 30, generated: 5 },
  milliseconds: 120,
  stop: "end",
  temperature: 0.2,
  seed: 7,
  slices: [16, 14],
  answerPrefix: "",
  saw: {
    taken: [{ name: "selection", source: "math.ts:3-9", tokens: 30, reason: "always" }],
    leftOut: [{ name: "after the selection, 2 lines", source: "math.ts:10-11", tokens: 8, reason: "no room" }],
    answer: 500,
    window: 2048,
  },
};

const all = { limit: 100 };
const sizeOnDisk = () => readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString("latin1"));

describe("a session", () => {
  test("tells how each answer came about, and a damaged word of that harms nothing", () => {
    const recorder = sessions.begin(newSession());
    recorder.describe(details);
    recorder.append("Lost.");
    recorder.endAnswer();
    recorder.append("It adds.");
    recorder.describe(details);
    recorder.finish("done");
    reopen();
    expect(sessions.show(recorder.id).messages.map((message) => message.details)).toEqual([undefined, undefined, details]);
    database.sqlite.prepare("UPDATE messages SET details = '{' WHERE details IS NOT NULL").run();
    expect(sessions.show(recorder.id).messages.map(({ text }) => text)).toEqual(["function sum(a, b)", "Lost.", "It adds."]);
  });

  test("is kept with all its turns", () => {
    const recorder = sessions.begin(
      newSession({
        workspace: "/w",
        path: "/w/math.ts",
        lines: { from: 3, to: 9 },
        messages: [
          { role: "system", text: "Explain." },
          { role: "user", text: "code" },
        ],
      }),
    );
    recorder.setModel("Small 0.5B", "server");
    recorder.append("It adds ");
    recorder.append("numbers.");
    recorder.endAnswer();
    recorder.add("note", "Tried again.");
    recorder.append("It adds two numbers.");
    recorder.finish("done");
    reopen();
    const { session, messages } = sessions.show(recorder.id);
    expect(session).toMatchObject({ state: "done", model: "Small 0.5B", workspace: "/w", path: "/w/math.ts", lines: { from: 3, to: 9 } });
    expect(messages.map(({ role, text }) => [role, text])).toEqual([
      ["system", "Explain."],
      ["user", "code"],
      ["assistant", "It adds numbers."],
      ["note", "Tried again."],
      ["assistant", "It adds two numbers."],
    ]);
  });

  test("can be read while it is written", () => {
    const recorder = sessions.begin(newSession());
    recorder.append("Half");
    expect(sessions.show(recorder.id).session.state).toBe("running");
    expect(sessions.show(recorder.id).messages.at(-1)?.text).toBe("Half");
    recorder.finish("stopped");
    expect(sessions.list(all)[0]?.state).toBe("stopped");
  });

  test("says what changes", async () => {
    const abort = new AbortController();
    const stream = sessions.changes.stream(abort.signal);
    const id = written("text");
    sessions.remove(id);
    sessions.restore(id);
    const seen: string[] = [];
    for await (const { change } of stream) {
      seen.push(change);
      if (seen.at(-2) === "removed") break;
    }
    expect(seen).toEqual(["added", "updated", "removed", "added"]);
    abort.abort();
  });
});

describe("a process that was killed", () => {
  test("leaves everything it had reported, marked as interrupted", async () => {
    close();
    const script = `
      import { openDatabase } from ${JSON.stringify(new URL("./database.ts", import.meta.url).href)};
      import { createSessions } from ${JSON.stringify(new URL("./sessions.ts", import.meta.url).href)};
      const database = openDatabase({ folder: ${JSON.stringify(folder)} });
      const sessions = createSessions({ database, settings: { current: () => ({ "localcoder.history.keep": "keep", "localcoder.history.days": 0 }) } });
      const recorder = sessions.begin({ title: "Killed", kind: "explain", messages: [{ role: "user", text: "question" }] });
      console.log(recorder.id);
      for (let number = 0; ; number++) {
        recorder.append("token" + number + " ");
        console.log(number);
        if (number % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    let id = "";
    let shown = -1;
    for await (const line of createInterface({ input: child.stdout })) {
      if (id === "") id = line;
      else shown = Number(line);
      // The rest of the output, written before the kill arrives, counts as shown too.
      if (shown === 500) child.kill("SIGKILL");
    }
    await ended;
    expect(errors.replace(/^.*Warning.*$/gm, "").trim()).toBe("");
    expect(shown).toBeGreaterThanOrEqual(500);

    open();
    const { session, messages } = sessions.show(id);
    expect(session.state).toBe("interrupted");
    expect(messages.at(-1)?.text).toContain(Array.from({ length: shown + 1 }, (_, number) => `token${number} `).join(""));
    expect(sessions.search({ query: `token${shown}`, ...all }).map((found) => found.id)).toContain(id);
  });
});

describe("search", () => {
  test("finds words in titles and messages, also by their beginning, best first", () => {
    const inText = written("The parser reads a header and then the body.", { title: "Explain load" });
    const inTitle = written("Nothing special.", { title: "Explain parser" });
    written("Nothing at all.", { title: "Improve other" });
    expect(sessions.search({ query: "parser", ...all }).map(({ id }) => id)).toEqual([inTitle, inText]);
    expect(sessions.search({ query: "head pars", ...all }).map(({ id }) => id)).toEqual([inText]);
    expect(sessions.search({ query: "header missing", ...all })).toEqual([]);
    expect(sessions.search({ query: "HEADER", ...all })[0]?.excerpt).toContain(`${hitStart}header${hitEnd}`);
  });

  test("takes every query as words", () => {
    const id = written('a = b OR c; x-y_z NEAR(1) "quoted" naïve café');
    for (const query of ['"', "*", "AND", "NEAR(", "x-y_z", '"quoted', "title:a", "^a", "(a", "cafe", "a OR", "'; DROP TABLE sessions"])
      expect(() => sessions.search({ query, ...all }), query).not.toThrow();
    expect(sessions.search({ query: 'y_z "quoted"', ...all })[0]?.id).toBe(id);
    expect(sessions.search({ query: "cafe", ...all })[0]?.id).toBe(id);
    expect(sessions.search({ query: "=>", ...all })).toEqual([]);
  });

  test("lists everything for an empty query, newest first, per workspace where asked", () => {
    const first = written("one", { workspace: "/a" });
    const second = written("two", { workspace: "/b" });
    expect(sessions.search({ query: "  ", ...all }).map(({ id }) => id)).toEqual([second, first]);
    expect(sessions.search({ query: "one", workspace: "/b", ...all })).toEqual([]);
    expect(sessions.list({ workspace: "/a", ...all }).map(({ id }) => id)).toEqual([first]);
    expect(sessions.list({ kind: "improve", ...all })).toEqual([]);
    const last = sessions.list(all)[0];
    expect(sessions.list({ before: last?.updated, ...all }).map(({ id }) => id)).toEqual([first]);
    expect(sessions.list({ limit: 1 })).toHaveLength(1);
  });
});

describe("the trash", () => {
  test("keeps a session until it is emptied", () => {
    const id = written("unforgettable");
    sessions.remove(id);
    expect(sessions.list(all)).toEqual([]);
    expect(sessions.search({ query: "unforgettable", ...all })).toEqual([]);
    expect(() => sessions.show(id)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
    reopen();
    sessions.restore(id);
    expect(sessions.show(id).messages.at(-1)?.text).toBe("unforgettable");

    sessions.remove(id);
    clock += (trashDays + 1) * 86_400_000;
    reopen();
    expect(() => sessions.restore(id)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
    database.sqlite.pragma("wal_checkpoint(TRUNCATE)");
    expect(sizeOnDisk().some((text) => text.includes("unforgettable"))).toBe(false);
  });

  test("says when there is nothing to remove", () => {
    expect(() => sessions.remove("nothing")).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });
});

describe("what is kept", () => {
  test("in memory only, where the workspace wants it so", () => {
    keeping = { "/secret": "session" };
    const id = written("whispered words", { workspace: "/secret", title: "Whispered" });
    const kept = written("spoken words", { workspace: "/open" });
    expect(sessions.list(all).map((session) => session.id)).toEqual([kept, id]);
    expect(sessions.search({ query: "words", ...all })).toHaveLength(2);
    expect(sessions.show(id).messages.at(-1)?.text).toBe("whispered words");
    sessions.remove(id);
    sessions.restore(id);
    expect(sizeOnDisk().some((text) => text.includes("hispered"))).toBe(false);
    reopen();
    expect(sessions.list(all).map((session) => session.id)).toEqual([kept]);
  });

  test("nothing, where the workspace wants it so", () => {
    keeping = { "/secret": "off" };
    expect(written("never written", { workspace: "/secret" })).toBe("");
    expect(sessions.list(all)).toEqual([]);
  });
});

describe("a full disk", () => {
  test("is named, and what was missed is kept once there is room again", () => {
    const recorder = sessions.begin(newSession());
    recorder.append("before ");
    expect(recorder.problem()).toBeUndefined();
    const pages = Number(database.sqlite.pragma("page_count", { simple: true }));
    database.sqlite.pragma(`max_page_count = ${pages}`);
    const long = "x".repeat(100_000);
    recorder.append(long);
    recorder.append(" middle ");
    expect(recorder.problem()).toMatchObject({ code: "DISK_FULL" });
    database.sqlite.pragma(`max_page_count = ${pages + 1000}`);
    recorder.append("after");
    expect(recorder.problem()).toBeUndefined();
    recorder.finish("done");
    expect(sessions.show(recorder.id).messages.at(-1)?.text).toBe(`before ${long} middle after`);
  });

  test("leaves what was kept, marked as interrupted", () => {
    const recorder = sessions.begin(newSession());
    recorder.append("kept");
    const pages = Number(database.sqlite.pragma("page_count", { simple: true }));
    database.sqlite.pragma(`max_page_count = ${pages}`);
    recorder.append("x".repeat(1_000_000));
    recorder.finish("done");
    expect(recorder.problem()).toMatchObject({ code: "DISK_FULL" });
    expect(sessions.list(all)[0]?.state).toBe("interrupted");
    reopen();
    expect(sessions.show(recorder.id)).toMatchObject({ session: { state: "interrupted" }, messages: [{}, { text: "kept" }] });
  });
});

test("what a recovery brought back can be found", () => {
  const id = written("recoverable words");
  database.sqlite.exec("DELETE FROM session_search");
  reopen();
  expect(sessions.search({ query: "recoverable", ...all })[0]?.id).toBe(id);
});
