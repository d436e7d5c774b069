import { execFile } from "node:child_process";

/** What {@link runGit} needs besides the words of the command. */
export interface GitOptions {
  /** Bytes of output after which it fails with ERR_CHILD_PROCESS_STDIO_MAXBUFFER. */
  readonly maxBuffer: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs Git in a folder without running anything that the folder's own settings name: a repository may name programs that watch files,
 * show or filter a diff, or fetch what is missing. Rejects as execFile does, with `stderr`.
 */
export async function runGit(folder: string, parameters: readonly string[], options: GitOptions): Promise<string> {
  const quiet = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false"];
  return git(folder, [...quiet, ...(await withoutFilters(folder, options)), ...parameters], options);
}

/** Empties the filters that stand in the repository itself; those of the user, such as LFS, stay. */
async function withoutFilters(folder: string, options: GitOptions): Promise<string[]> {
  const asked = ["config", "--show-scope", "--null", "--name-only", "--get-regexp", "^filter\\..*\\.(clean|smudge|process|required)$"];
  // It fails where there is none, and outside of a repository.
  const listed = await git(folder, asked, options).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    if ((error as { code?: unknown }).code === "ENOENT") throw error;
    return "";
  });
  const parts = listed.split("\0");
  const own = parts.flatMap((scope, index) => (scope === "local" || scope === "worktree" ? [parts[index + 1] ?? ""] : []));
  return own.flatMap((name) => ["-c", name.endsWith(".required") ? `${name}=false` : `${name}=`]);
}

function git(folder: string, parameters: readonly string[], { maxBuffer, signal }: GitOptions): Promise<string> {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "none", GIT_TERMINAL_PROMPT: "0" };
  return new Promise((resolve, reject) => {
    execFile("git", [...parameters], { cwd: folder, maxBuffer, signal, windowsHide: true, env }, (error, out, complaint) => {
      if (error) reject(Object.assign(error, { stderr: complaint }));
      else resolve(out);
    });
  });
}
