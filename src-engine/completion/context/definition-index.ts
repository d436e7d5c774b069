import { readdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Definition, LocatedDefinition } from "#core/context/definition";
import type { KnownFiles } from "#core/context/imports";
import { codeLanguageOf, type Family, familyOf } from "#core/context/languages";
import type { Parsers } from "../../syntax/parser.ts";
import { definitionsIn } from "./definitions.ts";
import type { Exclusions } from "./exclusions.ts";
import { type FileStamp, pathIn, readSource, stampOf } from "./source-file.ts";

/** What the files of one workspace define, for one family of languages. In memory only. */
export interface DefinitionIndex {
  readonly files: KnownFiles;
  named(name: string): readonly LocatedDefinition[];
  in(path: string): readonly Definition[];
  /** Reads what is new or has changed, and forgets what is gone or excluded now; begins in the folder of a document. */
  refresh(exclusions: Exclusions, from: string, signal: AbortSignal): Promise<void>;
  /** Reads one file again. */
  update(path: string, exclusions: Exclusions, signal: AbortSignal): Promise<void>;
}

interface IndexedFile {
  readonly stamp: FileStamp;
  readonly definitions: readonly Definition[];
  readonly characters: number;
}

/** Bounds of an index: files looked at, and characters of signatures kept. */
const mostFiles = 5000;
const mostCharacters = 8_000_000;
const mostFolders = 20_000;

/** Creates a {@link DefinitionIndex} that knows nothing yet. @param root the real path of the workspace. */
export function createDefinitionIndex(root: string, family: Family, parsers: Pick<Parsers, "parse">): DefinitionIndex {
  const indexed = new Map<string, IndexedFile>();
  const folders = new Map<string, Set<string>>();
  const byName = new Map<string, LocatedDefinition[]>();
  let characters = 0;

  function forget(path: string): void {
    const file = indexed.get(path);
    if (file === undefined) return;
    indexed.delete(path);
    folders.get(folderOf(path))?.delete(path);
    characters -= file.characters;
    for (const name of new Set(file.definitions.flatMap(namesOf))) {
      const rest = byName.get(name)?.filter((located) => located.path !== path) ?? [];
      if (rest.length > 0) byName.set(name, rest);
      else byName.delete(name);
    }
  }

  function remember(path: string, file: IndexedFile): void {
    forget(path);
    indexed.set(path, file);
    folders.set(folderOf(path), (folders.get(folderOf(path)) ?? new Set()).add(path));
    characters += file.characters;
    for (const definition of file.definitions) {
      for (const name of new Set(namesOf(definition))) {
        const located = byName.get(name) ?? [];
        located.push({ path, definition });
        byName.set(name, located);
      }
    }
  }

  /** Reads a file that is not excluded, unless it is as it was. */
  async function read(path: string, signal: AbortSignal): Promise<void> {
    const file = pathIn(root, path);
    const stamp = await stampOf(file);
    const known = indexed.get(path);
    if (stamp === undefined) return forget(path);
    if (known?.stamp.bytes === stamp.bytes && known.stamp.modified === stamp.modified) return;
    const began = performance.now();
    const text = await readSource(file);
    const definitions = text === undefined ? [] : await definitionsOf(path, text, signal);
    const size = definitions.reduce(
      (sum, { text, members }) => sum + text.length + members.reduce((all, member) => all + member.text.length, 0),
      0,
    );
    if (characters - (known?.characters ?? 0) + size > mostCharacters) return forget(path);
    remember(path, { stamp, definitions, characters: size });
    // Half of one processor at most: the model and the window want theirs.
    await pause(Math.min(200, performance.now() - began), undefined, { signal });
  }

  async function definitionsOf(path: string, text: string, signal: AbortSignal): Promise<readonly Definition[]> {
    const tree = await parsers.parse(codeLanguageOf(path) ?? "", text, { signal });
    if (tree === undefined) return [];
    try {
      return definitionsIn(tree.rootNode);
    } finally {
      tree.delete();
    }
  }

  const isOurs = (name: string) => {
    const language = codeLanguageOf(name);
    return language !== undefined && familyOf(language) === family;
  };

  return {
    files: { has: (path) => indexed.has(path), in: (folder) => [...(folders.get(folder) ?? [])] },
    named: (name) => byName.get(name) ?? [],
    in: (path) => indexed.get(path)?.definitions ?? [],

    async refresh(exclusions, from, signal) {
      const seen = new Set<string>();
      const visited = new Set<string>();
      // What lies near the document first: in a huge workspace the rest is never reached.
      const waiting: string[] = [];
      for (const folder of ancestorsOf(folderOf(from))) if (!(await exclusions.of(folder, "folder"))) waiting.push(folder);
      for (const folder of waiting) {
        if (visited.size >= mostFolders || seen.size >= mostFiles) break;
        if (visited.has(folder)) continue;
        visited.add(folder);
        signal.throwIfAborted();
        for (const { path, kind } of await entriesOf(root, folder)) {
          if (kind === "file" && (seen.size >= mostFiles || !isOurs(path))) continue;
          if (await exclusions.ofEntry(path, kind)) continue;
          if (kind === "folder") waiting.push(path);
          else {
            seen.add(path);
            await read(path, signal);
          }
        }
      }
      for (const path of [...indexed.keys()]) if (!seen.has(path)) forget(path);
    },

    async update(path, exclusions, signal) {
      if (!isOurs(path)) return;
      if (await exclusions.of(path, "file")) forget(path);
      else if (indexed.has(path) || indexed.size < mostFiles) await read(path, signal);
    },
  };
}

function namesOf({ name, members }: Definition): string[] {
  return [name, ...members.map((member) => member.name)];
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function* ancestorsOf(folder: string): Generator<string> {
  for (let at = folder; at !== ""; at = folderOf(at)) yield at;
  yield "";
}

/** Files and folders, without links: they lead elsewhere, or to what is read anyway. */
async function entriesOf(root: string, folder: string): Promise<{ path: string; kind: "file" | "folder" }[]> {
  try {
    const entries = await readdir(pathIn(root, folder), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map((entry) => ({ path: folder === "" ? entry.name : `${folder}/${entry.name}`, kind: entry.isFile() ? "file" : "folder" }));
  } catch {
    // Gone meanwhile, or not ours to read.
    return [];
  }
}
