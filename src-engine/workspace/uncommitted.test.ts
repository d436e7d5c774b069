import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";
import { readUncommitted } from "./uncommitted.ts";

function repository(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder(files);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args], { cwd: folder.path, stdio: "pipe" });
  git("init", "-q");
  return { folder, git };
}

test("gives what differs from the last commit, added to the index or not, and names what Git does not know", async () => {
  const { folder, git } = repository({ "src/a.ts": "let a = 1;\n", "src/b.ts": "let b = 1;\n", ".gitignore": "dist\n" });
  using _folder = folder;
  git("add", ".");
  git("commit", "-qm", "First");
  folder.write({ "src/a.ts": "let a = 2;\n", "src/b.ts": "let b = 2;\n", "new ä.ts": "1", "dist/x.js": "1" });
  git("add", "src/a.ts");
  const { diff, staged, untracked } = await readUncommitted(folder.path);
  expect(diff).toContain("+let a = 2;");
  expect(diff).toContain("+let b = 2;");
  expect(staged).toContain("+let a = 2;");
  expect(staged).not.toContain("let b");
  expect(untracked).toEqual(["new ä.ts"]);
});

test("works before the first commit and in a part of the repository", async () => {
  const { folder, git } = repository({ "src/a.ts": "let a = 1;\n", "docs/b.md": "b\n" });
  using _folder = folder;
  git("add", ".");
  const { diff } = await readUncommitted(folder.at("src"));
  expect(diff).toContain("+let a = 1;");
  expect(diff).not.toContain("docs");
});

test("runs no program that the repository names", async () => {
  const { folder, git } = repository({ "a.ts": "1\n", ".gitattributes": "*.ts diff=evil\n" });
  using _folder = folder;
  git("add", ".");
  git("commit", "-qm", "First");
  const ran = folder.at("ran");
  git("config", "core.fsmonitor", `touch ${ran} #`);
  git("config", "diff.evil.textconv", `touch ${ran}; cat`);
  git("config", "diff.evil.command", `touch ${ran}; true`);
  folder.write({ "a.ts": "2\n" });
  const { diff, untracked } = await readUncommitted(folder.path);
  expect(diff).toContain("+2");
  expect(untracked).toEqual([]);
});

test("says so where there is no repository", async () => {
  using folder = temporaryFolder({ "a.ts": "1" });
  await expect(readUncommitted(folder.path)).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("not in a Git repository"),
  });
});
