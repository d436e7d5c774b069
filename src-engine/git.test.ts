import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { runGit } from "./git.ts";
import { temporaryFolder } from "./workspace/temporary-folder.ts";

test("runs no program that a repository names: no filter, no watcher, no viewer, no hook, no fetch", async (context) => {
  using folder = temporaryFolder({ "a.txt": "one\n", ".gitattributes": "*.txt filter=evil diff=evil\n" });
  const git = (...parameters: string[]) =>
    spawnSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.com", ...parameters], { cwd: folder.path });
  if (git("init", "-q").status !== 0) return context.skip();
  git("add", ".");
  git("commit", "-qm", "first");
  folder.write({ "a.txt": "two\n" });
  const marks = ["clean", "textconv", "command", "fsmonitor", "hook"].map((name) => [name, folder.at(name)] as const);
  const program = (name: string) => `sh -c 'touch "${folder.at(name)}"; cat'`;
  git("config", "filter.evil.clean", program("clean"));
  git("config", "filter.evil.required", "true");
  git("config", "diff.evil.textconv", program("textconv"));
  git("config", "diff.evil.command", program("command"));
  git("config", "core.fsmonitor", program("fsmonitor"));
  folder.write({ ".git/hooks/post-index-change": `#!/bin/sh\ntouch "${folder.at("hook")}"\n` });
  const diff = await runGit(folder.path, ["diff", "--no-ext-diff", "--no-textconv", "HEAD"], { maxBuffer: 100_000 });
  expect(diff).toContain("-one\n+two\n");
  for (const [name, mark] of marks) expect(existsSync(mark), name).toBe(false);
  // The same without our care does run them, so this test can fail.
  git("diff", "HEAD");
  expect(existsSync(folder.at("clean"))).toBe(true);
});

test.skipIf(process.platform === "win32")(
  "that is not there is said to be missing, also where a folder of PATH may not be used",
  async () => {
    using folder = temporaryFolder({ "bin/git": "no program\n" });
    vi.stubEnv("PATH", folder.at("bin"));
    await expect(runGit(folder.path, ["status"], { maxBuffer: 1000 })).rejects.toMatchObject({ code: "ENOENT" });
    vi.unstubAllEnvs();
  },
);
