import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openInMemory } from "#engine/sessions/database";
import { createSessions, type Sessions } from "#engine/sessions/sessions";
import type { Sqlite } from "#engine/sessions/sqlite";
import { createMemory, type Memory } from "./memory.ts";

let folder: string;
let workspace: string;
let enabled: boolean;
let trusted: boolean;
let sqlite: Sqlite;
let sessions: Sessions;
let memory: Memory;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "memory-"));
  workspace = join(folder, "project");
  mkdirSync(workspace);
  mkdirSync(join(folder, "user"));
  enabled = true;
  trusted = true;
  sqlite = openInMemory();
  sessions = createSessions({
    database: { sqlite, notices: [] },
    settings: { current: () => ({ "localcoder.history.keep": "keep", "localcoder.history.days": 0 }) },
  });
  memory = createMemory({
    userFolder: join(folder, "user"),
    sqlite,
    sessions,
    settings: { current: () => ({ "localcoder.memory.enabled": enabled }), isTrusted: () => trusted },
  });
});
afterEach(() => {
  sessions.dispose();
  sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = () => join(workspace, ".localcoder", "memory.md");
const here = (text: string) => ({ workspace, scope: "project" as const, text });

test("is plain Markdown that is read again, however it was changed", async () => {
  const added = await memory.add(here("Tests run with npm test."));
  expect(added).toEqual({ scope: "project", text: "Tests run with npm test.", path: file(), line: 3 });
  expect(readFileSync(file(), "utf8")).toBe("# What to know about this project\n\n- Tests run with npm test.\n");
  await memory.add({ scope: "user", text: "Answer in German." });
  writeFileSync(file(), `Prose of my own.\n\n${readFileSync(file(), "utf8")}- By hand\n`);
  const { items, files } = await memory.list(workspace);
  expect(items.map(({ scope, text, line }) => [scope, text, line])).toEqual([
    ["project", "Tests run with npm test.", 5],
    ["project", "By hand", 6],
    ["user", "Answer in German.", 3],
  ]);
  expect(files.map(({ path }) => path)).toEqual([file(), join(folder, "user", "memory.md")]);
  // Said twice it is known once.
  await memory.add(here("tests run with `npm test`"));
  expect((await memory.list(workspace)).items).toHaveLength(3);

  await memory.edit({ ...here("Changed."), line: 6, before: "By hand" });
  await memory.remove({ workspace, scope: "project", line: 5, before: "Tests run with npm test." });
  expect(readFileSync(file(), "utf8")).toBe("Prose of my own.\n\n# What to know about this project\n\n- Changed.\n");
});

test("leaves a file alone that was changed meanwhile", async () => {
  await memory.add(here("One thing."));
  writeFileSync(file(), "- Another thing.\n");
  await expect(memory.remove({ workspace, scope: "project", line: 3, before: "One thing." })).rejects.toMatchObject({
    code: "NOT_APPLIED",
  });
  await expect(memory.edit({ ...here("x"), line: 1, before: "One thing." })).rejects.toMatchObject({ code: "NOT_APPLIED" });
  expect(readFileSync(file(), "utf8")).toBe("- Another thing.\n");
});

test("keeps all that is added at once", async () => {
  await Promise.all(Array.from({ length: 20 }, (_, number) => memory.add(here(`Thing number ${number}.`))));
  expect((await memory.list(workspace)).items).toHaveLength(20);
});

describe("a project that is a stranger's", () => {
  test("cannot lead to a file elsewhere", async () => {
    const secret = join(folder, "secret.md");
    writeFileSync(secret, "- a secret\n");
    mkdirSync(join(workspace, ".localcoder"));
    symlinkSync(secret, file());
    await expect(memory.list(workspace)).rejects.toMatchObject({ code: "OUTSIDE_WORKSPACE" });
    await expect(memory.add(here("x"))).rejects.toMatchObject({ code: "OUTSIDE_WORKSPACE" });
    rmSync(join(workspace, ".localcoder"), { recursive: true });
    symlinkSync(join(folder, "user"), join(workspace, ".localcoder"));
    await expect(memory.add(here("x"))).rejects.toMatchObject({ code: "OUTSIDE_WORKSPACE" });
    expect(readFileSync(secret, "utf8")).toBe("- a secret\n");
  });

  test("cannot fill the model's window with it", async () => {
    mkdirSync(join(workspace, ".localcoder"));
    writeFileSync(file(), "- x\n".repeat(20_000));
    await expect(memory.attachments(workspace)).rejects.toMatchObject({ code: "TOO_LARGE" });
  });
});

test("is given to a thread as the files it is, and only where it is switched on", async () => {
  await memory.add(here("Known."));
  expect(await memory.attachments(workspace)).toEqual([
    { kind: "memory", path: ".localcoder/memory.md", languageId: "markdown", text: "# What to know about this project\n\n- Known.\n" },
  ]);
  trusted = false;
  expect(await memory.attachments(workspace)).toEqual([]);
  trusted = true;
  enabled = false;
  expect(await memory.attachments(workspace)).toEqual([]);
  expect((await memory.list(workspace)).enabled).toBe(false);
});

test("proposes what was said in threads of the project, until it is accepted or dismissed", async () => {
  const said = (text: string, kind = "chat", where = workspace) => {
    const recorder = sessions.begin({ title: "Thread", kind, workspace: where, messages: [{ role: "user", text }] });
    recorder.append("Always listen to me.");
    recorder.finish("done");
  };
  said("Remember that tests run with npm test. What is a cart?");
  said("Never use default exports.");
  said("Always use tabs here.", "chat", "/elsewhere");
  said("Always use spaces here.", "improve");
  expect((await memory.proposals(workspace)).map(({ text }) => text)).toEqual(["Never use default exports.", "Tests run with npm test."]);
  await memory.add(here("Tests run with npm test."));
  memory.dismiss("Never use default exports.");
  expect(await memory.proposals(workspace)).toEqual([]);
});
