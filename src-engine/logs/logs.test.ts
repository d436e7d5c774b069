import { readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { createLogs } from "./logs.ts";

test("keeps what its level says, for this user alone, and shows the end of it", async () => {
  using folder = temporaryFolder({});
  writeFileSync(folder.at("localcoder.log"), "old\n", { mode: 0o644 });
  const logs = createLogs({ folder: folder.at(), level: "warn" });
  logs.note("error", "engine", "broken");
  logs.note("info", "engine", "not kept");
  expect(await logs.files()).toMatchObject([{ name: "localcoder.log" }]);
  expect((await logs.read("localcoder.log")).text).toMatch(/^old\n\S+ error engine: broken\n$/);
  if (process.platform !== "win32") expect(statSync(folder.at("localcoder.log")).mode & 0o777).toBe(0o600);
  await expect(logs.read("../x.log")).rejects.toThrow("There is no log");
});

test("stays bounded: one older file is kept, and a log that cannot be written disturbs nobody", () => {
  using folder = temporaryFolder({});
  const logs = createLogs({ folder: folder.at(), level: "info", most: 1000 });
  for (let index = 0; index < 100; index++) logs.note("info", "engine", `entry ${index} ${"x".repeat(50)}`);
  expect(statSync(folder.at("localcoder.log")).size).toBeLessThan(1200);
  expect(statSync(folder.at("localcoder.log.1")).size).toBeLessThan(1200);
  expect(readFileSync(folder.at("localcoder.log"), "utf8")).toContain("entry 99");
  createLogs({ folder: folder.at(), file: folder.at("missing", "x.log"), level: "info" }).note("info", "engine", "x");
});
