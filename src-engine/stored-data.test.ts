import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { dataFolders } from "#core/settings/folders";
import { storedParts } from "#core/settings/stored";
import { takeLock } from "./ownership/lock.ts";
import { storedData, unknownData, wipeData } from "./stored-data.ts";
import { temporaryFolder } from "./workspace/temporary-folder.ts";

const files = {
  ".local/share/localcoder/localcoder.db": "12345",
  ".local/share/localcoder/localcoder.db-wal": "123",
  ".local/share/localcoder/desktop.json": "{}",
  ".local/share/localcoder/models/a.gguf": "1234567",
  ".config/localcoder/settings.json": "{}",
};
const foldersOf = (home: string) => dataFolders({ env: {}, platform: "linux", home });

test("every part is measured, and none is counted twice where folders lie in each other", async () => {
  using folder = temporaryFolder(files);
  for (const name of Object.keys(files)) chmodSync(folder.at(name), 0o600);
  chmodSync(folder.at(".config/localcoder/settings.json"), 0o644);
  const amounts = await storedData(foldersOf(folder.path));
  const ours = amounts.filter(({ part }) => part.folder !== "temporary");
  const bytes = Object.fromEntries(ours.filter((amount) => amount.files > 0).map(({ part, bytes }) => [part.id, bytes]));
  expect(bytes).toEqual({ history: 8, window: 2, models: 7, settings: 2 });
  expect(ours.flatMap(({ open }) => open)).toEqual([folder.at(".config/localcoder/settings.json")]);
  expect(await unknownData(foldersOf(folder.path))).toEqual([]);
  folder.write({ ".local/share/localcoder/strange.bin": "" });
  expect(await unknownData(foldersOf(folder.path))).toEqual([folder.at(".local/share/localcoder/strange.bin")]);
});

test("wiping deletes what was named and nothing else, and nothing while LocalCoder runs", async () => {
  using folder = temporaryFolder(files);
  const folders = foldersOf(folder.path);
  const history = storedParts.filter(({ id }) => id === "history");
  const running = takeLock(join(folders.data, "owner.lock"));
  await expect(wipeData(history, folders)).rejects.toMatchObject({ code: "ENGINE_BUSY" });
  expect(existsSync(join(folders.data, "localcoder.db"))).toBe(true);
  running?.dispose();
  await wipeData(history, folders);
  expect(existsSync(join(folders.data, "localcoder.db"))).toBe(false);
  expect(existsSync(join(folders.data, "localcoder.db-wal"))).toBe(false);
  expect(existsSync(join(folders.models, "a.gguf"))).toBe(true);
});

test("what a killed test run left in the system's temporary folder is counted and wiped", async () => {
  using folder = temporaryFolder({ ...files, "localcoder-tests-1/test_cart.py": "assert True", "localcoder-other/kept": "" });
  vi.stubEnv("TMPDIR", folder.path);
  const temporary = storedParts.filter(({ id }) => id === "temporary");
  const amounts = await storedData(foldersOf(folder.path));
  expect(amounts.find(({ part }) => temporary.includes(part))).toMatchObject({ files: 1, bytes: 11 });
  await wipeData(temporary, foldersOf(folder.path));
  vi.unstubAllEnvs();
  expect(existsSync(folder.at("localcoder-tests-1"))).toBe(false);
  expect(existsSync(folder.at("localcoder-other/kept"))).toBe(true);
});
