import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openFolders } from "./folders.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "lc-folders-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const open = () => openFolders({ LOCALCODER_HOME: home });
const isRoot = process.getuid?.() === 0;
const isUnix = process.platform !== "win32";

test.runIf(isUnix)("our folders are private, also those that were not", async () => {
  const folders = Object.values(await open());
  const modes = () => folders.map((folder) => statSync(folder).mode & 0o777);
  expect(modes()).toEqual(folders.map(() => 0o700));
  const { models, ...others } = await open();
  for (const folder of Object.values(others)) chmodSync(folder, 0o755);
  // Models are no secret, and some let other users of the machine have them.
  chmodSync(models, 0o755);
  await open();
  expect(folders.filter((folder) => (statSync(folder).mode & 0o077) !== 0)).toEqual([models]);
});

test.runIf(isUnix)("settings behind a link stay as their owner has them", async () => {
  mkdirSync(join(home, "dotfiles"), { mode: 0o755 });
  symlinkSync(join(home, "dotfiles"), join(home, "user"));
  await open();
  expect(statSync(join(home, "dotfiles")).mode & 0o777).toBe(0o755);
});

test.runIf(isRoot)("a data folder of another user is refused", async () => {
  const { data } = await open();
  chownSync(data, 12_345, 12_345);
  await expect(open()).rejects.toMatchObject({ code: "DATA_FOLDER_UNUSABLE", message: expect.stringContaining("another user") });
});

test.runIf(isUnix)("a link in place of the data folder is refused", async () => {
  mkdirSync(join(home, "elsewhere"));
  symlinkSync(join(home, "elsewhere"), join(home, "data"));
  await expect(open()).rejects.toMatchObject({ code: "DATA_FOLDER_UNUSABLE" });
});

test("a file in the way is said, with a way out", async () => {
  writeFileSync(join(home, "data"), "");
  await expect(open()).rejects.toMatchObject({ code: "DATA_FOLDER_UNUSABLE", hint: expect.stringContaining("LOCALCODER_HOME") });
});

test.runIf(process.platform === "linux")("a place where nothing can be created is said", async () => {
  for (const place of ["/proc/localcoder", "/dev/null/localcoder"]) {
    await expect(openFolders({ LOCALCODER_HOME: place })).rejects.toMatchObject({ code: "DATA_FOLDER_UNUSABLE" });
  }
});
