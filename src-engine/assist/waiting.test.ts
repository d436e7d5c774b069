import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "#core/base/errors";
import { assistRequest } from "#core/contracts/assist";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createInference } from "#engine/inference/host";
import { openScripted } from "#engine/inference/scripted";
import { type Database, openDatabase } from "../sessions/database.ts";
import { createSessions } from "../sessions/sessions.ts";
import { createParsers } from "../syntax/parser.ts";
import { createAssist } from "./assist.ts";
import { oneModel } from "./one-model.fixture.ts";
import { createWaiting } from "./waiting.ts";

let folder: string;
let database: Database;
let settings: Settings;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waiting-"));
  settings = defaultSettings;
  database = openDatabase({ folder });
});
afterEach(() => {
  database.dispose();
  rmSync(folder, { recursive: true, force: true });
});

let time = 0;
const open = () => createWaiting({ sqlite: database.sqlite, settings: { current: () => settings }, now: () => ++time });
const request = (text = "let a = 1;\n") =>
  assistRequest.parse({
    action: "explain",
    path: "/work/a.ts",
    languageId: "typescript",
    text,
    selection: { start: 0, end: 10 },
    wait: true,
  });
const titles = async (waiting: ReturnType<typeof open>) => {
  for await (const list of waiting.list()) return list.map(({ title }) => title);
  return undefined;
};

const rest = { parsers: createParsers(), ownActions: { find: async () => undefined } };

describe("requests without a model", () => {
  function assistWithout(waiting: ReturnType<typeof open>) {
    const inference = createInference({ open: openScripted({}), settings: { current: () => settings } });
    const sessions = createSessions({ database, settings: { current: () => settings } });
    const models = {
      ...oneModel({ id: "", name: "", path: "" }),
      forRole: async () => {
        throw new UserError("NO_MODEL", "There is no model for actions on code on this machine yet.", "Download one.");
      },
    };
    return createAssist({ inference, models, sessions, settings: { current: () => settings }, waiting, ...rest });
  }

  test("wait, and the failure says so", async () => {
    const waiting = open();
    await expect(assistWithout(waiting).run(request()).next()).rejects.toMatchObject({
      code: "NO_MODEL",
      hint: "This request waits until there is one.",
    });
    expect(await titles(waiting)).toEqual(["Explain a in a.ts, line 1"]);
  });

  test("do not wait where nobody asked for it", async () => {
    const waiting = open();
    const run = assistWithout(waiting).run({ ...request(), wait: false });
    await expect(run.next()).rejects.toMatchObject({ hint: "Download one." });
    expect(await titles(waiting)).toEqual([]);
  });
});

describe("the queue", () => {
  test("survives a restart, and gives each request out once", async () => {
    open().add("First", request("one"));
    open().add("Second", request("two"));
    const waiting = open();
    const stream = waiting.list();
    const first = (await stream.next()).value?.[0];
    expect(first).toMatchObject({ title: "First" });
    expect(waiting.take(first?.id ?? "")).toEqual(request("one"));
    expect((await stream.next()).value?.map(({ title }) => title)).toEqual(["Second"]);
    expect(() => waiting.take(first?.id ?? "")).toThrow("no longer waits");
    waiting.drop((await titles(waiting).then(() => waiting.list().next())).value?.[0]?.id ?? "");
    expect(await titles(open())).toEqual([]);
  });

  test("takes the same request once, no more than fifty, and none that is too large", async () => {
    const waiting = open();
    expect([waiting.add("Same", request()), waiting.add("Same", request())]).toEqual([true, true]);
    expect(await titles(waiting)).toEqual(["Same"]);
    expect(waiting.add("Large", request("x".repeat(2_000_001)))).toBe(false);
    for (let index = 0; index < 60; index++) waiting.add(`Number ${index}`, request(String(index)));
    expect(await titles(waiting)).toHaveLength(50);
  });

  test("keeps nothing on the disk where the history is not kept there", async () => {
    settings = { ...defaultSettings, "localcoder.history.keep": "session" };
    const waiting = open();
    waiting.add("Secret", request());
    expect(await titles(waiting)).toEqual(["Secret"]);
    expect(await titles(open())).toEqual([]);
  });
});
