import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { createSessions, type Sessions } from "./sessions.ts";

const child = fileURLToPath(new URL("./kills.child.ts", import.meta.url));
const kills = process.env.LOCALCODER_LONG ? 60 : 6;
const settings = { current: () => ({ "localcoder.history.keep": "keep" as const, "localcoder.history.days": 0 }) };

type Said = [what: string, ...details: string[]];

/** Runs the history at work until it has said a number of things, and kills it there. */
async function killedAfter(folder: string, run: number, lines: number): Promise<Said[]> {
  const program = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", child, folder, String(run)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => program.on("exit", resolve));
  const said: Said[] = [];
  for await (const line of createInterface({ input: program.stdout })) {
    // The line that was being written when it was killed was not said.
    if (line.endsWith("]")) said.push(JSON.parse(line));
    if (said.length === lines) program.kill("SIGKILL");
  }
  await ended;
  return said;
}

/** What was said by a history that was killed is true of the one that is opened after it. */
function check(sessions: Sessions, said: readonly Said[]): void {
  const textOf = (id: string) =>
    sessions
      .show(id)
      .messages.map(({ text }) => text)
      .join("\n");
  const known = new Set<string>();
  for (const [what, id = "", first = "", second = ""] of said) {
    known.add(id);
    if (what === "begun" || what === "done") expect(sessions.show(id).session.id).toBe(id);
    else if (what === "piece") expect(textOf(id)).toContain(first);
    else if (what === "kept") {
      expect(sessions.show(id).session.outcome).toBe("kept");
      expect(sessions.show(id).patches?.map(({ diff }) => diff)).toEqual([first]);
    } else if (what === "named") expect(sessions.show(id).session).toMatchObject({ title: first, labels: [second] });
    else if (what === "compacted") {
      // Here, or in the copy that an edit made of it.
      const copies = sessions.list({ kind: "chat", limit: 1000 }).filter(({ origin }) => origin?.id === id);
      const held = [id, ...copies.map((copy) => copy.id)].map((each) => sessions.show(each).messages);
      expect(held.some((all) => all.some(({ context }) => context?.compaction?.summary === first))).toBe(true);
      expect(held.some((all) => all.some(({ text }) => text === second))).toBe(true);
    } else if (what === "edited") {
      expect(sessions.show(id).session.title).toBe(second);
      expect(textOf(id)).toContain(first);
    } else if (what === "removed") {
      expect(() => sessions.show(id)).toThrow("There is no session");
      // Undo works as before the crash.
      sessions.restore(id);
      expect(textOf(id)).toContain("piece");
      sessions.remove(id);
    }
  }
  for (const [, ...ids] of said.filter(([what]) => what === "imported")) {
    expect(ids).toHaveLength(20);
    for (const id of ids) expect(textOf(id)).toContain("piece");
  }
}

/** Every line of a file that was written again and again is of one writing. */
function checkFile(path: string, isThere: boolean): void {
  if (!existsSync(path)) {
    expect(isThere).toBe(false);
    return;
  }
  const lines = readFileSync(path, "utf8").split("\n");
  expect(lines.pop()).toBe("");
  expect(lines).toHaveLength(20_000);
  expect(new Set(lines).size).toBe(1);
}

test(`${kills} kills at moments by chance lose nothing that was said`, { timeout: kills * 20_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "kills-"));
  const all: Said[] = [];
  try {
    for (let run = 0; run < kills; run++) {
      all.push(...(await killedAfter(folder, run, 1 + Math.floor(Math.random() * 400))));
      const database = openDatabase({ folder });
      expect(database.notices).toEqual([]);
      const sessions = createSessions({ database, settings });
      // Of the earlier runs the latest are enough: the others were looked at in their turn.
      check(sessions, run === kills - 1 ? all : all.slice(-1000));
      checkFile(
        join(folder, "kept.txt"),
        all.some(([what]) => what === "wrote"),
      );
      const number = (where: string) => Number(database.sqlite.prepare(`SELECT count(*) FROM sessions WHERE ${where}`).pluck().get());
      expect(number("state = 'running'")).toBe(0);
      // An import that was not over is not there at all.
      expect(number("id LIKE 'import%'") % 20).toBe(0);
      expect(database.sqlite.pragma("integrity_check", { simple: true })).toBe("ok");
      // What can be found by words is what there is.
      database.sqlite.exec("INSERT INTO session_search (session_search) VALUES ('integrity-check')");
      sessions.dispose();
      database.dispose();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
