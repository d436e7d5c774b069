import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { UserError } from "#core/base/errors";

/** How a run of ripgrep ended. `complaints` are what it printed beside the results, such as folders it may not read. */
export interface RipgrepEnd {
  readonly complaints: readonly string[];
}

const longestComplaint = 100_000;

/** The program inside the package; in a packaged application it lies beside the archive, where it can be run. */
export async function ripgrepPath(): Promise<string> {
  try {
    const { rgPath } = await import("@vscode/ripgrep");
    return rgPath.replace(/\bapp\.asar\b(?!\.unpacked)/, "app.asar.unpacked");
  } catch (error) {
    throw new UserError(
      "UNSUPPORTED",
      "The search program (ripgrep) is missing for this system.",
      `Reinstall LocalCoder. ${String(error)}`,
    );
  }
}

/**
 * Runs ripgrep without a shell and hands out what it prints, as fast as it is taken. Leaving the loop or aborting
 * kills it. Throws BAD_INPUT with ripgrep's reason for a pattern, glob or encoding that it does not understand.
 */
export async function* runRipgrep(
  args: readonly string[],
  folder: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, RipgrepEnd, void> {
  signal?.throwIfAborted();
  const child = spawn(await ripgrepPath(), args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  const kill = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", kill);
  const ended = endOf(child);
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const { code, failure, complaint } = await ended;
    if (signal?.aborted) throw new UserError("STOPPED", "The search was stopped.");
    if (failure !== undefined) throw spawnError(failure);
    const reason = code === 2 ? misunderstanding(complaint) : undefined;
    if (reason !== undefined) throw new UserError("BAD_INPUT", reason, "Correct it and search again.");
    if (code === null || code > 2)
      throw new UserError("INTERNAL", `The search program ended by itself. ${complaint.trim()}`, "Search again.");
    return { complaints: complaint.split("\n").filter((line) => line !== "" && !line.includes("File system loop found")) };
  } finally {
    signal?.removeEventListener("abort", kill);
    kill();
  }
}

function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<{ code: number | null; failure?: Error; complaint: string }> {
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (complaint.length < longestComplaint) complaint += text;
  });
  return new Promise((resolve) => {
    child.on("error", (failure) => resolve({ code: null, failure, complaint }));
    child.on("close", (code) => resolve({ code, complaint }));
  });
}

function spawnError(failure: Error): UserError {
  if ("code" in failure && failure.code === "E2BIG")
    return new UserError("BAD_INPUT", "There are too many include and exclude patterns.", "Search with fewer of them.");
  return new UserError("UNSUPPORTED", "The search program (ripgrep) could not be started.", failure.message);
}

/** Ripgrep's reason in one line, when it did not search at all because it did not understand what was asked. */
function misunderstanding(complaint: string): string | undefined {
  const glob = /error parsing glob '(.*)': (.*?)(?: \(maybe|$)/m.exec(complaint);
  if (glob) return `The pattern ${glob[1]?.replace(/^!?\/?/, "")} is not valid: ${glob[2]}.`;
  const encoding = /unknown encoding: (.*)/.exec(complaint);
  if (encoding) return `The search cannot read files in the encoding ${encoding[1]}.`;
  if (/regex parse error|could not be compiled|PCRE2: error|error compiling|literal .* not allowed/.test(complaint)) {
    const reason = /^error: (.*)$/m.exec(complaint)?.[1] ?? /PCRE2: (.*)$/m.exec(complaint)?.[1] ?? firstLine(complaint);
    return `The regular expression is not valid: ${reason}.`;
  }
  if (/compiled regex exceeds size limit/i.test(complaint)) return "The regular expression is too large.";
  return undefined;
}

function firstLine(text: string): string {
  return (text.trim().split("\n")[0] ?? "").replace(/^rg: /, "").replace(/\.$/, "");
}
