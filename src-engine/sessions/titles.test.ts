import { afterEach, beforeEach, expect, test } from "vitest";
import type { Disposable } from "#core/base/disposable";
import { defaultSettings } from "#core/settings/schema";
import { openInMemory } from "./database.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import type { Sqlite } from "./sqlite.ts";
import { createTitles } from "./titles.ts";

let sqlite: Sqlite;
let sessions: Sessions;
let titles: Disposable | undefined;
let asked: number;
let loaded: boolean;
let busy: boolean;

beforeEach(() => {
  sqlite = openInMemory();
  sessions = createSessions({ database: { sqlite, notices: [] }, settings: { current: () => defaultSettings } });
  asked = 0;
  loaded = true;
  busy = false;
});
afterEach(() => {
  titles?.dispose();
  sessions.dispose();
  sqlite.close();
});

function start(written: string): void {
  titles = createTitles({
    sessions,
    inference: {
      inMemory: () => new Map(loaded ? [["/small.gguf", 1]] : []),
      current: () => (busy ? [{ role: "general", state: "busy" } as never] : []),
      async *generate() {
        asked += 1;
        yield { type: "text", text: written };
      },
    },
    models: {
      list: async () => [{ id: "small", name: "Small", state: "ready" }],
      reference: async () => ({ id: "small", name: "Small", path: "/small.gguf" }),
    },
    settings: { current: () => defaultSettings },
    rest: 20,
  });
}

function talked(kind = "chat"): string {
  const recorder = sessions.begin({
    title: "How do I retry",
    kind,
    model: "Small",
    messages: [{ role: "user", text: "How do I retry a download?" }],
  });
  recorder.append("In a loop.");
  recorder.finish("done");
  return recorder.id;
}

const titleOf = (id: string) => sessions.show(id).session.title;
const settled = () => new Promise((resolve) => setTimeout(resolve, 200));

test("a thread is named when nothing else is to be done, once", async () => {
  start("Retrying downloads");
  const id = talked();
  await expect.poll(() => titleOf(id)).toBe("Retrying downloads");
  expect(sessions.search({ query: "retrying", limit: 10 }).map((found) => found.id)).toEqual([id]);
  const recorder = sessions.resume(id);
  recorder.append("More.");
  recorder.finish("done");
  await settled();
  expect(asked).toBe(1);
});

test("what is no title leaves the one by rule, and a name the user gave stays", async () => {
  start("Sure, here it is");
  const id = talked();
  await expect.poll(() => asked).toBe(1);
  expect(titleOf(id)).toBe("How do I retry");
  const named = talked();
  sessions.update(named, { title: "Mine" });
  await settled();
  expect(titleOf(named)).toBe("Mine");
});

test("nothing is asked for actions, of a model that would have to be loaded, or while somebody waits for one", async () => {
  start("Retrying downloads");
  talked("explain");
  await settled();
  loaded = false;
  talked();
  await settled();
  loaded = true;
  busy = true;
  talked();
  await settled();
  expect(asked).toBe(0);
});
