import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileChange } from "#core/contracts/workspace";
import { temporaryFolder } from "./temporary-folder.ts";
import { watchTree } from "./tree-watcher.ts";

/** A picture of the tree that follows what the watcher tells, and nothing else. */
async function follow(root: string, excluded: (path: string) => boolean = () => false) {
  const picture = new Set(below(root, excluded));
  const told: FileChange[] = [];
  let wake = () => {};
  const watcher = await watchTree(root, {
    excluded,
    failed: (error) => {
      throw error;
    },
    changed(change) {
      told.push(change);
      if (change.type === "deleted") {
        for (const path of [...picture]) if (path === change.path || path.startsWith(`${change.path}/`)) picture.delete(path);
      } else if (change.path !== root) picture.add(change.path);
      wake();
    },
  });
  return {
    told,
    /** Waits until the picture is what the disk says, which may take as long as it likes. */
    async settled() {
      const same = () => [...picture].sort().join("\n") === below(root, excluded).sort().join("\n");
      while (!same())
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), new Promise((resolve) => setTimeout(resolve, 200))]);
    },
    [Symbol.dispose]: () => watcher.dispose(),
  };
}

function below(root: string, excluded: (path: string) => boolean): string[] {
  let entries: ReturnType<typeof list>;
  try {
    entries = list(root);
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = join(root, entry.name);
    if (excluded(path)) return [];
    return entry.isDirectory() ? [path, ...below(path, excluded)] : [path];
  });
}

const list = (path: string) => readdirSync(path, { withFileTypes: true });

describe.runIf(process.platform === "linux")("watchTree", () => {
  it("follows folders that are moved, replaced and made again", async () => {
    using folder = temporaryFolder({ "tree/a/b/c.txt": "c", "tree/d.txt": "d", "other/x/y.txt": "y" });
    using watching = await follow(folder.at("tree"));
    renameSync(folder.at("tree", "a"), folder.at("away"));
    await watching.settled();
    renameSync(folder.at("away"), folder.at("tree", "back"));
    await watching.settled();
    writeFileSync(folder.at("tree", "back", "b", "new.txt"), "n");
    await watching.settled();
    rmSync(folder.at("tree", "back"), { recursive: true });
    renameSync(folder.at("other"), folder.at("tree", "back"));
    await watching.settled();
    folder.write({ "tree/back/x/z.txt": "z" });
    await watching.settled();
    rmSync(folder.at("tree", "d.txt"));
    mkdirSync(folder.at("tree", "d.txt"));
    folder.write({ "tree/d.txt/inside.txt": "i" });
    await watching.settled();
    rmSync(folder.at("tree", "d.txt"), { recursive: true });
    writeFileSync(folder.at("tree", "d.txt"), "a file again");
    await watching.settled();
    symlinkSync("..", folder.at("tree", "up"));
    symlinkSync(folder.at("tree"), folder.at("tree", "loop"));
    await watching.settled();
  });

  it("sees the root go and come back, and entries that bear its name", async () => {
    using folder = temporaryFolder({ "tree/a.txt": "a" });
    using watching = await follow(folder.at("tree"));
    folder.write({ "tree/tree/tree/x.txt": "x" });
    await watching.settled();
    expect(watching.told.filter(({ path }) => path.endsWith("a.txt"))).toEqual([]);
    rmSync(folder.at("tree"), { recursive: true });
    await watching.settled();
    folder.write({ "tree/new.txt": "n", "tree/deep/er.txt": "e" });
    await watching.settled();
    folder.write({ "tree/deep/later.txt": "l" });
    await watching.settled();
  });

  it("passes over what is excluded, also when it comes later", async () => {
    using folder = temporaryFolder({ "node_modules/p/a.js": "a" });
    using watching = await follow(folder.path, (path) => path.includes("node_modules"));
    folder.write({ "node_modules/p/b.js": "b", "sub/node_modules/q/c.js": "c", "sub/d.js": "d" });
    await watching.settled();
    expect(watching.told.filter(({ path }) => path.includes("node_modules"))).toEqual([]);
  });

  it.each([1, 2, 3, 4])("agrees with the disk after a storm of changes (%i)", async (seed) => {
    using folder = temporaryFolder({ "start/a.txt": "a" });
    using watching = await follow(folder.path);
    let state = seed;
    const random = (limit: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % limit;
    };
    const place = () => join(folder.path, ...Array.from({ length: 1 + random(4) }, () => `n${random(4)}`));
    for (let step = 0; step < 600; step++) {
      const path = place();
      try {
        const choice = random(10);
        if (choice < 4) mkdirSync(path, { recursive: true });
        else if (choice < 7) writeFileSync(path, "x");
        else if (choice < 9) renameSync(path, place());
        else rmSync(path, { recursive: true });
      } catch {
        // Many steps are impossible, such as to write over a folder.
      }
      if (random(20) === 0) await new Promise((resolve) => setTimeout(resolve, random(15)));
    }
    await watching.settled();
  });
});
