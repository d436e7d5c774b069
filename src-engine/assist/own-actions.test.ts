import { symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createSettings } from "../settings/settings.ts";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { createOwnActions } from "./own-actions.ts";

const log = "---\ntitle: Add logging\n---\nAdd a log line.\n";
const broken = "---\ntitle: Broken\nshows: popup\n---\nDo.\n";

function setUp() {
  const user = temporaryFolder({ "actions/mine.md": log.replace("Add logging", "Mine"), "actions/notes.txt": "no action" });
  const workspace = temporaryFolder({ ".localcoder/actions/log.md": log, ".localcoder/actions/broken.md": broken });
  const settings = createSettings({ folders: { user: user.path } });
  const actions = createOwnActions({ folders: { user: user.path }, settings });
  return {
    user,
    workspace,
    actions,
    trust: () => settings.trustFolder(workspace.path, true),
  };
}

test("all are listed, with mistakes and with trust", async () => {
  const { actions, workspace, trust } = setUp();
  const brief = async () =>
    (await actions.list(workspace.path)).map(({ id, title, trusted, problems }) => [id, title, trusted, problems.map(({ line }) => line)]);
  expect(await brief()).toEqual([
    ["own:user:mine", "Mine", true, []],
    ["own:workspace:broken", "broken", false, [3]],
    ["own:workspace:log", "Add logging", false, []],
  ]);
  await trust();
  expect((await brief()).map(([, , trusted]) => trusted)).toEqual([true, true, true]);
  expect(await actions.list(undefined)).toHaveLength(1);
});

test("a folder's actions are not run before the folder is trusted, and none with mistakes ever", async () => {
  const { actions, workspace, trust } = setUp();
  await expect(actions.find("own:workspace:log", workspace.path)).rejects.toMatchObject({ code: "NO_PERMISSION" });
  expect(await actions.find("own:user:mine", workspace.path)).toMatchObject({ title: "Mine" });
  await trust();
  expect(await actions.find("own:workspace:log", workspace.path)).toMatchObject({ title: "Add logging", shows: "diff" });
  await expect(actions.find("own:workspace:broken", workspace.path)).rejects.toMatchObject({
    code: "BAD_INPUT",
    message: expect.stringContaining("broken.md:3: shows takes card or diff"),
  });
  await expect(actions.find("own:workspace:gone", workspace.path)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await actions.find("improve", workspace.path)).toBeUndefined();
});

test("a link out of the folder is a mistake", async () => {
  const { actions, workspace, user } = setUp();
  symlinkSync(user.at("actions/mine.md"), workspace.at(".localcoder/actions/link.md"));
  const link = (await actions.list(workspace.path)).find(({ name }) => name === "link");
  expect(link?.problems[0]?.message).toContain("outside of the folder");
});

test("changes are told as they are made, also of a folder that was not there", async () => {
  const { user, workspace, actions } = setUp();
  const bare = temporaryFolder();
  const stop = new AbortController();
  const titles: string[][] = [];
  for await (const all of actions.follow(bare.path, stop.signal)) {
    titles.push(all.map(({ title }) => title));
    if (titles.length === 1) bare.write({ ".localcoder/actions/log.md": log });
    if (titles.length === 2) writeFileSync(bare.at(".localcoder/actions/log.md"), log.replace("logging", "more"));
    if (titles.length === 3) break;
  }
  stop.abort();
  expect(titles).toEqual([["Mine"], ["Mine", "Add logging"], ["Mine", "Add more"]]);
  for (const folder of [user, workspace, bare]) folder[Symbol.dispose]();
});
