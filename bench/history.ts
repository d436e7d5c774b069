// The history with 10,000 sessions of 20 messages, beside a plain LIKE over the same rows: node bench/history.ts [sessions]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../src-engine/sessions/database.ts";
import { createSessions, type Sessions } from "../src-engine/sessions/sessions.ts";
import type { Sqlite } from "../src-engine/sessions/sqlite.ts";
import { type Figure, median, percentile, printFigures } from "./figures.ts";
import { makeTranscripts, messagesEach } from "./history-cases.ts";

const count = Number(process.argv[2] ?? 10_000);
const rounds = 15;
const settings = { current: () => ({ "localcoder.history.keep": "keep" as const, "localcoder.history.days": 0 }) };

function timed<T>(run: () => T): { milliseconds: number; value: T } {
  const began = performance.now();
  const value = run();
  return { milliseconds: performance.now() - began, value };
}

function medianOf(run: (round: number) => unknown): number {
  return median(Array.from({ length: rounds }, (_, round) => timed(() => run(round)).milliseconds));
}

/** What a program without an index does: reads every text there is. */
function plainSearch(sqlite: Sqlite, query: string): unknown {
  const words = query.split(" ");
  const has = words.map(() => "EXISTS (SELECT 1 FROM messages WHERE messages.session = sessions.number AND text LIKE ?)").join(" AND ");
  return sqlite
    .prepare(`SELECT * FROM sessions WHERE removed IS NULL AND ${has} ORDER BY updated DESC LIMIT 100`)
    .all(...words.map((word) => `%${word}%`));
}

async function backedUp(sessions: Sessions, path: string): Promise<{ seconds: number; longest: number }> {
  let longest = 0;
  let last = performance.now();
  // What else the engine does meanwhile: a timer that should come every two milliseconds.
  const other = setInterval(() => {
    longest = Math.max(longest, performance.now() - last - 2);
    last = performance.now();
  }, 2);
  const began = performance.now();
  for await (const _ of sessions.backUp(path));
  clearInterval(other);
  return { seconds: (performance.now() - began) / 1000, longest };
}

/** What the history takes in a process of its own, opened and listed. */
function residentBytes(folder: string): number {
  const url = (path: string) => JSON.stringify(new URL(`../src-engine/sessions/${path}`, import.meta.url).href);
  const script = `
    import { readFileSync } from "node:fs";
    import { openDatabase } from ${url("database.ts")};
    import { createSessions } from ${url("sessions.ts")};
    const resident = () => Number(/VmRSS:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0) * 1024;
    const before = resident();
    const database = openDatabase({ folder: ${JSON.stringify(folder)} });
    const settings = { current: () => ({ "localcoder.history.keep": "keep", "localcoder.history.days": 0 }) };
    const sessions = createSessions({ database, settings });
    sessions.list({ limit: 100 });
    for (const query of ["zebracrossing", "th", "e a"]) sessions.search({ query, limit: 100 });
    console.log(resident() - before);`;
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  return Number(spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", cwd }).stdout);
}

const folder = mkdtempSync(join(tmpdir(), "localcoder-bench-"));
try {
  let database = openDatabase({ folder });
  let sessions = createSessions({ database, settings });
  const transcripts = makeTranscripts(count);
  const filling = timed(() => {
    for (let start = 0; start < transcripts.length; start += 500) sessions.import(transcripts.slice(start, start + 500));
  });
  sessions.dispose();
  database.dispose();

  const opening = timed(() => {
    database = openDatabase({ folder });
    sessions = createSessions({ database, settings });
  });
  const { sqlite } = database;
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  const text = transcripts.reduce((sum, { messages }) => sum + messages.reduce((length, message) => length + message.text.length, 0), 0);
  const common = transcripts[0]?.messages[0]?.text.split(" ") ?? [];
  const frequent = [...common].sort((a, b) => a.length - b.length)[0] ?? "a";
  const queries = [
    ["one rare word", "zebracrossing"],
    ["a frequent word, as it is typed", frequent],
    ["two letters", frequent.slice(0, 2)],
    ["two words of one message", `${common[0]} ${common[5]}`],
  ] as const;
  const search = (query: string): Figure => ({
    what: `search: ${queries.find(([, each]) => each === query)?.[0]}`,
    unit: "ms",
    ours: medianOf(() => sessions.search({ query, limit: 100 })),
    peer: median([timed(() => plainSearch(sqlite, query)).milliseconds, timed(() => plainSearch(sqlite, query)).milliseconds]),
    peerName: "LIKE",
    aim: "50 ms",
  });
  const live = sessions.begin({ title: "Live", kind: "chat", messages: [] });
  const appends = Array.from({ length: 500 }, (_, number) => timed(() => live.append(`token${number} `)).milliseconds);
  const closing = timed(() => live.finish("done"));
  const copy = await backedUp(sessions, join(folder, "copy.db"));
  const figure = (what: string, ours: number, aim: string, unit = "ms"): Figure => ({ what, unit, ours, aim });

  printFigures(`History of ${count} sessions of ${messagesEach} messages, median of ${rounds}`, [
    figure("open the database", opening.milliseconds, "stated"),
    figure(
      "open History: the first 100 rows and what there is to filter by",
      medianOf(() => [sessions.search({ query: "", limit: 100 }), sessions.facets()]),
      "100 ms",
    ),
    figure(
      "the rows of one folder",
      medianOf(() => [sessions.search({ query: "", limit: 100, workspace: "/project-7" }), sessions.facets("/project-7")]),
      "100 ms",
    ),
    ...queries.map(([, query]) => search(query)),
    figure(
      "filter by file, model and label",
      medianOf(() => sessions.list({ path: "file-40", model: "0.5B", label: "kept for later", limit: 100 })),
      "50 ms",
    ),
    figure(
      "show one",
      medianOf((round) => sessions.show(`session-${(round * 31) % count}`)),
      "50 ms",
    ),
    figure(
      "delete one",
      medianOf((round) => sessions.remove(`session-${(round * 17) % count}`)),
      "50 ms",
    ),
    figure(
      "bring it back",
      medianOf((round) => sessions.restore(`session-${(round * 17) % count}`)),
      "50 ms",
    ),
    figure("write one piece of an answer, 99 %", percentile(appends, 0.99), "stated"),
    figure("end an answer", closing.milliseconds, "50 ms"),
    figure("copy in the background", copy.seconds, "in the background", "s"),
    figure("longest that anything waits for it", copy.longest, "stated"),
    figure("forget one folder of 20, for good", timed(() => sessions.forget("/project-3")).milliseconds, "stated"),
    figure("write all of it", filling.milliseconds / 1000, "stated", "s"),
    figure("size of the database", bytes / 1e6, "stated", "MB"),
    figure("text in it", text / 1e6, "stated", "MB"),
    figure("memory on top, opened, listed and searched", residentBytes(folder) / 1e6, "stated", "MB"),
  ]);
  sessions.dispose();
  database.dispose();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
