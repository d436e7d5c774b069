import ts from "typescript-language-service";
import type { Configuration } from "./configuration.ts";
import type { Files } from "./files.ts";
import { scriptKindOf } from "./languages.ts";
import type { LibraryFiles } from "./libraries.ts";

/** Programs of one configuration, one after the other. */
export interface Project {
  /** A program that has the document and is up to date, made anew where needed; takes long the first time. */
  prepare(document: ProjectDocument): Resident;
  /** The program as it is, where it has the document. */
  resident(path: string): Resident | undefined;
  /** Gives up a program whose checker failed in the middle of something, and may be wrong from then on. */
  forget(): void;
}

/** A document as somebody edits it. */
export interface ProjectDocument {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
}

/** A program and its checker. */
export interface Resident {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly options: ts.CompilerOptions;
  /** False when a name may be declared in something that was not read. */
  readonly isComplete: boolean;
  /** Counts the characters of documents that were looked at with this checker, which keeps something of each. */
  looked: number;
}

/** TypeScript's numbers for types, files and libraries that a configuration names and nobody finds. */
const missing = new Set([2318, 2688, 2726, 6053, 6046]);
/** Where the globals of browsers, Node and the like are described; without any of them even `console` is unknown. */
const runtime = /\/lib\.(dom|webworker)\.d\.ts$|\/(@types\/(node|bun|deno|react-native)|bun-types)\//;
const mostFiles = 4_000;
/** Documents that stay in the program beside the one edited. */
const mostDocuments = 8;
/** A checker that looked at more characters of documents is replaced, because it forgets nothing. */
const mostLooks = 3_000_000;
/** Milliseconds between two looks at what changed on the disk. */
const restful = 2_000;

/**
 * Creates the {@link Project} of a configuration. `unsaved` gives the text of documents that differ from the disk; beyond
 * `mostText` characters no further file is read, and what it declares is unknown.
 */
export function createProject(
  { options, declarations, isStated }: Configuration,
  root: string,
  files: Files,
  libraries: LibraryFiles,
  unsaved: (path: string) => { readonly text: string; readonly version: number } | undefined,
  mostText: number,
): Project {
  const sources = new Map<string, { readonly file: ts.SourceFile; readonly version: number }>();
  const resolutions = ts.createModuleResolutionCache(root, (name) => name, options);
  let documents: readonly ProjectDocument[] = [];
  let current: Resident | undefined;
  let clearedAt = 0;
  let lookedAt = 0;
  let wasCut = false;
  /** Characters of the sources. */
  let held = 0;

  function release(path: string): void {
    held -= sources.get(path)?.file.text.length ?? 0;
    sources.delete(path);
  }

  const versionOf = (path: string) => unsaved(path)?.version ?? files.changed(path);

  function sourceOf(name: string, settings: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined {
    const known = sources.get(name);
    if (known !== undefined) return known.file;
    const library = libraries.source(name, settings);
    if (library !== undefined) return library;
    const text = unsaved(name)?.text ?? files.read(name);
    if (text === undefined) return undefined;
    if (sources.size >= mostFiles || held + text.length > mostText) {
      wasCut = true;
      return undefined;
    }
    const document = documents.find(({ path }) => path === name);
    const file = ts.createSourceFile(name, text, settings, false, document && scriptKindOf(name, document.languageId));
    sources.set(name, { file, version: versionOf(name) });
    held += text.length;
    return file;
  }

  const host: ts.CompilerHost = {
    getSourceFile: sourceOf,
    getDefaultLibFileName: (settings) => `${libraries.folder}/${ts.getDefaultLibFileName(settings)}`,
    getDefaultLibLocation: () => libraries.folder,
    writeFile() {},
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeErrors,
    getNewLine: () => "\n",
    fileExists: (path) => libraries.has(path) || unsaved(path) !== undefined || files.exists(path),
    readFile: files.read,
    directoryExists: files.folderExists,
    getDirectories: (path) => [...files.entries(path).directories],
    realpath: files.realPath,
    getModuleResolutionCache: () => resolutions,
  };

  /** Forgets what changed on the disk or in another editor; true when something did. */
  function forgetChanged(edited: string): boolean {
    if (Date.now() - lookedAt < restful) return false;
    lookedAt = Date.now();
    const changed = [...sources].filter(
      ([path, { version }]) => path !== edited && !/\/node_modules\//.test(path) && versionOf(path) !== version,
    );
    for (const [path] of changed) release(path);
    return changed.length > 0;
  }

  function build(previous: ts.Program | undefined): Resident {
    wasCut = false;
    const program = ts.createProgram({
      rootNames: [...declarations, ...documents.map(({ path }) => path)],
      options,
      host,
      oldProgram: previous,
    });
    const inUse = new Set(program.getSourceFiles().map(({ fileName }) => fileName));
    for (const path of sources.keys()) if (!inUse.has(path)) release(path);
    const unresolved = program.getOptionsDiagnostics().some(({ code }) => missing.has(code));
    const isComplete = isStated && !wasCut && !unresolved && [...inUse].some((name) => runtime.test(name));
    return { program, checker: program.getTypeChecker(), options, isComplete, looked: 0 };
  }

  return {
    prepare(document) {
      const { path, text } = document;
      const changed = forgetChanged(path);
      const before = current?.program.getSourceFile(path);
      const fits = before !== undefined && importsIn(before.text) === importsIn(text);
      if (current !== undefined && fits && !changed && current.looked < mostLooks) return current;
      // The order stays: a program with other roots is made from nothing.
      if (!documents.some((one) => one.path === path))
        documents = before === undefined ? [...documents, document].slice(-mostDocuments) : documents;
      release(path);
      // What was not found may be there by now.
      if (changed || Date.now() - clearedAt > 10 * restful) {
        resolutions.clear();
        clearedAt = Date.now();
      }
      current = build(changed ? undefined : current?.program);
      return current;
    },
    forget() {
      current = undefined;
    },
    resident: (path) => (current?.program.getSourceFile(path) === undefined ? undefined : current),
  };
}

/** What a document imports, to be compared. */
function importsIn(text: string): string {
  return ts
    .preProcessFile(text, true, false)
    .importedFiles.map(({ fileName }) => fileName)
    .join("\n");
}
