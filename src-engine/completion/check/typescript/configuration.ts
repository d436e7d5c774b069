import { dirname } from "node:path/posix";
import ts from "typescript-language-service";
import type { Files } from "./files.ts";
import { matchFiles } from "./internals.ts";

/** How the project of a document is compiled. */
export interface Configuration {
  /** Tells configurations apart. */
  readonly key: string;
  readonly options: ts.CompilerOptions;
  /** Declaration files of the project that nobody has to import. */
  readonly declarations: readonly string[];
  /** True where a file says what is declared; elsewhere any name may be a global of the runtime. */
  readonly isStated: boolean;
}

const names = ["tsconfig.json", "jsconfig.json"];
/** A project with more folders than this is looked at without its declaration files. */
const mostFolders = 2_000;

/** Finds the configuration of the nearest folder that has one, up to the workspace. */
export function configurationOf(path: string, root: string, files: Files): Configuration {
  for (let folder = dirname(path); folder.length >= root.length; folder = dirname(folder)) {
    for (const name of names) {
      const file = `${folder}/${name}`;
      const text = files.exists(file) ? files.read(file) : undefined;
      if (text !== undefined) return readConfiguration(file, path, files);
    }
    if (folder === dirname(folder)) break;
  }
  return { key: root, options: withOurs({}), declarations: [], isStated: false };
}

function readConfiguration(file: string, path: string, files: Files): Configuration {
  const parsed = parse(file, files);
  // A file that only names others: the one that has the document counts.
  for (const { path: reference } of parsed.projectReferences ?? []) {
    if (parsed.fileNames.includes(path)) break;
    const target = /\.json$/.test(reference) ? reference : `${reference}/tsconfig.json`;
    if (!files.exists(target)) continue;
    const other = parse(target, files);
    if (other.fileNames.includes(path)) return configuration(target, other);
  }
  return configuration(file, parsed);
}

function configuration(file: string, parsed: ts.ParsedCommandLine): Configuration {
  return {
    key: file,
    options: withOurs(parsed.options),
    declarations: parsed.fileNames.filter((name) => /\.d\.[cm]?ts$/.test(name)),
    isStated: true,
  };
}

function parse(file: string, files: Files): ts.ParsedCommandLine {
  let folders = 0;
  const host: ts.ParseConfigHost = {
    useCaseSensitiveFileNames: true,
    fileExists: files.exists,
    readFile: files.read,
    readDirectory(folder, extensions, exclude, include, depth) {
      return [...matchFiles(folder, extensions, exclude, include, true, folder, depth, entriesOf, files.realPath)];
    },
  };
  function entriesOf(folder: string) {
    folders += 1;
    return folders > mostFolders ? { files: [], directories: [] } : files.entries(folder);
  }
  const { config } = ts.readConfigFile(file, files.read);
  return ts.parseJsonConfigFileContent(config ?? {}, host, dirname(file), undefined, file);
}

/** What is not stated is taken as for new code; what would only cost time is left out. */
function withOurs(stated: ts.CompilerOptions): ts.CompilerOptions {
  const modern = stated.target === undefined && stated.lib === undefined;
  const modules = stated.module === undefined && stated.moduleResolution === undefined;
  return {
    ...stated,
    ...(modern && { target: ts.ScriptTarget.ESNext }),
    ...(modules && { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }),
    allowJs: true,
    checkJs: false,
    maxNodeModuleJsDepth: 0,
    noEmit: true,
    composite: false,
    incremental: false,
    skipLibCheck: true,
  };
}
