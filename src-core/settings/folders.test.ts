import { expect, test } from "vitest";
import { dataFolders } from "./folders.ts";

test("Linux follows the XDG folders", () => {
  expect(dataFolders({ env: {}, platform: "linux", home: "/home/ann" })).toEqual({
    data: "/home/ann/.local/share/localcoder",
    models: "/home/ann/.local/share/localcoder/models",
    user: "/home/ann/.config/localcoder",
    cache: "/home/ann/.cache/localcoder",
    logs: "/home/ann/.local/state/localcoder/logs",
  });
  const env = { XDG_DATA_HOME: "/d", XDG_CONFIG_HOME: "relative/is/ignored", XDG_CACHE_HOME: "", XDG_STATE_HOME: "/s" };
  expect(dataFolders({ env, platform: "linux", home: "/home/ann" })).toEqual({
    data: "/d/localcoder",
    models: "/d/localcoder/models",
    user: "/home/ann/.config/localcoder",
    cache: "/home/ann/.cache/localcoder",
    logs: "/s/localcoder/logs",
  });
});

test("macOS keeps everything in the user's Library", () => {
  const folders = dataFolders({ env: {}, platform: "darwin", home: "/Users/ann" });
  expect(folders.data).toBe("/Users/ann/Library/Application Support/LocalCoder/data");
  expect(folders.user).toBe("/Users/ann/Library/Application Support/LocalCoder/User");
  expect(folders.logs).toBe("/Users/ann/Library/Logs/LocalCoder");
});

test("Windows puts settings in the roaming folder and the rest in the local one", () => {
  const env = { LOCALAPPDATA: "D:\\Local", APPDATA: "D:\\Roaming" };
  const folders = dataFolders({ env, platform: "win32", home: "C:\\Users\\ann" });
  expect(folders.data).toBe("D:\\Local\\LocalCoder\\data");
  expect(folders.user).toBe("D:\\Roaming\\LocalCoder\\User");
  expect(dataFolders({ env: {}, platform: "win32", home: "C:\\Users\\ann" }).models).toBe(
    "C:\\Users\\ann\\AppData\\Local\\LocalCoder\\models",
  );
});

test("LOCALCODER_HOME moves all folders on every system", () => {
  for (const platform of ["linux", "darwin"]) {
    expect(dataFolders({ env: { LOCALCODER_HOME: "/tmp/x/" }, platform, home: "/home/ann" })).toEqual({
      data: "/tmp/x/data",
      models: "/tmp/x/models",
      user: "/tmp/x/user",
      cache: "/tmp/x/cache",
      logs: "/tmp/x/logs",
    });
  }
  expect(dataFolders({ env: { LOCALCODER_HOME: "E:\\x" }, platform: "win32", home: "C:\\Users\\ann" }).data).toBe("E:\\x\\data");
});
