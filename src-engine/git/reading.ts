import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UserError } from "#core/base/errors";
import type { GitBranch, GitCommit, GitRemote, GitStatus, GitVersion } from "#core/contracts/git";
import { remoteHost, withoutPassword } from "#core/git/remote";
import { parseStatus } from "#core/git/status";
import { type GitFailure, readWithGit, runGit } from "../git.ts";
import { gitError } from "./failure.ts";

/** Bytes of a list of files; more than a million changed files. */
const longestList = 100_000_000;

/** Bytes of one file, as the workbench reads one into an editor. */
const longestFile = 50_000_000;

/** Where a repository stands. */
export async function readStatus(root: string, signal?: AbortSignal): Promise<GitStatus> {
  const [output, operation] = await Promise.all([
    ask(root, ["status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--find-renames"], signal),
    gitFolder(root, signal).then(readOperation),
  ]);
  return { ...parseStatus(output), ...operation };
}

/** The folder in which Git keeps what it knows of this work tree. */
export async function gitFolder(root: string, signal?: AbortSignal): Promise<string> {
  return resolve(root, (await ask(root, ["rev-parse", "--git-dir"], signal)).replace(/\r?\n$/, ""));
}

/** The files by which Git remembers what is going on. */
const operations = {
  MERGE_HEAD: "merge",
  "rebase-merge": "rebase",
  "rebase-apply": "rebase",
  CHERRY_PICK_HEAD: "cherry-pick",
  REVERT_HEAD: "revert",
} as const;

async function readOperation(folder: string): Promise<Pick<GitStatus, "operation" | "proposedMessage">> {
  for (const [file, operation] of Object.entries(operations)) {
    if (!(await exists(join(folder, file)))) continue;
    const message = await readFile(join(folder, "MERGE_MSG"), "utf8").catch(() => "");
    // Lines with a hash are for whoever would edit it.
    const proposedMessage = message.replaceAll(/^#.*\n?/gm, "").trim();
    return { operation, ...(proposedMessage !== "" && { proposedMessage }) };
  }
  return {};
}

/** Those of the paths that Git ignores. */
export async function readIgnored(root: string, paths: readonly string[], signal?: AbortSignal): Promise<string[]> {
  const input = paths.join("\0");
  try {
    const output = await runGit(root, ["check-ignore", "-z", "--stdin"], { maxBuffer: longestList, signal, input });
    return output.split("\0").filter(Boolean);
  } catch (error) {
    // So it says that there is none.
    if ((error as GitFailure).code === 1) return [];
    throw gitError(error, root);
  }
}

const stages = { base: 1, ours: 2, theirs: 3 } as const;

/** A version of a file. Throws NOT_FOUND where there is none, as for a new file in the last commit. */
export async function readVersion(root: string, path: string, version: GitVersion, signal?: AbortSignal): Promise<Buffer> {
  const revision = "commit" in version ? version.commit : "staged" in version ? ":0" : `:${stages[version.conflict]}`;
  try {
    return await readWithGit(root, ["cat-file", "blob", `${revision}:${path}`], { maxBuffer: longestFile, signal });
  } catch (error) {
    const complaint = (error as GitFailure).stderr ?? "";
    if (/exists on disk, but not in|does not exist|Not a valid object name|bad revision|is not in the cache|bad file/i.test(complaint))
      throw new UserError("NOT_FOUND", `${path} is not in that version.`);
    throw gitError(error, root);
  }
}

const field = "%1f";

/** The branches of the repository and of its remotes, the one with the newest commit first. */
export async function readBranches(root: string, signal?: AbortSignal): Promise<GitBranch[]> {
  const parts = ["%(refname)", "%(HEAD)", "%(objectname)", "%(committerdate:unix)", "%(symref)", "%(contents:subject)"];
  const format = parts.join(field);
  const output = await ask(root, ["for-each-ref", "--sort=-committerdate", `--format=${format}`, "refs/heads", "refs/remotes"], signal);
  return output.split("\n").flatMap((line) => {
    const [reference = "", head, commit = "", seconds, symbolic, ...subject] = line.split("\x1f");
    // What a remote calls its main branch is that branch once more.
    if (reference === "" || symbolic !== "") return [];
    const [, kind, ...words] = reference.split("/");
    const remote = kind === "remotes" ? words[0] : undefined;
    return {
      name: words.join("/"),
      ...(remote !== undefined && { remote }),
      current: head === "*",
      commit,
      subject: subject.join("\x1f"),
      time: Number(seconds) * 1000,
    };
  });
}

/** The commits that changed a file, followed through its renamings, the newest first. */
export async function readHistory(root: string, path: string, limit: number, signal?: AbortSignal): Promise<GitCommit[]> {
  const format = `--format=${["%H", "%an", "%at", "%s"].join("%x1f")}`;
  const output = await ask(root, ["--literal-pathspecs", "log", "--follow", `--max-count=${limit}`, format, "--", path], signal);
  return output.split("\n").flatMap((line) => {
    const [id = "", author = "", seconds, ...subject] = line.split("\x1f");
    return id === "" ? [] : { id, author, time: Number(seconds) * 1000, subject: subject.join("\x1f") };
  });
}

/** The remotes that are configured. */
export async function readRemotes(root: string, signal?: AbortSignal): Promise<GitRemote[]> {
  const output = await ask(root, ["remote", "--verbose"], signal);
  const lines = output.split("\n").map((line) => /^([^\t]+)\t(.*) \((?:push|fetch)\)/.exec(line));
  const found = new Map(lines.flatMap((line) => (line ? [[line[1] ?? "", line[2] ?? ""]] : [])));
  return [...found].map(([name, address]) => {
    const host = remoteHost(address);
    return { name, address: withoutPassword(address), ...(host !== undefined && { host }) };
  });
}

/** What was stashed, the newest first. */
export async function readStashes(root: string, signal?: AbortSignal): Promise<{ index: number; message: string }[]> {
  const output = await ask(root, ["stash", "list", "--format=%gs"], signal);
  return output
    .split("\n")
    .filter(Boolean)
    .map((message, index) => ({ index, message }));
}

/** The whole message of the last commit. */
export async function readLastMessage(root: string, signal?: AbortSignal): Promise<string> {
  return (await ask(root, ["log", "-1", "--format=%B"], signal)).trim();
}

async function ask(root: string, parameters: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  try {
    return await runGit(root, parameters, { maxBuffer: longestList, signal });
  } catch (error) {
    throw gitError(error, root);
  }
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
