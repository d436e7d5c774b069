import ts from "typescript-language-service";
import { bindSourceFile, insideOf } from "./internals.ts";
import { scriptKindOf } from "./languages.ts";
import type { ProjectDocument, Resident } from "./project.ts";

/** Parses a document that belongs to no program. Its declarations count before those of the program, also in a file without imports. */
export function parseAlone({ path, languageId, text }: ProjectDocument, format?: ts.ResolutionMode): ts.SourceFile {
  return ts.createSourceFile(
    path,
    text,
    {
      languageVersion: ts.ScriptTarget.ESNext,
      impliedNodeFormat: format,
      jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeErrors,
      setExternalModuleIndicator(file) {
        (file as unknown as { externalModuleIndicator: ts.Node | true }).externalModuleIndicator =
          file.statements.find(isModuleStatement) ?? true;
      },
    },
    true,
    scriptKindOf(path, languageId),
  );
}

/**
 * True where the program has the file. Lets the checker of a program read another text of one of its files. Making a program for each suggestion would take
 * longer than there is time: all that the checker knows of the other files is reused.
 */
export function seatGuest(file: ts.SourceFile, { program, options }: Resident): boolean {
  const host = program.getSourceFile(file.fileName);
  if (host === undefined) return false;
  const [inside, own] = [insideOf(file), insideOf(host)];
  inside.path = own.path;
  inside.resolvedPath = own.resolvedPath;
  inside.originalFileName = own.originalFileName;
  inside.imports = own.imports;
  inside.moduleAugmentations = [];
  inside.ambientModuleNames = [];
  bindSourceFile(file, options);
  return true;
}

function isModuleStatement(statement: ts.Statement): boolean {
  const exported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  return exported === true || ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement) || ts.isExportAssignment(statement);
}
