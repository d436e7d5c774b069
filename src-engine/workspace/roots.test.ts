import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRoots } from "./roots.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const outside = expect.objectContaining({ code: "OUTSIDE_WORKSPACE" });

describe("createRoots", () => {
  it("reaches nothing before something is opened", async () => {
    using folder = temporaryFolder({ "a.txt": "a" });
    await expect(createRoots().resolve(folder.at("a.txt"), "follow")).rejects.toThrow(outside);
  });

  it("reaches what lies below a root, whether it exists or not", async () => {
    using folder = temporaryFolder({ "in/a.txt": "a", "out.txt": "o" });
    const roots = createRoots([folder.at("in")]);
    expect(await roots.resolve(folder.at("in", "a.txt"), "follow")).toBe(folder.at("in", "a.txt"));
    expect(await roots.resolve(folder.at("in", "new", "b.txt"), "follow")).toBe(folder.at("in", "new", "b.txt"));
    await expect(roots.resolve(folder.at("out.txt"), "follow")).rejects.toThrow(outside);
    await expect(roots.resolve(`${folder.at("in")}/../out.txt`, "follow")).rejects.toThrow(outside);
    await expect(roots.resolve(folder.path, "follow")).rejects.toThrow(outside);
    await expect(roots.resolve(`${folder.at("in")}sider`, "follow")).rejects.toThrow(outside);
  });

  it("refuses links that lead out, at the end and on the way, also to what does not exist", async () => {
    using folder = temporaryFolder({ "in/a.txt": "a", "secret/key": "k" });
    symlinkSync(folder.at("secret"), folder.at("in", "folder"));
    symlinkSync(folder.at("secret", "key"), folder.at("in", "file"));
    symlinkSync("../secret/new", folder.at("in", "dangling"));
    symlinkSync(folder.at("in", "folder"), folder.at("in", "twice"));
    const roots = createRoots([folder.at("in")]);
    for (const name of ["folder", "folder/key", "folder/new/deep", "file", "dangling", "twice/key"]) {
      await expect(roots.resolve(folder.at("in", name), "follow"), name).rejects.toThrow(outside);
    }
    // The link itself is an entry of the workspace: it can be removed and renamed.
    expect(await roots.resolve(folder.at("in", "file"), "keep")).toBe(folder.at("in", "file"));
    await expect(roots.resolve(folder.at("in", "folder", "key"), "keep")).rejects.toThrow(outside);
  });

  it("follows links within the workspace and between two roots", async () => {
    using folder = temporaryFolder({ "one/a.txt": "a", "two/b.txt": "b" });
    symlinkSync("a.txt", folder.at("one", "link"));
    symlinkSync(folder.at("two"), folder.at("one", "other"));
    const roots = createRoots([folder.at("one")]);
    expect(await roots.resolve(folder.at("one", "link"), "follow")).toBe(folder.at("one", "a.txt"));
    await expect(roots.resolve(folder.at("one", "other", "b.txt"), "follow")).rejects.toThrow(outside);
    await roots.open(folder.at("two"));
    expect(await roots.resolve(folder.at("one", "other", "b.txt"), "follow")).toBe(folder.at("two", "b.txt"));
  });

  it("takes a root that is a link by both its names, and does not move when the link does", async () => {
    using folder = temporaryFolder({ "real/a.txt": "a" });
    symlinkSync(folder.at("real"), folder.at("link"));
    const roots = createRoots();
    await roots.open(folder.at("link"));
    expect(await roots.resolve(folder.at("link", "a.txt"), "follow")).toBe(folder.at("real", "a.txt"));
    expect(await roots.resolve(folder.at("real", "a.txt"), "follow")).toBe(folder.at("real", "a.txt"));
    expect(await roots.resolve(folder.at("link"), "keep")).toBe(folder.at("link"));
  });

  it("does not open what is behind a link by the name of the link", async () => {
    using folder = temporaryFolder({ "in/a.txt": "a", "secret/key": "k" });
    symlinkSync(folder.at("secret"), folder.at("in", "folder"));
    const roots = createRoots([folder.at("in")]);
    await expect(roots.open(folder.at("in", "folder"))).rejects.toThrow(outside);
    await expect(roots.open(folder.at("in", "folder", "key"))).rejects.toThrow(outside);
    await expect(roots.resolve(folder.at("in", "folder", "key"), "follow")).rejects.toThrow(outside);
    await roots.open(folder.at("secret"));
    expect(await roots.resolve(folder.at("in", "folder", "key"), "follow")).toBe(folder.at("secret", "key"));
  });

  it("opens a single file without its neighbours", async () => {
    using folder = temporaryFolder({ "a.txt": "a", "b.txt": "b" });
    const roots = createRoots([folder.at("a.txt")]);
    expect(await roots.resolve(folder.at("a.txt"), "follow")).toBe(folder.at("a.txt"));
    await expect(roots.resolve(folder.at("b.txt"), "follow")).rejects.toThrow(outside);
    await expect(roots.resolve(folder.path, "follow")).rejects.toThrow(outside);
  });

  it("ends at links that lead in a circle", async () => {
    using folder = temporaryFolder();
    symlinkSync("b", folder.at("a"));
    symlinkSync("a", folder.at("b"));
    mkdirSync(folder.at("deep"));
    symlinkSync("..", folder.at("deep", "up"));
    const roots = createRoots([folder.path]);
    await expect(roots.resolve(folder.at("a"), "follow")).rejects.toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
    expect(await roots.resolve(join(folder.at("deep"), "up", "deep", "up"), "follow")).toBe(folder.path);
  });
});
