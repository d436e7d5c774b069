import { ICodeEditorService, StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { type ICodeEditor, isCodeEditor, isDiffEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import { IEditorService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/editor/common/editorService.service";

/** The editor that has the focus, else the one that is shown; of two side by side the one that can be written in. */
export function activeEditor(): ICodeEditor | undefined {
  const focused = StandaloneServices.get(ICodeEditorService).getFocusedCodeEditor();
  if (focused) return focused;
  const control = StandaloneServices.get(IEditorService).activeTextEditorControl;
  if (isCodeEditor(control)) return control;
  return isDiffEditor(control) ? control.getModifiedEditor() : undefined;
}
