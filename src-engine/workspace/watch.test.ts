import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { FileChange } from "#core/contracts/workspace";
import { createChangeCollector } from "./changes.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { createWorkspace } from "./workspace.ts";

/** Watches until the test is over; `until` waits for a change, however long it takes. */
async function startWatching(folder: { path: string }, options: { path?: string; recursive?: boolean; excludes?: string[] } = {}) {
  const workspace = createWorkspace({ roots: [folder.path] });
  const controller = new AbortController();
  const { path = folder.path, recursive = true, excludes = [] } = options;
  const stream = workspace.watch({ path, recursive, excludes }, controller.signal);
  expect((await stream.next()).value).toEqual([]);
  const seen: FileChange[] = [];
  return {
    seen,
    workspace,
    async until(type: FileChange["type"], changed: string): Promise<void> {
      const found = () => seen.some((change) => change.type === type && change.path === changed);
      while (!found()) {
        const next = await stream.next();
        if (next.done) throw new Error("The stream ended.");
        seen.push(...next.value);
      }
    },
    async stop() {
      controller.abort();
      expect((await stream.next()).done).toBe(true);
    },
  };
}

describe("watch", () => {
  it("tells what is added, changed and deleted, at once for others and for ourselves", async () => {
    using folder = temporaryFolder({ "a.txt": "a", "sub/b.txt": "b" });
    const watching = await startWatching(folder);
    writeFileSync(folder.at("new.txt"), "n");
    await watching.until("added", folder.at("new.txt"));
    writeFileSync(folder.at("a.txt"), "longer");
    await watching.until("changed", folder.at("a.txt"));
    rmSync(folder.at("sub"), { recursive: true });
    await watching.until("deleted", folder.at("sub"));
    mkdirSync(folder.at("x", "y", "z"), { recursive: true });
    writeFileSync(folder.at("x", "y", "z", "deep.txt"), "d");
    await watching.until("added", folder.at("x", "y", "z", "deep.txt"));
    await watching.workspace.write(folder.at("a.txt"), new TextEncoder().encode("ours"), { create: true, overwrite: true });
    await watching.until("changed", folder.at("a.txt"));
    renameSync(folder.at("new.txt"), folder.at("newer.txt"));
    await watching.until("deleted", folder.at("new.txt"));
    await watching.until("added", folder.at("newer.txt"));
    expect(watching.seen.filter(({ path }) => path.includes(".localcoder-"))).toEqual([]);
    await watching.stop();
  });

  it("leaves out what is excluded, and does not lose itself in links", async () => {
    using folder = temporaryFolder({ "node_modules/p/index.js": "x", "src/a.ts": "a", ".git/objects/ab/c": "o" });
    symlinkSync("..", folder.at("src", "up"));
    symlinkSync(folder.path, folder.at("loop"));
    const watching = await startWatching(folder, { excludes: ["**/node_modules/**", "**/.git/objects/**"] });
    writeFileSync(folder.at("node_modules", "p", "index.js"), "changed");
    writeFileSync(folder.at(".git", "objects", "ab", "d"), "d");
    writeFileSync(folder.at("src", "a.ts"), "changed");
    await watching.until("changed", folder.at("src", "a.ts"));
    writeFileSync(folder.at("src", "last.ts"), "l");
    await watching.until("added", folder.at("src", "last.ts"));
    expect(watching.seen.map(({ path }) => path).filter((path) => !path.startsWith(folder.at("src")))).toEqual([]);
    await watching.stop();
  });

  it("watches one folder without those below it, and a single file", async () => {
    using folder = temporaryFolder({ "a.txt": "a", "sub/b.txt": "b" });
    const flat = await startWatching(folder, { recursive: false });
    writeFileSync(folder.at("sub", "b.txt"), "changed");
    writeFileSync(folder.at("a.txt"), "changed");
    await flat.until("changed", folder.at("a.txt"));
    expect(flat.seen.map(({ path }) => path)).not.toContain(folder.at("sub", "b.txt"));
    await flat.stop();
    const single = await startWatching(folder, { path: folder.at("a.txt"), recursive: false });
    writeFileSync(folder.at("a.txt"), "again");
    await single.until("changed", folder.at("a.txt"));
    rmSync(folder.at("a.txt"));
    await single.until("deleted", folder.at("a.txt"));
    await single.stop();
  });

  it("tells paths under the name the client uses for a folder behind a link", async () => {
    using folder = temporaryFolder({ "real/a.txt": "a" });
    symlinkSync(folder.at("real"), folder.at("link"));
    const watching = await startWatching({ path: folder.at("link") });
    writeFileSync(folder.at("real", "a.txt"), "changed");
    await watching.until("changed", folder.at("link", "a.txt"));
    await watching.stop();
  });

  it("sees every one of thousands of new files", async () => {
    using folder = temporaryFolder({ "start.txt": "s" });
    const watching = await startWatching(folder);
    for (let index = 0; index < 2500; index++) folder.write({ [`d${index % 25}/${index}.txt`]: "x" });
    for (let index = 0; index < 2500; index++) await watching.until("added", folder.at(`d${index % 25}`, `${index}.txt`));
    await watching.stop();
  });

  it("refuses to watch outside", async () => {
    using folder = temporaryFolder();
    const stream = createWorkspace({ roots: [folder.path] }).watch({ path: "/etc", recursive: true, excludes: [] });
    await expect(stream.next()).rejects.toThrow(expect.objectContaining({ code: "OUTSIDE_WORKSPACE" }));
  });
});

describe("createChangeCollector", () => {
  it("sums up what happened to one path, and leaves out what lay in a deleted folder", () => {
    const collector = createChangeCollector("/");
    collector.add({ path: "/w/new", type: "added" });
    collector.add({ path: "/w/new", type: "changed" });
    collector.add({ path: "/w/gone", type: "added" });
    collector.add({ path: "/w/gone", type: "deleted" });
    collector.add({ path: "/w/saved", type: "deleted" });
    collector.add({ path: "/w/saved", type: "added" });
    collector.add({ path: "/w/d/a", type: "deleted" });
    collector.add({ path: "/w/d/e/b", type: "deleted" });
    collector.add({ path: "/w/d", type: "deleted" });
    expect(collector.take()).toEqual([
      { path: "/w/new", type: "added" },
      { path: "/w/saved", type: "changed" },
      { path: "/w/d", type: "deleted" },
    ]);
    expect(collector.take()).toEqual([]);
  });
});
