import type { IExpression } from "@codingame/monaco-vscode-api/vscode/vs/base/common/glob";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import type { IFileMatch, ISearchRange } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/search/common/search";
import type { TextMatch } from "#core/contracts/search";

/** The globs of an expression that are switched on. Those that depend on a sibling file are left out, as the engine sees single paths. */
export function globsOf(expression: IExpression | undefined): string[] {
  return Object.entries(expression ?? {})
    .filter(([, condition]) => condition === true)
    .map(([glob]) => glob);
}

/** Puts the engine's hits into the form of the search view. Both count lines and columns from 0. */
export function toFileMatch(match: TextMatch, folder: string): IFileMatch {
  return {
    resource: isAbsolute(match.path) ? URI.file(match.path) : URI.joinPath(URI.file(folder), match.path),
    results: match.matches.map(({ preview, ranges, previewRanges }) => ({
      previewText: preview,
      rangeLocations: ranges.map((range, index) => ({ source: toRange(range), preview: toRange(previewRanges[index] ?? range) })),
    })),
  };
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || path.startsWith("\\\\") || /^[a-zA-Z]:[\\/]/.test(path);
}

function toRange(range: { startLine: number; startColumn: number; endLine: number; endColumn: number }): ISearchRange {
  return {
    startLineNumber: range.startLine,
    startColumn: range.startColumn,
    endLineNumber: range.endLine,
    endColumn: range.endColumn,
  };
}
