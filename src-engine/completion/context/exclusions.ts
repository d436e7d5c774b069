import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import createIgnore, { type Ignore } from "ignore";
import { ignoreFiles, isNeverRead } from "#core/context/exclusions";

/** What of a workspace is never read for context. Paths are relative to it, with `/` between parts. */
export interface Exclusions {
  /** About one entry of a folder that is itself not excluded. */
  ofEntry(path: string, kind: "file" | "folder"): Promise<boolean>;
  /** About a place, with every folder above it. */
  of(path: string, kind: "file" | "folder"): Promise<boolean>;
}

/** One ignore file, by the place among {@link ignoreFiles}: each kind is a chain of its own, so that none lifts what another forbids. */
type Rules = readonly (Ignore | undefined)[];

/**
 * Reads the ignore files of a folder and of those above it up to the repository's root, each once: for what changes, make a new
 * one. @param root the real path of the workspace. @param byUser what the user's settings exclude of it.
 */
export function createExclusions(root: string, byUser: (path: string) => boolean = () => false): Exclusions {
  const rules = new Map<string, Promise<Rules>>();
  let found: Promise<string> | undefined;

  /** Where the ignore files begin that count for the workspace. */
  const topmost = () => {
    found ??= repositoryOf(root);
    return found;
  };

  function rulesOf(folder: string, top: string): Promise<Rules> {
    const known = rules.get(folder) ?? readRules(folder, folder === top);
    rules.set(folder, known);
    return known;
  }

  async function ofEntry(path: string, kind: "file" | "folder"): Promise<boolean> {
    const place = join(root, path);
    if (isNeverRead(place.slice(place.lastIndexOf(sep) + 1), kind) || byUser(path)) return true;
    const top = await topmost();
    const verdicts = ignoreFiles.map(() => false);
    for (const folder of foldersBetween(top, dirname(place))) {
      const name = relative(folder, place).replaceAll(sep, "/") + (kind === "folder" ? "/" : "");
      (await rulesOf(folder, top)).forEach((ignore, index) => {
        if (ignore === undefined) return;
        const { ignored, unignored } = ignore.test(name);
        if (ignored) verdicts[index] = true;
        else if (unignored) verdicts[index] = false;
      });
    }
    return verdicts.includes(true);
  }

  return {
    ofEntry,
    async of(path, kind) {
      const parts = path.split("/");
      for (let count = 1; count < parts.length; count += 1) if (await ofEntry(parts.slice(0, count).join("/"), "folder")) return true;
      return path !== "" && (await ofEntry(path, kind));
    },
  };
}

async function readRules(folder: string, isTop: boolean): Promise<Rules> {
  const there = new Set(await readdir(folder).catch(() => []));
  return Promise.all(
    ignoreFiles.map(async (name) => {
      const texts = there.has(name) ? [await textOf(join(folder, name))] : [];
      if (isTop && name === ".gitignore" && there.has(".git")) texts.unshift(await textOf(join(folder, ".git", "info", "exclude")));
      return texts.length === 0 ? undefined : createIgnore().add(texts.join("\n"));
    }),
  );
}

async function textOf(file: string): Promise<string> {
  // Missing, or a folder of that name: nothing is excluded by it.
  const text = await readFile(file, "utf8").catch(() => "");
  return text.replace(/^\uFEFF/, "");
}

/** The repository a folder belongs to, else the folder itself. */
async function repositoryOf(root: string): Promise<string> {
  for (let folder = root; ; folder = dirname(folder)) {
    const isRepository = await stat(join(folder, ".git")).then(
      () => true,
      () => false,
    );
    if (isRepository) return folder;
    if (folder === dirname(folder)) return root;
  }
}

/** From the upper folder down to the lower one. */
function foldersBetween(upper: string, lower: string): string[] {
  const folders: string[] = [];
  for (let folder = lower; folder.length >= upper.length; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === upper || folder === dirname(folder)) break;
  }
  return folders;
}
