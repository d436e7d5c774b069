import { readFile, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "#core/base/errors";
import { foldersNamed } from "#core/desktop/workspace-file";

/** The folders of a workspace: itself, or those that a .code-workspace file names. */
export async function foldersOf(workspace: string | undefined): Promise<readonly string[]> {
  if (workspace === undefined) return [];
  if (!workspace.endsWith(".code-workspace")) return [workspace];
  const text = await readFile(workspace, "utf8").catch(() => "");
  return foldersNamed(text).flatMap(({ path, uri }) => {
    if (path !== undefined) return [resolve(dirname(workspace), path)];
    return uri?.startsWith("file:") && URL.canParse(uri) ? [fileURLToPath(uri)] : [];
  });
}

/**
 * Where a path that a page wants in the trash lies once all links before its last name are followed: a link itself can be thrown away, and
 * nothing behind one that leads out. Throws OUTSIDE_WORKSPACE for what does not lie below one of the folders.
 */
export async function trashable(path: string, folders: readonly string[]): Promise<string> {
  const parent = await realpath(dirname(path)).catch(() => {
    throw new UserError("NOT_FOUND", `${path} is not there any more.`, "Look at its folder again.");
  });
  const real = join(parent, basename(path));
  for (const folder of folders) {
    const within = await realpath(folder).catch(() => undefined);
    if (within !== undefined && isBelow(real, within)) return real;
  }
  throw new UserError("OUTSIDE_WORKSPACE", `${path} lies outside the workspace.`, "Open the folder that holds it first, then try again.");
}

function isBelow(path: string, folder: string): boolean {
  const rest = relative(folder, path);
  return rest !== "" && rest.split(sep)[0] !== ".." && !isAbsolute(rest);
}
