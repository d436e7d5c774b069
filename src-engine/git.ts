import { spawn } from "node:child_process";

/** What a run of Git needs besides the words of the command. */
export interface GitOptions {
  /** Bytes of output after which it fails with ERR_CHILD_PROCESS_STDIO_MAXBUFFER. */
  readonly maxBuffer: number;
  readonly signal?: AbortSignal;
  /** What it reads, such as paths, which would be too many for a command line. */
  readonly input?: string;
}

/** How Git failed: `code` is its exit status, or the name of an error of the system. */
export type GitFailure = Error & { readonly code?: unknown; readonly stderr?: string };

/**
 * Runs Git in a folder without running anything that the folder's own settings name: a repository may name programs that watch files,
 * show or filter a diff, or fetch what is missing. Rejects with a {@link GitFailure}.
 */
export async function runGit(folder: string, parameters: readonly string[], options: GitOptions): Promise<string> {
  return (await readWithGit(folder, parameters, options)).toString("utf8");
}

/** Like {@link runGit}, for what may be no text. */
export async function readWithGit(folder: string, parameters: readonly string[], options: GitOptions): Promise<Buffer> {
  const quiet = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false"];
  return git(folder, [...quiet, ...(await withoutFilters(folder, options)), ...parameters], readingOnly, options);
}

/** Runs Git as the user's own terminal would, with hooks, filters and what else is configured, for what changes a repository. */
export async function changeWithGit(folder: string, parameters: readonly string[], options: GitOptions): Promise<string> {
  return (await git(folder, ["-c", "core.quotePath=false", ...parameters], changing(), options)).toString("utf8");
}

/** Empties the filters that stand in the repository itself; those of the user, such as LFS, stay. */
async function withoutFilters(folder: string, options: GitOptions): Promise<string[]> {
  const asked = ["config", "--show-scope", "--null", "--name-only", "--get-regexp", "^filter\\..*\\.(clean|smudge|process|required)$"];
  // It fails where there is none, and outside of a repository.
  const listed = await git(folder, asked, readingOnly, { ...options, input: undefined }).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    if ((error as GitFailure).code === "ENOENT") throw error;
    return "";
  });
  const parts = listed.toString().split("\0");
  const own = parts.flatMap((scope, index) => (scope === "local" || scope === "worktree" ? [parts[index + 1] ?? ""] : []));
  return own.flatMap((name) => ["-c", name.endsWith(".required") ? `${name}=false` : `${name}=`]);
}

/** Nobody sits at a terminal to be asked, and what Git says is understood in English. */
const always = { GIT_TERMINAL_PROMPT: "0", LC_ALL: "C.UTF-8", LANGUAGE: "en" };

const readingOnly = { ...always, GIT_OPTIONAL_LOCKS: "0", GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "none" };

function changing(): NodeJS.ProcessEnv {
  return {
    ...always,
    // Messages come from us. Without a terminal an editor would wait for ever.
    GIT_EDITOR: "true",
    GIT_SSH_COMMAND: process.env.GIT_SSH_COMMAND ?? "ssh -o BatchMode=yes",
  };
}

function git(folder: string, parameters: readonly string[], env: NodeJS.ProcessEnv, options: GitOptions): Promise<Buffer> {
  const { maxBuffer, signal, input } = options;
  return new Promise((resolve, reject) => {
    const child = spawn("git", [...parameters], { cwd: folder, signal, windowsHide: true, env: { ...process.env, ...env } });
    const out: Buffer[] = [];
    const complaints: Buffer[] = [];
    let length = 0;
    // Some of what goes wrong is told as if it were a result.
    const fail = (message: string, code: unknown) =>
      reject(Object.assign(new Error(message), { code, stderr: Buffer.concat(complaints.length > 0 ? complaints : out).toString("utf8") }));
    child.stdout.on("data", (part: Buffer) => {
      length += part.length;
      if (length <= maxBuffer) return void out.push(part);
      child.kill();
      fail("The output of Git is too long.", "ERR_CHILD_PROCESS_STDIO_MAXBUFFER");
    });
    child.stderr.on("data", (part: Buffer) => complaints.push(part));
    // Where a folder of PATH may not be entered the system says that, and not that nothing was found.
    child.on("error", (error: NodeJS.ErrnoException) => reject(error.code === "EACCES" ? Object.assign(error, { code: "ENOENT" }) : error));
    child.on("close", (code) => (code === 0 ? resolve(Buffer.concat(out)) : fail(`Git ended with ${code}.`, code)));
    // It may end before it has read everything.
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
  });
}
