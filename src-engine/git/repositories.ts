import { readdir, realpath, stat } from "node:fs/promises";
import { join, normalize } from "node:path";
import { type GitFailure, runGit } from "../git.ts";
import { gitError } from "./failure.ts";

/** A repository that was found, and whether its root lies above the folder that was asked about. */
export interface FoundRepository {
  readonly root: string;
  readonly outside: boolean;
}

const options = { maxBuffer: 100_000 };

/**
 * The repository that a folder lies in, else those directly below it. Roots are named below `given`, the folder as its user names it,
 * unless they are above it.
 */
export async function findRepositories(given: string, real: string, signal?: AbortSignal): Promise<FoundRepository[]> {
  const above = await topOf(real, signal);
  if (above === real) return [{ root: given, outside: false }];
  if (above !== undefined) return [{ root: above, outside: true }];
  const entries = await readdir(real, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const known = await Promise.all(folders.map(async (name) => (await hasRepository(join(real, name))) && name));
  return known.filter((name) => name !== false).map((name) => ({ root: join(given, name), outside: false }));
}

async function topOf(folder: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    const top = await runGit(folder, ["rev-parse", "--show-toplevel"], { ...options, signal });
    return await realpath(normalize(top.replace(/\r?\n$/, "")));
  } catch (error) {
    if (/not a git repository|must be run in a work tree/i.test((error as GitFailure).stderr ?? "")) return undefined;
    throw gitError(error, folder);
  }
}

/** A submodule and a further work tree have a file of that name. */
const hasRepository = (folder: string) =>
  stat(join(folder, ".git")).then(
    () => true,
    () => false,
  );
