import { extname } from "node:path";
import ts from "typescript-language-service";
import type { Neighbours } from "../neighbours.ts";
import { readSource, type Source } from "./source.ts";

const languages: Readonly<Record<string, string>> = {
  ".ts": "typescript",
  ".mts": "typescript",
  ".tsx": "typescriptreact",
  ".jsx": "javascriptreact",
};

/** Opens the files that a document imports from, each when it is first needed. */
export function sourcesOf({ imports, files }: Neighbours): Source["other"] {
  const read = new Map<string, Source>();
  const from =
    (named: Neighbours["imports"]): Source["other"] =>
    (specifier) => {
      const path = Object.hasOwn(named, specifier) ? named[specifier] : undefined;
      const file = path === undefined ? undefined : files[path];
      if (path === undefined || file === undefined) return undefined;
      const source = read.get(path) ?? readSource(file.text, languages[extname(path)] ?? "javascript", from(file.imports));
      read.set(path, source);
      return source;
    };
  return from(imports);
}

/** The files from which a document may import types. */
export function typeFilesOf({ written, other }: Source): readonly ts.SourceFile[] {
  return written.statements.flatMap((statement) => {
    const named =
      ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : undefined;
    const source = named === undefined ? undefined : other(named);
    return source === undefined ? [] : [source.written];
  });
}
