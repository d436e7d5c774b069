import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createRouterClient } from "@orpc/server";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../workspace/temporary-folder.ts";
import { createWorkspace } from "../workspace/workspace.ts";
import { gitRouter } from "./git.ts";

const installed = spawnSync("git", ["--version"]).status === 0;

beforeAll(() => {
  // Neither this machine's settings nor its user.
  Object.assign(process.env, { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" });
});

/** A repository with a commit of `files`, and the service that may reach it. */
async function repository(files: Readonly<Record<string, string>> = { "a.txt": "one\n" }, options: { readonly empty?: boolean } = {}) {
  const folder = temporaryFolder(files);
  const run = (...parameters: string[]) => {
    const { status, stdout, stderr } = spawnSync("git", parameters, { cwd: folder.path, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${parameters.join(" ")}: ${stderr}`);
    return stdout;
  };
  run("init", "-q", "-b", "main");
  run("config", "user.name", "Ada");
  run("config", "user.email", "ada@example.com");
  if (!options.empty) {
    run("add", ".");
    run("commit", "-qm", "First");
  }
  const workspace = createWorkspace();
  await workspace.open(folder.path);
  const git = createRouterClient(gitRouter(workspace));
  return { folder, run, git, root: folder.path, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

const changesOf = async ({ git, root }: Awaited<ReturnType<typeof repository>>) => (await git.status({ root })).changes;

describe.skipIf(!installed)("Git in a folder", () => {
  it("goes from a change to a commit and back", async () => {
    using here = await repository();
    const { git, root, folder, run } = here;
    folder.write({ "a.txt": "two\n", "new file.txt": "new\n", "deep/*.txt": "star\n", "deep/b.txt": "b\n" });
    expect(await git.status({ root })).toMatchObject({ branch: "main", more: 0 });
    expect(await changesOf(here)).toEqual([
      { path: "a.txt", unstaged: "modified" },
      { path: "deep/*.txt", unstaged: "untracked" },
      { path: "deep/b.txt", unstaged: "untracked" },
      { path: "new file.txt", unstaged: "untracked" },
    ]);
    // A star in a name is a star, and stages no other file.
    await git.stage({ root, paths: ["a.txt", "deep/*.txt"] });
    expect((await changesOf(here)).filter(({ staged }) => staged)).toEqual([
      { path: "a.txt", staged: "modified" },
      { path: "deep/*.txt", staged: "added" },
    ]);
    expect(await (await git.show({ root, path: "a.txt", version: { staged: true } })).text()).toBe("two\n");
    expect(await (await git.show({ root, path: "a.txt", version: { commit: "HEAD" } })).text()).toBe("one\n");
    await git.unstage({ root, paths: ["deep/*.txt"] });
    await git.commit({ root, message: "Say two\n\n# no comment of ours\nBecause.", all: false, amend: false });
    expect(run("log", "-1", "--format=%s|%b").trim()).toContain("Say two|");
    expect((await changesOf(here)).map(({ path }) => path)).toEqual(["deep/*.txt", "deep/b.txt", "new file.txt"]);
    expect((await git.undoCommit({ root })).message).toContain("Say two");
    expect((await changesOf(here))[0]).toEqual({ path: "a.txt", staged: "modified" });
    await git.unstage({ root, paths: ["a.txt"] });
    await git.discard({ root, paths: ["a.txt", "new file.txt"] });
    expect(readFileSync(folder.at("a.txt"), "utf8")).toBe("one\n");
    expect(existsSync(folder.at("new file.txt"))).toBe(false);
    expect(existsSync(folder.at("deep/b.txt"))).toBe(true);
  });

  it("stages and unstages before the first commit, and takes the first commit back", async () => {
    using here = await repository({ "a.txt": "one\n" }, { empty: true });
    const { git, root } = here;
    await git.stage({ root, paths: ["a.txt"] });
    expect(await changesOf(here)).toEqual([{ path: "a.txt", staged: "added" }]);
    await git.unstage({ root, paths: ["a.txt"] });
    expect(await changesOf(here)).toEqual([{ path: "a.txt", unstaged: "untracked" }]);
    await git.stage({ root, paths: ["a.txt"] });
    await git.commit({ root, message: "First", all: false, amend: false });
    expect(await git.undoCommit({ root })).toEqual({ message: "First" });
    expect((await git.status({ root })).commit).toBeUndefined();
  });

  it("stages what was deleted and brings it back", async () => {
    using here = await repository();
    const { git, root, folder } = here;
    rmSync(folder.at("a.txt"));
    await git.stage({ root, paths: ["a.txt"] });
    expect(await changesOf(here)).toEqual([{ path: "a.txt", staged: "deleted" }]);
    await git.unstage({ root, paths: ["a.txt"] });
    await git.discard({ root, paths: ["a.txt"] });
    expect(readFileSync(folder.at("a.txt"), "utf8")).toBe("one\n");
  });

  it("creates, switches, merges and deletes branches, and ends a merge in conflict", async () => {
    using here = await repository();
    const { git, root, folder } = here;
    await git.createBranch({ root, branch: "other" });
    folder.write({ "a.txt": "other\n" });
    await git.commit({ root, message: "Other", all: true, amend: false });
    await git.checkOut({ root, branch: "main" });
    folder.write({ "a.txt": "main\n" });
    await git.commit({ root, message: "Main", all: true, amend: false });
    expect((await git.branches({ root })).map(({ name, current }) => [name, current])).toContainEqual(["main", true]);
    await expect(git.merge({ root, branch: "other" })).rejects.toMatchObject({ code: "GIT_FAILED" });
    const status = await git.status({ root });
    expect(status).toMatchObject({ operation: "merge", proposedMessage: "Merge branch 'other'" });
    expect(status.changes).toEqual([{ path: "a.txt", conflict: "both-modified" }]);
    expect(await (await git.show({ root, path: "a.txt", version: { conflict: "theirs" } })).text()).toBe("other\n");
    await git.abort({ root });
    expect(await git.status({ root })).toMatchObject({ changes: [] });
    await expect(git.deleteBranch({ root, branch: "other", force: false })).rejects.toMatchObject({ code: "GIT_FAILED" });
    await git.deleteBranch({ root, branch: "other", force: true });
    expect((await git.branches({ root })).map(({ name }) => name)).toEqual(["main"]);
  });

  it("stashes and brings back", async () => {
    using here = await repository();
    const { git, root, folder } = here;
    folder.write({ "a.txt": "two\n", "new.txt": "new\n" });
    await git.stash({ root, message: "later" });
    expect(await changesOf(here)).toEqual([]);
    expect(await git.stashes({ root })).toEqual([{ index: 0, message: "On main: later" }]);
    await git.popStash({ root, index: 0 });
    expect((await changesOf(here)).map(({ path }) => path)).toEqual(["a.txt", "new.txt"]);
  });

  it("pushes to a remote, sees how far it is apart, fetches and pulls", async () => {
    using here = await repository();
    using far = temporaryFolder();
    const { git, root, run, folder } = here;
    spawnSync("git", ["init", "-q", "--bare", far.path]);
    run("remote", "add", "origin", far.path);
    expect(await git.remotes({ root })).toEqual([{ name: "origin", address: far.path }]);
    await git.push({ root, remote: "origin", branch: "main" });
    folder.write({ "a.txt": "two\n" });
    await git.commit({ root, message: "Two", all: true, amend: false });
    expect(await git.status({ root })).toMatchObject({ upstream: "origin/main", ahead: 1, behind: 0 });
    await git.push({ root, remote: "origin" });
    run("reset", "-q", "--hard", "HEAD^");
    await git.fetch({ root, remote: "origin" });
    expect(await git.status({ root })).toMatchObject({ ahead: 0, behind: 1 });
    await git.pull({ root });
    expect(readFileSync(folder.at("a.txt"), "utf8")).toBe("two\n");
    expect((await git.history({ root, path: "a.txt", limit: 10 })).map(({ subject, author }) => [subject, author])).toEqual([
      ["Two", "Ada"],
      ["First", "Ada"],
    ]);
  });

  it("finds the repository around a folder, and those directly below one", async () => {
    using here = await repository({ "inner/a.txt": "one\n" });
    using above = temporaryFolder({ "one/a.txt": "", "two/b.txt": "" });
    spawnSync("git", ["init", "-q"], { cwd: above.at("two") });
    const workspace = createWorkspace();
    await workspace.open(here.folder.at("inner"));
    await workspace.open(above.path);
    const git = createRouterClient(gitRouter(workspace));
    expect(await here.git.find({ path: here.root })).toEqual([{ root: here.root, outside: false }]);
    expect(await git.find({ path: here.folder.at("inner") })).toEqual([{ root: here.root, outside: true }]);
    expect(await git.find({ path: above.path })).toEqual([{ root: above.at("two"), outside: false }]);
    await expect(git.status({ root: here.root })).rejects.toMatchObject({ code: "OUTSIDE_WORKSPACE" });
  });

  it("tells what is ignored, and what happened in the repository", async () => {
    using here = await repository({ ".gitignore": "*.log\n", "a.txt": "" });
    const { git, root, run, folder } = here;
    expect(await git.ignored({ root, paths: ["a.txt", "b.log"] })).toEqual(["b.log"]);
    expect(await git.ignored({ root, paths: ["a.txt"] })).toEqual([]);
    const stop = new AbortController();
    const events = (await git.changes({ root }, { signal: stop.signal }))[Symbol.asyncIterator]();
    await events.next();
    folder.write({ "a.txt": "changed" });
    run("add", "a.txt");
    expect(await events.next()).toMatchObject({ done: false });
    stop.abort();
  });

  it("reads without hooks and filters, and commits with hooks, whose refusal is told", async () => {
    using here = await repository();
    const { git, root, folder } = here;
    folder.write({ ".git/hooks/pre-commit": "#!/bin/sh\necho 'No tests, no commit' >&2\nexit 1\n", "a.txt": "two\n" });
    spawnSync("chmod", ["+x", folder.at(".git/hooks/pre-commit")]);
    await expect(git.commit({ root, message: "Two", all: true, amend: false })).rejects.toMatchObject({
      code: "GIT_FAILED",
      message: "No tests, no commit",
    });
  });

  it.each(["../out.txt", "/etc/passwd", "a/../../b", "C:\\x", "a\0b"])("refuses the path %j", async (path) => {
    using here = await repository();
    const { git, root } = here;
    const refused = { code: "OUTSIDE_WORKSPACE" };
    await expect(git.stage({ root, paths: [path] })).rejects.toMatchObject(refused);
    await expect(git.discard({ root, paths: [path] })).rejects.toMatchObject(refused);
    await expect(git.show({ root, path, version: { staged: true } })).rejects.toMatchObject(refused);
  });

  it("takes no name of a branch or a version for an option", async () => {
    using here = await repository();
    const { git, root } = here;
    await expect(git.checkOut({ root, branch: "--orphan=x" })).rejects.toThrow();
    await expect(git.push({ root, remote: "--receive-pack=touch x" })).rejects.toThrow();
    await expect(git.show({ root, path: "a.txt", version: { commit: "--output=x" } })).rejects.toThrow();
  });

  it("explains a missing repository, a missing name and nothing to commit", async () => {
    using folder = temporaryFolder();
    const workspace = createWorkspace();
    await workspace.open(folder.path);
    const git = createRouterClient(gitRouter(workspace));
    expect(await git.find({ path: folder.path })).toEqual([]);
    await expect(git.status({ root: folder.path })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await git.initialise({ root: folder.path });
    expect(await git.find({ path: folder.path })).toEqual([{ root: folder.path, outside: false }]);
    using here = await repository();
    await expect(here.git.commit({ root: here.root, message: "Nothing", all: true, amend: false })).rejects.toMatchObject({
      code: "GIT_FAILED",
      message: "There is nothing to commit.",
    });
  });
});
