import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript-language-service";

/** The declarations of JavaScript's own library and of browsers, as they come with TypeScript. */
export interface LibraryFiles {
  readonly folder: string;
  has(path: string): boolean;
  /** Where a file of the library lies on the disk; any other path stays as it is. */
  fileOf(path: string): string;
  /** Parsed once for all programs: they are the largest part of most. */
  source(path: string, settings: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined;
}

/** Finds the library beside the build, or in the package when the source is what runs. */
export function openLibraries(): LibraryFiles {
  const beside = join(import.meta.dirname, "typescript-library");
  const isBuilt = existsSync(beside);
  const native = isBuilt ? beside : dirname(createRequire(import.meta.url).resolve("typescript-language-service"));
  const folder = native.replaceAll("\\", "/");
  // Packaging leaves declaration files out, so the build gives them another ending.
  const isOurs = (path: string) => path.startsWith(`${folder}/lib.`) && path.endsWith(".d.ts");
  const fileOf = (path: string) => (isBuilt && isOurs(path) ? `${path}.txt` : path);
  const sources = new Map<string, ts.SourceFile>();
  const has = (path: string) => isOurs(path) && existsSync(fileOf(path));

  return {
    folder,
    has,
    fileOf,
    source(path, settings) {
      if (!has(path)) return undefined;
      const target = typeof settings === "object" ? settings.languageVersion : settings;
      const key = `${path} ${target}`;
      const found = sources.get(key) ?? ts.createSourceFile(path, readFileSync(fileOf(path), "utf8"), settings);
      sources.set(key, found);
      return found;
    },
  };
}
