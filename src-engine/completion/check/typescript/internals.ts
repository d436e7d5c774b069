import ts from "typescript-language-service";

// What TypeScript has and does not describe. The version is exact, and the tests beside this folder would notice a change.

interface Internals {
  /** Gives the declarations of a parsed file their symbols, as making a program does. */
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  /** Finds the files that patterns of a configuration mean. */
  matchFiles(
    folder: string,
    extensions: readonly string[] | undefined,
    exclude: readonly string[] | undefined,
    include: readonly string[] | undefined,
    caseSensitive: boolean,
    currentFolder: string,
    depth: number | undefined,
    entries: (folder: string) => { readonly files: readonly string[]; readonly directories: readonly string[] },
    realPath: (path: string) => string,
  ): readonly string[];
}

/** What only a file of a program has. */
interface FileOfProgram {
  path: string;
  resolvedPath: string;
  originalFileName: string;
  imports: readonly ts.Node[];
  moduleAugmentations: readonly ts.Node[];
  ambientModuleNames: readonly string[];
  parseDiagnostics: readonly ts.DiagnosticWithLocation[];
}

export const { bindSourceFile, matchFiles } = ts as unknown as Internals;

/** What the checker finds wrong in a file that has a seat in its program. */
export function diagnosticsOf(checker: ts.TypeChecker, file: ts.SourceFile): readonly ts.Diagnostic[] {
  return (checker as unknown as { getDiagnostics(file: ts.SourceFile): readonly ts.Diagnostic[] }).getDiagnostics(file);
}

/** The undescribed part of a file. */
export function insideOf(file: ts.SourceFile): FileOfProgram {
  return file as unknown as FileOfProgram;
}

/** True for the type that stands for "there is no such thing", which otherwise looks like `any`. */
export function isErrorType(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Any) !== 0 && (type as unknown as { intrinsicName?: string }).intrinsicName === "error";
}
