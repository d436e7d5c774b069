import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";
import { asUnprivileged } from "./unprivileged.ts";
import { createWorkspace } from "./workspace.ts";

const unix = process.platform !== "win32";
const bytes = (text: string) => new TextEncoder().encode(text);
const code = (name: string) => expect.objectContaining({ name: "UserError", code: name });
const all = { create: true, overwrite: true };

function open(files: Parameters<typeof temporaryFolder>[0] = {}) {
  const folder = temporaryFolder(files);
  return { folder, workspace: createWorkspace({ roots: [folder.path] }), [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

describe("open", () => {
  it("makes a folder, a file and a file to come reachable, and nothing else", async () => {
    using folder = temporaryFolder({ "in/a.txt": "a", "b.txt": "b" });
    const workspace = createWorkspace();
    await expect(workspace.stat(folder.at("in"))).rejects.toThrow(code("OUTSIDE_WORKSPACE"));
    expect(await workspace.open(folder.at("in"))).toMatchObject({ type: "directory" });
    expect(await workspace.open(folder.at("b.txt"))).toMatchObject({ type: "file", size: 1 });
    expect(await workspace.open(folder.at("new.txt"))).toMatchObject({ type: "unknown", size: 0 });
    await workspace.write(folder.at("new.txt"), bytes("n"), all);
    expect(readFileSync(folder.at("new.txt"), "utf8")).toBe("n");
    await expect(workspace.open(folder.at("no", "such", "folder"))).rejects.toThrow(code("NOT_FOUND"));
    await expect(workspace.open("relative")).rejects.toThrow(code("BAD_INPUT"));
    await expect(workspace.list(folder.path)).rejects.toThrow(code("OUTSIDE_WORKSPACE"));
  });
});

describe("stat and list", () => {
  it("tells files, folders and links apart", async () => {
    using place = open({ "a.txt": "hello", "sub/b.txt": "b" });
    const { folder, workspace } = place;
    symlinkSync("a.txt", folder.at("good"));
    symlinkSync("nothing", folder.at("dangling"));
    symlinkSync("circle", folder.at("circle"));
    symlinkSync("/etc/hosts", folder.at("outside"));
    symlinkSync("sub", folder.at("folder-link"));
    expect(await workspace.stat(folder.at("a.txt"))).toMatchObject({ type: "file", size: 5, link: false, readOnly: false });
    expect(await workspace.stat(folder.at("good"))).toMatchObject({ type: "file", size: 5, link: true });
    for (const name of ["dangling", "circle", "outside"]) {
      expect(await workspace.stat(folder.at(name)), name).toMatchObject({ type: "unknown", size: 0, link: true });
    }
    const entries = await workspace.list(folder.path);
    expect(entries.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: "a.txt", type: "file", link: false },
      { name: "circle", type: "unknown", link: true },
      { name: "dangling", type: "unknown", link: true },
      { name: "folder-link", type: "directory", link: true },
      { name: "good", type: "file", link: true },
      { name: "outside", type: "unknown", link: true },
      { name: "sub", type: "directory", link: false },
    ]);
    await expect(workspace.list(folder.at("a.txt"))).rejects.toThrow(code("NOT_A_DIRECTORY"));
    await expect(workspace.stat(folder.at("a.txt", "x"))).rejects.toThrow(code("NOT_A_DIRECTORY"));
    await expect(workspace.stat(folder.at("none"))).rejects.toThrow(code("NOT_FOUND"));
  });

  it("lists thousands of files", async () => {
    using place = open(Object.fromEntries(Array.from({ length: 2500 }, (_, index) => [`many/${index}.txt`, "x"])));
    expect(await place.workspace.list(place.folder.at("many"))).toHaveLength(2500);
  });
});

describe("read", () => {
  it("gives bytes as they are, whole and in parts", async () => {
    const content = new Uint8Array([0xff, 0xfe, 0x68, 0, 0x0d, 0, 0x0a, 0, 0, 1, 2, 255]);
    using place = open({ "utf16.txt": content, "empty.txt": "" });
    const path = place.folder.at("utf16.txt");
    const read = async (range?: { offset?: number; length?: number }) =>
      new Uint8Array(await (await place.workspace.read(path, range)).arrayBuffer());
    expect(await read()).toEqual(content);
    expect(await read({ offset: 2, length: 3 })).toEqual(content.slice(2, 5));
    expect(await read({ offset: 10 })).toEqual(content.slice(10));
    expect(await read({ offset: 100, length: 5 })).toEqual(new Uint8Array());
    expect((await place.workspace.read(place.folder.at("empty.txt"))).size).toBe(0);
  });

  it("refuses what is too large at once and reads it in parts", async () => {
    using place = open({ "large.bin": "start" });
    const path = place.folder.at("large.bin");
    truncateSync(path, 3 * 1024 ** 3);
    await expect(place.workspace.read(path)).rejects.toThrow(code("TOO_LARGE"));
    expect(await (await place.workspace.read(path, { offset: 0, length: 5 })).text()).toBe("start");
    expect((await place.workspace.read(path, { offset: 3 * 1024 ** 3 - 10, length: 100 })).size).toBe(10);
  });

  it.runIf(unix)("never waits for a pipe or reads a device", async () => {
    using place = open();
    execFileSync("mkfifo", [place.folder.at("pipe")]);
    await expect(place.workspace.read(place.folder.at("pipe"))).rejects.toThrow(code("UNSUPPORTED"));
    expect(await place.workspace.stat(place.folder.at("pipe"))).toMatchObject({ type: "unknown" });
    await expect(place.workspace.write(place.folder.at("pipe"), bytes("x"), all)).rejects.toThrow(code("UNSUPPORTED"));
    await expect(place.workspace.copy(place.folder.at("pipe"), place.folder.at("other"), { overwrite: false })).rejects.toThrow(
      code("UNSUPPORTED"),
    );
    const devices = createWorkspace({ roots: ["/dev"] });
    await expect(devices.read("/dev/zero")).rejects.toThrow(code("UNSUPPORTED"));
  });

  it("says what it is when it is a folder, missing or behind a link that leads out", async () => {
    using place = open({ "sub/a.txt": "a" });
    symlinkSync("/etc/hosts", place.folder.at("hosts"));
    symlinkSync("self", place.folder.at("self"));
    await expect(place.workspace.read(place.folder.at("sub"))).rejects.toThrow(code("IS_A_DIRECTORY"));
    await expect(place.workspace.read(place.folder.at("none"))).rejects.toThrow(code("NOT_FOUND"));
    await expect(place.workspace.read(place.folder.at("hosts"))).rejects.toThrow(code("OUTSIDE_WORKSPACE"));
    await expect(place.workspace.read(place.folder.at("self"))).rejects.toThrow(code("NOT_FOUND"));
    await expect(place.workspace.read(place.folder.at("%2e%2e", "x"))).rejects.toThrow(code("OUTSIDE_WORKSPACE"));
    await expect(place.workspace.read("/etc/hosts")).rejects.toThrow(code("OUTSIDE_WORKSPACE"));
  });

  it.runIf(unix)("says so when the file belongs to somebody else", async () => {
    using place = open({ "secret.txt": "s", "shut/a.txt": "a" });
    const { folder, workspace } = place;
    chmodSync(folder.path, 0o755);
    chmodSync(folder.at("secret.txt"), process.getuid?.() === 0 ? 0o600 : 0o000);
    chmodSync(folder.at("shut"), process.getuid?.() === 0 ? 0o700 : 0o000);
    await asUnprivileged(async () => {
      await expect(workspace.read(folder.at("secret.txt"))).rejects.toThrow(code("NO_PERMISSION"));
      await expect(workspace.write(folder.at("secret.txt"), bytes("x"), all)).rejects.toThrow(code("NO_PERMISSION"));
      await expect(workspace.read(folder.at("shut", "a.txt"))).rejects.toThrow(code("NO_PERMISSION"));
      await expect(workspace.list(folder.at("shut"))).rejects.toThrow(code("NO_PERMISSION"));
    });
    chmodSync(folder.at("shut"), 0o755);
  });
});

describe("write", () => {
  it("follows create and overwrite", async () => {
    using place = open({ "a.txt": "old" });
    const { folder, workspace } = place;
    await expect(workspace.write(folder.at("b.txt"), bytes("b"), { create: false, overwrite: true })).rejects.toThrow(code("NOT_FOUND"));
    await expect(workspace.write(folder.at("a.txt"), bytes("b"), { create: true, overwrite: false })).rejects.toThrow(
      code("ALREADY_EXISTS"),
    );
    await expect(workspace.write(folder.at("none", "b.txt"), bytes("b"), all)).rejects.toThrow(code("NOT_FOUND"));
    await expect(workspace.write(folder.path, bytes("b"), all)).rejects.toThrow(code("IS_A_DIRECTORY"));
    await workspace.write(folder.at("b.txt"), bytes("b"), { create: true, overwrite: false });
    await workspace.write(folder.at("a.txt"), bytes("new"), { create: false, overwrite: true });
    expect(readFileSync(folder.at("a.txt"), "utf8")).toBe("new");
    expect(readdirSync(folder.path).sort()).toEqual(["a.txt", "b.txt"]);
  });

  it.runIf(unix)("keeps the mode, the owner, the link and the second name", async () => {
    using place = open({ "script.sh": "old", "target.txt": "old", "one.txt": "old" });
    const { folder, workspace } = place;
    chmodSync(folder.at("script.sh"), 0o751);
    if (process.getuid?.() === 0) chownSync(folder.at("script.sh"), 65534, 65534);
    await workspace.write(folder.at("script.sh"), bytes("new"), all);
    const stats = statSync(folder.at("script.sh"));
    expect(stats.mode & 0o777).toBe(0o751);
    if (process.getuid?.() === 0) expect([stats.uid, stats.gid]).toEqual([65534, 65534]);

    symlinkSync("target.txt", folder.at("link.txt"));
    await workspace.write(folder.at("link.txt"), bytes("through"), all);
    expect(readlinkSync(folder.at("link.txt"))).toBe("target.txt");
    expect(readFileSync(folder.at("target.txt"), "utf8")).toBe("through");

    symlinkSync("later.txt", folder.at("dangling.txt"));
    await workspace.write(folder.at("dangling.txt"), bytes("made"), all);
    expect(lstatSync(folder.at("dangling.txt")).isSymbolicLink()).toBe(true);
    expect(readFileSync(folder.at("later.txt"), "utf8")).toBe("made");

    linkSync(folder.at("one.txt"), folder.at("two.txt"));
    await workspace.write(folder.at("one.txt"), bytes("both"), all);
    expect(readFileSync(folder.at("two.txt"), "utf8")).toBe("both");
    expect(statSync(folder.at("two.txt")).nlink).toBe(2);
  });

  it.runIf(unix)("makes what lies in the private folder for this user alone, and nothing else", async () => {
    using folder = temporaryFolder({ "mine/old.json": "{}", "a.txt": "a", "tree/b.txt": "b" });
    const workspace = createWorkspace({ roots: [folder.path], privateFolder: folder.at("mine") });
    const modeOf = (...names: string[]) => (statSync(folder.at(...names)).mode & 0o777).toString(8);
    const write = (...names: string[]) => workspace.write(folder.at(...names), bytes("x"), all);
    await workspace.createDirectory(folder.at("mine", "state"));
    await write("mine", "state", "new.json");
    await workspace.write(folder.at("mine", "once.json"), bytes("x"), { create: true, overwrite: false });
    await workspace.copy(folder.at("a.txt"), folder.at("mine", "copy.txt"), { overwrite: false });
    await workspace.copy(folder.at("tree"), folder.at("mine", "tree"), { overwrite: false });
    expect([modeOf("mine", "state"), modeOf("mine", "tree")]).toEqual(["700", "700"]);
    for (const name of ["state/new.json", "once.json", "copy.txt", "tree/b.txt"])
      expect([name, modeOf("mine", name)]).toEqual([name, "600"]);
    // What was there, and what lies elsewhere, stays as people of this machine usually have it.
    const usual = (0o666 & ~process.umask()).toString(8);
    await write("mine", "old.json");
    await write("elsewhere.txt");
    expect([modeOf("mine", "old.json"), modeOf("elsewhere.txt"), modeOf("a.txt")]).toEqual([usual, usual, usual]);
  });

  it("refuses a file that is marked read-only, unless it is unlocked", async () => {
    using place = open({ "a.txt": "old" });
    const path = place.folder.at("a.txt");
    chmodSync(path, 0o444);
    expect(await place.workspace.stat(path)).toMatchObject({ readOnly: true });
    await expect(place.workspace.write(path, bytes("new"), all)).rejects.toThrow(code("READ_ONLY"));
    expect(readFileSync(path, "utf8")).toBe("old");
    await place.workspace.write(path, bytes("new"), { ...all, unlock: true });
    expect(readFileSync(path, "utf8")).toBe("new");
  });

  it.runIf(unix)("writes in place where the folder is closed and where the owner is another", async () => {
    using place = open({ "closed/a.txt": "old and longer", "foreign.txt": "old" });
    const { folder, workspace } = place;
    if (process.getuid?.() !== 0) return;
    chmodSync(folder.path, 0o777);
    chmodSync(folder.at("closed"), 0o755);
    chmodSync(folder.at("closed", "a.txt"), 0o666);
    chmodSync(folder.at("foreign.txt"), 0o666);
    await asUnprivileged(async () => {
      await workspace.write(folder.at("closed", "a.txt"), bytes("new"), all);
      await workspace.write(folder.at("foreign.txt"), bytes("new"), all);
      await expect(workspace.write(folder.at("closed", "b.txt"), bytes("new"), all)).rejects.toThrow(code("NO_PERMISSION"));
    });
    expect(readFileSync(folder.at("closed", "a.txt"), "utf8")).toBe("new");
    expect(readFileSync(folder.at("foreign.txt"), "utf8")).toBe("new");
    expect(statSync(folder.at("foreign.txt")).uid).toBe(0);
    expect(readdirSync(folder.path).sort()).toEqual(["closed", "foreign.txt"]);
  });

  it("puts concurrent writes one after another", async () => {
    using place = open({ "a.txt": "" });
    const path = place.folder.at("a.txt");
    const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(100_000));
    await Promise.all(contents.map((content) => place.workspace.write(path, bytes(content), all)));
    // Compared by its first figures: a difference would print megabytes.
    expect(readFileSync(path, "utf8").slice(0, 4)).toBe(contents.at(-1)?.slice(0, 4));
    expect(readdirSync(place.folder.path)).toEqual(["a.txt"]);
  });

  it("never leaves the workspace", async () => {
    using place = open({ "in/a.txt": "a", "out/b.txt": "b" });
    const workspace = createWorkspace({ roots: [place.folder.at("in")] });
    symlinkSync("../out/b.txt", place.folder.at("in", "link.txt"));
    symlinkSync("../out/new.txt", place.folder.at("in", "dangling.txt"));
    for (const name of ["link.txt", "dangling.txt", "../out/b.txt"]) {
      await expect(workspace.write(place.folder.at("in", name), bytes("x"), all), name).rejects.toThrow(code("OUTSIDE_WORKSPACE"));
    }
    expect(readdirSync(place.folder.at("out"))).toEqual(["b.txt"]);
    expect(readFileSync(place.folder.at("out", "b.txt"), "utf8")).toBe("b");
  });
});

describe("folders, rename, copy and remove", () => {
  it("creates one folder", async () => {
    using place = open({ "a.txt": "a" });
    const { folder, workspace } = place;
    await workspace.createDirectory(folder.at("new"));
    await expect(workspace.createDirectory(folder.at("new"))).rejects.toThrow(code("ALREADY_EXISTS"));
    await expect(workspace.createDirectory(folder.at("x", "y"))).rejects.toThrow(code("NOT_FOUND"));
    await expect(workspace.createDirectory(folder.at("a.txt", "y"))).rejects.toThrow(code("NOT_A_DIRECTORY"));
  });

  it("renames files and folders, over others only when told to", async () => {
    using place = open({ "a.txt": "a", "b.txt": "b", "one/x": "x", "two/y": "y" });
    const { folder, workspace } = place;
    await expect(workspace.rename(folder.at("a.txt"), folder.at("b.txt"), { overwrite: false })).rejects.toThrow(code("ALREADY_EXISTS"));
    await workspace.rename(folder.at("a.txt"), folder.at("b.txt"), { overwrite: true });
    expect(readFileSync(folder.at("b.txt"), "utf8")).toBe("a");
    await workspace.rename(folder.at("one"), folder.at("two"), { overwrite: true });
    expect(readdirSync(folder.at("two"))).toEqual(["x"]);
    await expect(workspace.rename(folder.at("two"), folder.at("two", "inner"), { overwrite: false })).rejects.toThrow(code("BAD_INPUT"));
    await expect(workspace.rename(folder.at("none"), folder.at("new"), { overwrite: false })).rejects.toThrow(code("NOT_FOUND"));
    await expect(workspace.rename(folder.at("b.txt"), "/tmp/elsewhere.txt", { overwrite: false })).rejects.toThrow(
      code("OUTSIDE_WORKSPACE"),
    );
    await expect(workspace.rename(folder.path, folder.at("x"), { overwrite: false })).rejects.toThrow(code("NO_PERMISSION"));
    expect(readdirSync(folder.path).sort()).toEqual(["b.txt", "two"]);
  });

  it("puts back what was to be replaced when a rename fails", async () => {
    using place = open({ "one/x": "x", "two/y": "y" });
    const { folder, workspace } = place;
    await expect(workspace.rename(folder.at("one", "x"), folder.at("two", "missing", "z"), { overwrite: true })).rejects.toThrow(
      code("NOT_FOUND"),
    );
    expect(readFileSync(folder.at("one", "x"), "utf8")).toBe("x");
    expect(readdirSync(folder.at("two"))).toEqual(["y"]);
  });

  it("copies a folder with its links as links", async () => {
    using place = open({ "one/deep/x": "x", "one/y": "y" });
    const { folder, workspace } = place;
    symlinkSync("y", folder.at("one", "link"));
    symlinkSync("/etc", folder.at("one", "etc"));
    await workspace.copy(folder.at("one"), folder.at("two"), { overwrite: false });
    expect(readFileSync(folder.at("two", "deep", "x"), "utf8")).toBe("x");
    expect(readlinkSync(folder.at("two", "link"))).toBe("y");
    expect(readlinkSync(folder.at("two", "etc"))).toBe("/etc");
    await expect(workspace.copy(folder.at("one"), folder.at("two"), { overwrite: false })).rejects.toThrow(code("ALREADY_EXISTS"));
    await expect(workspace.copy(folder.at("one"), folder.at("one", "deep", "again"), { overwrite: false })).rejects.toThrow(
      code("BAD_INPUT"),
    );
    await workspace.copy(folder.at("one", "y"), folder.at("two", "deep", "x"), { overwrite: true });
    expect(readFileSync(folder.at("two", "deep", "x"), "utf8")).toBe("y");
  });

  it("removes links and not what they point to", async () => {
    using place = open({ "real/x": "x", "full/y": "y" });
    const { folder, workspace } = place;
    symlinkSync("real", folder.at("link"));
    symlinkSync("/etc", folder.at("outside"));
    await workspace.remove(folder.at("link"), { recursive: true });
    await workspace.remove(folder.at("outside"), { recursive: true });
    expect(readdirSync(folder.at("real"))).toEqual(["x"]);
    await expect(workspace.remove(folder.at("full"), { recursive: false })).rejects.toThrow(code("BAD_INPUT"));
    await workspace.remove(folder.at("full"), { recursive: true });
    await expect(workspace.remove(folder.at("full"), { recursive: true })).rejects.toThrow(code("NOT_FOUND"));
    await expect(workspace.remove(folder.path, { recursive: true })).rejects.toThrow(code("NO_PERMISSION"));
    mkdirSync(folder.at("empty"));
    await workspace.remove(folder.at("empty"), { recursive: false });
    expect(readdirSync(folder.path)).toEqual(["real"]);
  });

  it.runIf(process.platform === "linux" && process.getuid?.() === 0)("says that the disk is full and keeps the old content", async () => {
    using place = open();
    const disk = place.folder.at("disk");
    mkdirSync(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      return;
    }
    try {
      const path = place.folder.at("disk", "a.txt");
      const content = "x".repeat(600_000);
      writeFileSync(path, content);
      await expect(place.workspace.write(path, bytes("y".repeat(900_000)), all)).rejects.toThrow(code("DISK_FULL"));
      expect(readFileSync(path, "utf8")).toBe(content);
      linkSync(path, place.folder.at("disk", "second.txt"));
      await expect(place.workspace.write(path, bytes("y".repeat(2_000_000)), all)).rejects.toThrow(code("DISK_FULL"));
      expect(readFileSync(path, "utf8")).toBe(content);
      expect(readdirSync(disk).sort()).toEqual(["a.txt", "second.txt"]);
      await expect(place.workspace.copy(path, place.folder.at("disk", "b.txt"), { overwrite: false })).rejects.toThrow(code("DISK_FULL"));
      expect(readdirSync(disk).sort()).toEqual(["a.txt", "second.txt"]);
      // To another disk a rename is a copy and a removal.
      await place.workspace.rename(path, place.folder.at("moved.txt"), { overwrite: false });
      expect(readFileSync(place.folder.at("moved.txt"), "utf8")).toBe(content);
    } finally {
      execFileSync("umount", [disk]);
    }
  });
});
