import { execFile } from "node:child_process";
import { UserError } from "#core/base/errors";

/** What differs from the last commit. */
export interface Uncommitted {
  /** A unified diff of what is tracked; empty for none. */
  readonly diff: string;
  /** Files that Git does not know yet, from the folder. */
  readonly untracked: string[];
}

/** Bytes of a diff: more fits into no model that runs here. */
const longestDiff = 2_000_000;

/** Asks Git what differs from the last commit below a folder. Nothing of the folder's own settings is run. */
export async function readUncommitted(folder: string, signal?: AbortSignal): Promise<Uncommitted> {
  const common = ["--no-color", "--no-ext-diff", "--no-textconv", "--relative"];
  const born = await git(folder, ["rev-parse", "--verify", "--quiet", "HEAD"], signal).then(
    () => true,
    (error: unknown) => {
      if (error instanceof UserError) throw error;
      return false;
    },
  );
  // Before the first commit there is only what was added.
  const [diff, others] = await Promise.all([
    git(folder, ["diff", ...(born ? ["HEAD"] : ["--cached"]), ...common], signal),
    git(folder, ["ls-files", "--others", "--exclude-standard", "-z"], signal),
  ]);
  return { diff, untracked: others.split("\0").filter(Boolean) };
}

function git(folder: string, args: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    // A repository may name programs that Git starts by itself: to watch files, or to show a diff.
    const quiet = ["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"];
    const options = { cwd: folder, maxBuffer: longestDiff, signal, windowsHide: true, env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" } };
    execFile("git", [...quiet, ...args], options, (error, out, complaint) => {
      if (!error) return resolve(out);
      reject(explain(error, complaint, folder) ?? error);
    });
  });
}

function explain(error: Error & { code?: unknown }, complaint: string, folder: string): UserError | undefined {
  if (error.name === "AbortError") return new UserError("STOPPED", "Stopped.");
  if (error.code === "ENOENT") return new UserError("UNSUPPORTED", "Git was not found on this machine.", "Install it, or attach files.");
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER")
    return new UserError("TOO_LARGE", "The uncommitted changes are longer than 2 MB.", "Commit some, or attach single files.");
  if (/not a git repository/i.test(complaint))
    return new UserError("NOT_FOUND", `${folder} is not in a Git repository.`, "Attach files instead.");
  return undefined;
}
