import { UserError } from "#core/base/errors";
import type { GitFailure } from "../git.ts";

/** Says in one sentence why Git failed, with a way out where there is one; what Git said stays whole. */
export function gitError(error: unknown, folder: string): unknown {
  const { name, code, stderr = "" } = error as GitFailure;
  if (name === "AbortError") return new UserError("STOPPED", "Stopped.");
  if (code === "ENOENT") return new UserError("UNSUPPORTED", "Git was not found on this machine.", "Install it, then reload the window.");
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER")
    return new UserError("TOO_LARGE", `There is more to show of ${folder} than fits.`, "Look at it in a terminal.");
  // A string is an error of the system, and undefined one of ours.
  if (typeof code !== "number" && code !== null) return error;
  const known = sentences.find(({ pattern }) => pattern.test(stderr));
  if (known) return known.error(folder, pattern(known.pattern, stderr));
  const [first = "", ...others] = said(stderr);
  return new UserError("GIT_FAILED", first || "Git failed and said nothing.", others.join(" ") || undefined);
}

/** The lines of a complaint, without the words for "error" and without what Git advises for its command line. */
function said(stderr: string): string[] {
  const lines = stderr.split(/\r?\n/).filter((line) => line.trim() !== "" && !/^(hint|warning):/.test(line));
  return lines.map((line) => line.replace(/^(error|fatal): /, "").trim());
}

const pattern = (expression: RegExp, text: string) => expression.exec(text)?.[1] ?? "";

/** What a user meets often, in our words. */
const sentences: readonly { readonly pattern: RegExp; error(folder: string, found: string): UserError }[] = [
  {
    pattern: /not a git repository/i,
    error: (folder) => new UserError("NOT_FOUND", `${folder} is not in a Git repository.`, "Initialize one in the source control view."),
  },
  {
    pattern: /dubious ownership/i,
    error: (folder) =>
      new UserError(
        "NO_PERMISSION",
        `Git does not touch ${folder}, because it belongs to another user.`,
        `If you trust it: git config --global --add safe.directory "${folder}"`,
      ),
  },
  {
    pattern: /unable to auto-detect email address|please tell me who you are|empty ident name/i,
    error: () =>
      new UserError(
        "GIT_FAILED",
        "Git does not know who you are, so it makes no commit.",
        'In a terminal: git config --global user.name "Your Name", and user.email the same way.',
      ),
  },
  {
    pattern: /Unable to create '(.*\.lock)': File exists/,
    error: (_, lock) =>
      new UserError("GIT_FAILED", "Another Git command is at work in this repository.", `Try again; if none is, delete ${lock}.`),
  },
  {
    pattern: /\[rejected\]|non-fast-forward|fetch first/,
    error: () => new UserError("GIT_FAILED", "The remote branch has commits that this one does not have.", "Pull first."),
  },
  {
    pattern: /could not read (?:Username|Password)|Authentication failed|Permission denied \(|Host key verification failed/,
    error: () =>
      new UserError(
        "GIT_FAILED",
        "The remote does not know who you are.",
        "Do it once in a terminal, where it can ask, or set up a credential helper or an SSH agent.",
      ),
  },
  {
    pattern: /Could not resolve host(?:name)?:? ([^\s;]+)|unable to access '([^']+)'|Could not read from remote repository/,
    error: (_, host) =>
      new UserError("SERVER_UNREACHABLE", `The remote${host && ` ${host}`} cannot be reached.`, "Look at its address and the network."),
  },
  {
    pattern: /nothing to commit|no changes added to commit/,
    error: () => new UserError("GIT_FAILED", "There is nothing to commit.", "Stage a change first."),
  },
];
