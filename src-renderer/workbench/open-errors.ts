import { FileOperationError, FileOperationResult } from "@codingame/monaco-vscode-api/vscode/vs/platform/files/common/files";
import { EditorPanes } from "@codingame/monaco-vscode-api/vscode/vs/workbench/browser/parts/editor/editorPanes";
import { createEditorOpenError, isEditorOpenError } from "@codingame/monaco-vscode-api/vscode/vs/workbench/common/editor";
import { sentenceOf } from "./file-errors.ts";

/** What shows why an editor could not be opened. */
interface Panes {
  doShowError(error: Error, ...rest: unknown[]): Promise<unknown>;
}

/**
 * Lets the engine's sentence stand where a file could not be opened, above buttons to try again. The workbench would put its path and the
 * class of the error around it in a dialog, and then speak of an unexpected error. Called before the workbench starts.
 */
export function tellOpenErrors(): void {
  const panes = EditorPanes.prototype as unknown as Panes;
  const { doShowError } = panes;
  panes.doShowError = function (error, ...rest) {
    return doShowError.call(this, inOurWords(error), ...rest);
  };
}

function inOurWords(error: Error): Error {
  // What has buttons of its own has words of its own as well.
  if (!(error instanceof FileOperationError) || isEditorOpenError(error)) return error;
  if (error.fileOperationResult === FileOperationResult.FILE_NOT_FOUND) return error;
  return createEditorOpenError(sentenceOf(error.message), [], { forceMessage: true });
}
