import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "#engine/sessions/database";
import { createSessions } from "#engine/sessions/sessions";
import { openSqlite } from "#engine/sessions/sqlite";
import { runProgram } from "./program.ts";

// The commands on a history that was written before; no model is asked.

let folder: string;
let before: NodeJS.ProcessEnv;
let improved: string;
let talked: string;
const key = `AKIA${"IOSFODNN7EXAMPLE"}`;
const diff = "--- a/cart.ts\n+++ b/cart.ts\n@@ -1 +1 @@\n-let a = 1;\n+const a = 1;\n";

/** Fills a history as the engine does. */
function fill(home: string): void {
  const data = join(folder, home, "data");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const database = openDatabase({ folder: data });
  const sessions = createSessions({
    database,
    settings: { current: () => ({ "localcoder.history.keep": "keep", "localcoder.history.days": 0 }) },
  });
  const action = sessions.begin({
    title: "Improve total in cart.ts",
    kind: "improve",
    workspace: "/w",
    path: "/w/src/cart.ts",
    model: "Qwen 0.5B",
    messages: [{ role: "user", text: "let a = 1;" }],
  });
  action.append("const a = 1;");
  action.addPatch(diff);
  action.finish("done");
  sessions.report(action.id, "kept");
  improved = action.id;
  const chat = sessions.begin({
    title: "How carts work",
    kind: "chat",
    workspace: "/w",
    messages: [{ role: "user", text: `my key is ${key}` }],
  });
  chat.append("A cart has **items**.");
  chat.finish("done");
  talked = chat.id;
  sessions.dispose();
  database.dispose();
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lc-history-"));
  before = { ...process.env };
  fill("home");
});
afterAll(() => {
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
});

async function run(parameters: readonly string[], home = "home", input = "") {
  let stdout = "";
  let stderr = "";
  Object.assign(process.env, { HOME: folder, LOCALCODER_HOME: join(folder, home) });
  const code = await runProgram(parameters, {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env: {},
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

async function json(parameters: readonly string[], home = "home") {
  const { code, stdout, stderr } = await run([...parameters, "--json"], home);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

const ids = (found: readonly { id: string }[]) => found.map(({ id }) => id);

describe("the list", () => {
  test.each([
    [[], 2],
    [["--kind", "improve"], 1],
    [["--kind", "explain"], 0],
    [["--file", "src/cart"], 1],
    [["--model", "qwen"], 1],
    [["--outcome", "kept"], 1],
    [["--outcome", "undone"], 0],
    [["--since", "2000-01-01"], 2],
    [["--until", "2000-01-01"], 0],
    [["--archived"], 0],
    [["--here"], 0],
  ])("is narrowed by %j", async (options, count) => {
    expect(await json(["sessions", ...options])).toHaveLength(count);
    expect(await json(["sessions", "search", "a", ...options])).toHaveLength(count);
  });

  test.each([
    [["--outcome", "lost"], "--outcome is kept, undone or partly."],
    [["--since", "yesterday"], "--since takes a day as YYYY-MM-DD."],
    [["--until", "2026-02-30"], "--until takes a day as YYYY-MM-DD."],
    [["explode"], "sessions has no part called explode."],
    [["rename", "x"], "sessions rename takes an id and the new name."],
    [["export"], "sessions export takes ids, or --all."],
    [["export", "x", "--all"], "sessions export takes ids, or --all."],
    [["archive"], "sessions archive takes one id or more."],
  ])("refuses %j in a sentence", async (parameters, sentence) => {
    const { code, stderr } = await run(["sessions", ...parameters]);
    expect([code, stderr.split("\n")[0]]).toEqual([2, `localcoder: ${sentence}`]);
  });
});

test("a session is renamed, labelled, archived, deleted and brought back, by the beginning of its id", async () => {
  const short = talked.slice(0, 8);
  expect((await json(["sessions", "rename", short, "All", "about", "carts"]))[0].title).toBe("All about carts");
  expect((await json(["sessions", "label", short, "shop", "later"]))[0].labels).toEqual(["later", "shop"]);
  expect((await json(["sessions", "label", short, "later", "--remove"]))[0].labels).toEqual(["shop"]);
  expect(ids(await json(["sessions", "--label", "shop"]))).toEqual([talked]);
  await json(["sessions", "archive", short]);
  expect(ids(await json(["sessions"]))).toEqual([improved]);
  expect(ids(await json(["sessions", "--archived"]))).toEqual([talked]);
  await json(["sessions", "unarchive", short]);
  const deleted = await run(["sessions", "delete", short]);
  expect(deleted.stdout).toContain(`${talked}  All about carts: was deleted; localcoder sessions restore brings it back`);
  expect((await run(["sessions", "show", short])).code).toBe(1);
  await json(["sessions", "restore", talked.slice(0, 8)]);
  const [shown] = await json(["sessions", "show", short]);
  expect(shown).toMatchObject({ title: "All about carts", labels: ["shop"], archived: null });
});

test("a wrong id changes nothing, and an id that several begin with is refused", async () => {
  const { code, stderr } = await run(["sessions", "archive", improved, "0000wrong"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("There is no session 0000wrong in the history.")]);
  expect(await json(["sessions", "--archived"])).toEqual([]);
  const ambiguous = await run(["sessions", "show", ""]);
  expect(ambiguous.stderr).toContain("is the beginning of several");
});

describe("what is given away", () => {
  test("has no secrets, unless it is a copy for oneself", async () => {
    const page = await run(["sessions", "markdown", talked]);
    expect(page.stdout).toContain("A cart has **items**.");
    expect(page.stdout).not.toContain(key);
    expect(page.stderr).toContain("Taken out: 1 access key.");
    expect((await run(["sessions", "export", talked, "--with-secrets"])).stdout).toContain(key);
  });

  test("is a page in a new file, which is overwritten by nothing", async () => {
    const out = join(folder, "page.html");
    const shared = await run(["sessions", "share", talked, "--out", out]);
    expect(shared.stdout).toContain("It was sent nowhere");
    expect(readFileSync(out, "utf8")).toContain("<strong>items</strong>");
    const again = await run(["sessions", "share", talked, "--out", out]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("exists already")]);
  });

  test("is a script that makes the kept changes again", async () => {
    const project = join(folder, "project");
    mkdirSync(project);
    writeFileSync(join(project, "cart.ts"), "let a = 1;\n");
    const { stdout } = await run(["sessions", "export", "--all", "--outcome", "kept", "--format", "script"]);
    const done = spawnSync("sh", ["-s"], { cwd: project, input: stdout, encoding: "utf8" });
    expect([done.status, done.stderr]).toEqual([0, ""]);
    expect(readFileSync(join(project, "cart.ts"), "utf8")).toBe("const a = 1;\n");
  });

  test("comes back elsewhere by import, once", async () => {
    const out = join(folder, "all.json");
    const written = await run(["sessions", "export", "--all", "--with-secrets", "--out", out]);
    expect(written.stdout).toBe(`2 sessions written to ${out}.\n`);
    const { added } = await json(["sessions", "import", out], "elsewhere");
    expect(ids(added).sort()).toEqual([improved, talked].sort());
    const again = await run(["sessions", "import", out], "elsewhere");
    expect(again.stdout).toBe("0 sessions added, 2 were there already.\n");
    const here = await json(["sessions", "show", improved]);
    expect(await json(["sessions", "show", improved], "elsewhere")).toEqual(here);
    expect((await run(["sessions", "import", "-"], "elsewhere", "{}")).stderr).toContain("not written by an export");
    expect((await run(["sessions", "import", join(folder, "none.json")], "elsewhere")).code).toBe(1);
  });

  test("is the whole history in a copy, which opens by itself", async () => {
    const path = join(folder, "copy.db");
    expect(await json(["sessions", "back-up", path])).toEqual({ path, bytes: expect.any(Number) });
    const copy = openSqlite(path, { readonly: true });
    expect(copy.prepare("SELECT count(*) FROM sessions").pluck().get()).toBe(2);
    copy.close();
  });
});

test("the history of a project is forgotten for good once that is said", async () => {
  fill("forgetting");
  const project = join(folder, "forgotten");
  mkdirSync(project);
  const started = process.cwd();
  process.chdir(project);
  try {
    const asked = await run(["sessions", "forget"], "forgetting");
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("Say --yes when it is meant.")]);
    expect(await json(["sessions", "forget", "--yes"], "forgetting")).toEqual({ sessions: 0 });
    expect(await json(["sessions"], "forgetting")).toHaveLength(2);
  } finally {
    process.chdir(started);
  }
  expect(existsSync(join(folder, "forgetting", "data", "localcoder.db"))).toBe(true);
});
