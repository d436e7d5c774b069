import { realpath } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { createExclusions } from "#engine/completion/context/exclusions";
import { pathIn, placeIn, readSource } from "#engine/completion/context/source-file";
import { type Aliases, filesFor } from "./alias-files.ts";
import { aliasesIn } from "./aliases.ts";

/** The files of a project that a document imports from, and those that they do. Each names others in its own way. */
export interface Neighbours {
  /** Places by the names under which the document imports them. */
  readonly imports: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly text: string; readonly imports: Readonly<Record<string, string>> }>>;
}

/** What is needed to find {@link Neighbours}. */
interface Importing {
  readonly languageId: string;
  readonly path: string;
  readonly text: string;
  readonly workspace?: string | undefined;
}

/** Functions that need more than that are not compared. */
const mostFiles = 24;

const none: Neighbours = { imports: {}, files: {} };

/** Finds the files that a document imports from, within its workspace and nothing that is excluded there. */
export async function neighboursOf({ languageId, path, text, workspace }: Importing, signal?: AbortSignal): Promise<Neighbours> {
  if (workspace === undefined) return none;
  const root = await realpath(workspace).catch(() => workspace);
  const exclusions = createExclusions(root);
  const files: Record<string, { text: string; imports: Record<string, string> }> = {};
  const isPython = languageId === "python";
  const aliases = new Map<string, Aliases>();
  const own = { text, imports: {} as Record<string, string> };
  const waiting = [{ file: own, folder: await realpath(dirname(path)).catch(() => dirname(path)) }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    signal?.throwIfAborted();
    const { folder } = next;
    if (!isPython && !aliases.has(folder)) aliases.set(folder, await aliasesIn(folder, root));
    const candidates = isPython ? pythonFiles(next.file.text, folder, root) : scriptFiles(next.file.text, folder, aliases.get(folder));
    for (const [named, paths] of candidates) {
      const place = await firstOf(paths, root, async (each) => files[each] !== undefined || !(await exclusions.of(each, "file")));
      if (place === undefined) continue;
      if (files[place] === undefined) {
        const found = Object.keys(files).length < mostFiles ? await readSource(pathIn(root, place)) : undefined;
        if (found === undefined) continue;
        files[place] = { text: found, imports: {} };
        waiting.push({ file: files[place], folder: dirname(pathIn(root, place)) });
      }
      next.file.imports[named] = place;
    }
  }
  return { imports: own.imports, files };
}

async function firstOf(paths: readonly string[], root: string, isMeant: (place: string) => Promise<boolean>): Promise<string | undefined> {
  for (const path of paths) {
    if (relative(root, path).startsWith("..")) continue;
    const place = await placeIn(root, path);
    if (place !== undefined && /\.\w+$/.test(place) && (await isMeant(place))) return place;
  }
  return undefined;
}

/** The files that a name may mean. */
type Candidates = readonly (readonly [string, readonly string[]])[];

const scriptEndings = [".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts"];

/** What scripts import by a path, or by another name for one. In TypeScript a `.js` may mean what it is made from. */
function scriptFiles(text: string, folder: string, aliases: Aliases = {}): Candidates {
  return Array.from(text.matchAll(/\bfrom\s*["']([^"'\n]+)["']/g), ([, named = ""]) => {
    const paths = /^\.{1,2}\//.test(named) ? [join(folder, named)] : filesFor(named, aliases);
    return [named, paths.flatMap(withEndings)] as const;
  });
}

function withEndings(path: string): readonly string[] {
  const bare = path.replace(/\.([mc]?)js(x?)$/, "");
  const made = bare === path ? [] : scriptEndings.map((ending) => bare + ending);
  return [path, ...made, ...scriptEndings.flatMap((ending) => [path + ending, join(path, `index${ending}`)])];
}

/** What Python imports from modules of its package, of its folder, or of the project: names of them, or they themselves. */
function pythonFiles(text: string, folder: string, root: string): Candidates {
  return pythonModules(text).map((named) => {
    const [, dots = "", name = ""] = /^(\.*)(.*)$/.exec(named) ?? [];
    const parts = name.split(".").filter(Boolean);
    const up = Array.from({ length: Math.max(0, dots.length - 1) }, () => "..");
    const folders = dots === "" ? [folder, root, join(root, "src")] : [join(folder, ...up)];
    const paths = folders.map((each) => join(each, ...parts));
    return [named, paths.flatMap((path) => [`${path}.py`, join(path, "__init__.py")])] as const;
  });
}

/** The modules that a text in Python may import, with the dots before them. */
function pythonModules(text: string): readonly string[] {
  const listed = (names: string) => Array.from(names.matchAll(/(?:^|,)[\s(]*([\w.]+)/g), ([, name = ""]) => name);
  const whole = Array.from(text.matchAll(/^[ \t]*import[ \t]+([^\n#;]+)/gm), ([, names = ""]) => listed(names)).flat();
  const parts = Array.from(
    text.matchAll(/^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import\b[ \t]*(\([^)]*\)|[^\n#;]*)/gm),
    ([, module = "", names = ""]) => [
      module,
      ...listed(names).map((name) => (/(?:^|\.)$/.test(module) ? module + name : `${module}.${name}`)),
    ],
  );
  return [...new Set([...whole, ...parts.flat()])];
}
