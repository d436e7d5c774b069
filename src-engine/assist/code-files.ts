import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { isExcluded } from "#core/completion/exclusion";
import type { Settings } from "#core/settings/schema";
import { createExclusions } from "../completion/context/exclusions.ts";
import { walk } from "../project/walk.ts";

/** A folder with more is not gone through by an action. */
const mostFiles = 5000;

/** The files of code and of tests in a folder, without those that ignore files or the user exclude, that hold secrets, or come from others. */
export async function codeFiles(
  { folder, workspace }: { readonly folder: string; readonly workspace?: string | undefined },
  settings: { current(workspace?: string): Settings },
  signal?: AbortSignal,
): Promise<{ files: string[]; full: boolean }> {
  const root = await realpath(folder).catch(() => folder);
  const excluded = settings.current(workspace)["localcoder.completion.exclude"];
  const byUser = (path: string) => isExcluded(excluded, { path: `${root}/${path}`, workspace: workspace ?? root }, process.platform);
  const { files, full } = await walk(root, createExclusions(root, byUser), mostFiles, signal ?? new AbortController().signal);
  const ofCode = [...files].filter(([, { kind }]) => kind === "code" || kind === "test").map(([path]) => path);
  return { files: ofCode.sort().map((path) => join(folder, path)), full };
}
