import { UserError } from "#core/base/errors";
import { type GitFailure, runGit } from "../git.ts";

/** What differs from the last commit. */
export interface Uncommitted {
  /** A unified diff of what is tracked; empty for none. */
  readonly diff: string;
  /** The part of it that is staged for the next commit. */
  readonly staged: string;
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
  const [diff, staged, others] = await Promise.all([
    git(folder, ["diff", ...(born ? ["HEAD"] : ["--cached"]), ...common], signal),
    git(folder, ["diff", "--cached", ...common], signal),
    git(folder, ["ls-files", "--others", "--exclude-standard", "-z"], signal),
  ]);
  return { diff, staged, untracked: others.split("\0").filter(Boolean) };
}

async function git(folder: string, parameters: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  try {
    return await runGit(folder, parameters, { maxBuffer: longestDiff, signal });
  } catch (error) {
    throw explain(error as GitFailure, folder) ?? error;
  }
}

function explain(error: GitFailure, folder: string): UserError | undefined {
  if (error.name === "AbortError") return new UserError("STOPPED", "Stopped.");
  if (error.code === "ENOENT") return new UserError("UNSUPPORTED", "Git was not found on this machine.", "Install it, or attach files.");
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER")
    return new UserError("TOO_LARGE", "The uncommitted changes are longer than 2 MB.", "Commit some, or attach single files.");
  if (/not a git repository/i.test(error.stderr ?? ""))
    return new UserError("NOT_FOUND", `${folder} is not in a Git repository.`, "Open a folder that is in one, or attach files.");
  return undefined;
}
