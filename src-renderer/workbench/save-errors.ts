import { getService } from "@codingame/monaco-vscode-api";
import { FileOperationError, FileOperationResult } from "@codingame/monaco-vscode-api/vscode/vs/platform/files/common/files";
import { ITextFileService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/textfile/common/textfiles.service";
import { sentenceOf } from "./file-errors.ts";

/**
 * Lets the engine's sentence stand for itself where a file could not be saved. A refusal is told like any other failure: of one the workbench
 * says that it be tried as administrator, which this program cannot do.
 */
export async function tellSaveErrors(): Promise<void> {
  const { files } = await getService(ITextFileService);
  const workbench = files.saveErrorHandler;
  files.saveErrorHandler = {
    onSaveError: (error, model, options) => workbench.onSaveError(inOurWords(error), model, options),
  };
}

function inOurWords(error: Error): Error {
  if (!(error instanceof FileOperationError) || error.fileOperationResult === FileOperationResult.FILE_MODIFIED_SINCE) return error;
  const refused = error.fileOperationResult === FileOperationResult.FILE_PERMISSION_DENIED;
  const result = refused ? FileOperationResult.FILE_OTHER_ERROR : error.fileOperationResult;
  return new FileOperationError(sentenceOf(error.message), result, error.options);
}
