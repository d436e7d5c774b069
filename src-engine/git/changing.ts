import { rm } from "node:fs/promises";
import { UserError } from "#core/base/errors";
import { changeWithGit, runGit } from "../git.ts";
import { gitError } from "./failure.ts";
import { readLastMessage, readStatus } from "./reading.ts";

/** Bytes of what a command or a hook prints and nobody reads. */
const longestOutput = 50_000_000;

/** Puts the files, as they are now, into the next commit; one that was deleted as well. */
export function stage(root: string, paths: readonly string[], signal?: AbortSignal): Promise<void> {
  return change(root, [...literally, "add", "--all", ...fromInput], signal, paths);
}

/** Stages a text in the place of a tracked file, which stays as it is on the disk. */
export async function stageContent(root: string, path: string, content: string, signal?: AbortSignal): Promise<void> {
  try {
    const options = { maxBuffer: longestOutput, signal };
    const listed = await runGit(root, ["--literal-pathspecs", "ls-files", "--stage", "-z", "--", path], options);
    const mode = listed.split(" ")[0] || "100644";
    // With the path, so that line ends and filters are those of the file.
    const object = await changeWithGit(root, ["hash-object", "-w", "--stdin", `--path=${path}`], { ...options, input: content });
    await changeWithGit(root, ["update-index", "--add", "--cacheinfo", `${mode},${object.trim()},${path}`], options);
  } catch (error) {
    throw gitError(error, root);
  }
}

/** Takes the files out of the next commit and leaves them as they are. */
export async function unstage(root: string, paths: readonly string[], signal?: AbortSignal): Promise<void> {
  // Before the first commit there is nothing to go back to.
  if (await isBorn(root, signal)) return change(root, [...literally, "reset", "--quiet", ...fromInput], signal, paths);
  return change(root, [...literally, "rm", "--cached", "--quiet", "-r", "--force", ...fromInput], signal, paths);
}

/** Makes tracked files what is staged of them, and deletes those that Git does not know. `at` gives the real place of a path. */
export async function discard(
  root: string,
  paths: readonly string[],
  at: (path: string) => Promise<string>,
  signal?: AbortSignal,
): Promise<void> {
  const { changes } = await readStatus(root, signal);
  const unknown = new Set(changes.filter(({ unstaged }) => unstaged === "untracked").map(({ path }) => path));
  const tracked = paths.filter((path) => !unknown.has(path));
  if (tracked.length > 0) await change(root, [...literally, "checkout", "--quiet", ...fromInput], signal, tracked);
  for (const path of paths) if (unknown.has(path)) await rm(await at(path), { recursive: true, force: true });
}

/** Makes a commit of what is staged; with `all` of everything that is tracked. */
export function commit(
  root: string,
  { message, all, amend }: { message: string; all: boolean; amend: boolean },
  signal?: AbortSignal,
): Promise<void> {
  const options = [...(all ? ["--all"] : []), ...(amend ? ["--amend"] : [])];
  return change(root, ["commit", "--cleanup=strip", "--file=-", ...options], signal, [message]);
}

/** Takes the last commit back and leaves its changes staged; gives its message. */
export async function undoCommit(root: string, signal?: AbortSignal): Promise<string> {
  const message = await readLastMessage(root, signal);
  const parents = await runGit(root, ["rev-list", "--parents", "--max-count=1", "HEAD"], { maxBuffer: 10_000, signal });
  const count = parents.trim().split(" ").length - 1;
  if (count > 1) throw new UserError("UNSUPPORTED", "The last commit is a merge and is not taken back.", "Use git reset in a terminal.");
  await change(root, count === 0 ? ["update-ref", "-d", "HEAD"] : ["reset", "--soft", "HEAD^"], signal);
  return message;
}

/** Makes a repository of a folder, with the first branch named as the user's settings say, else main. */
export async function initialise(root: string, signal?: AbortSignal): Promise<void> {
  const named = runGit(root, ["config", "--get", "init.defaultBranch"], { maxBuffer: 10_000, signal });
  const isNamed = await named.then(
    () => true,
    () => false,
  );
  return change(root, ["init", "--quiet", ...(isNamed ? [] : ["--initial-branch=main"])], signal);
}

/** Checks out a branch; one of a remote under its own name, which then follows it. */
export async function checkOut(root: string, branch: string, remote: string | undefined, signal?: AbortSignal): Promise<void> {
  if (remote === undefined) return change(root, ["checkout", "--quiet", branch, "--"], signal);
  const name = branch.slice(remote.length + 1);
  const known = await runGit(root, ["rev-parse", "--verify", "--quiet", `refs/heads/${name}`], { maxBuffer: 1000, signal }).then(
    ...([() => true, () => false] as const),
  );
  return change(root, known ? ["checkout", "--quiet", name, "--"] : ["checkout", "--quiet", "--track", branch], signal);
}

/** Ends what is going on as if it had not begun, or goes on with it. */
export async function endOperation(root: string, how: "abort" | "continue", signal?: AbortSignal): Promise<void> {
  const { operation } = await readStatus(root, signal);
  if (operation === undefined) throw new UserError("NOT_FOUND", "Nothing is going on that could be ended.");
  return change(root, [operation, `--${how}`], signal);
}

/** Runs one command that changes a repository, as the user would; `lines` are what it reads, paths or a message. */
export async function change(
  root: string,
  parameters: readonly string[],
  signal?: AbortSignal,
  lines: readonly string[] = [],
): Promise<void> {
  try {
    await changeWithGit(root, parameters, { maxBuffer: longestOutput, signal, input: lines.join("\0") });
  } catch (error) {
    throw gitError(error, root);
  }
}

/** Paths are taken as they are, whatever stars stand in them. */
const literally = ["--literal-pathspecs"];

const fromInput = ["--pathspec-from-file=-", "--pathspec-file-nul"];

const isBorn = (root: string, signal: AbortSignal | undefined) =>
  runGit(root, ["rev-parse", "--verify", "--quiet", "HEAD"], { maxBuffer: 1000, signal }).then(
    () => true,
    () => false,
  );
