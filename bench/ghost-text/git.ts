import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

/** The most bytes of one file, and of all files of a repository, that are read. */
const most = 256 * 2 ** 20;

/** The content of a file at a commit, from a clone or from a git directory alone. */
export function fileAt(repository: string, commit: string, path: string): Buffer {
  return execFileSync("git", ["-C", repository, "show", `${commit}:${path}`], { maxBuffer: most, stdio: ["ignore", "pipe", "inherit"] });
}

/** Writes all files of a commit into a folder. */
export function writeFilesOf(repository: string, commit: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync("git", ["-C", repository, "archive", commit], { maxBuffer: most, stdio: ["ignore", "pipe", "inherit"] });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
}
