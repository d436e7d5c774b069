import { readFileSync } from "node:fs";
import ts from "typescript-language-service";
import { findLibrary } from "../../../typescript/library.ts";

/** The declarations of JavaScript's own library and of browsers, as they come with TypeScript. */
export interface LibraryFiles {
  readonly folder: string;
  has(path: string): boolean;
  /** Parsed once for all programs: they are the largest part of most. */
  source(path: string, settings: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined;
}

/** Opens TypeScript's library for the programs of a thread. */
export function openLibraries(): LibraryFiles {
  const { folder, has, fileOf } = findLibrary();
  const sources = new Map<string, ts.SourceFile>();
  return {
    folder,
    has,
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
