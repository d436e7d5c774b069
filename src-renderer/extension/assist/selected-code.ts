import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import { Selection } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/core/selection";
import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import type * as vscodeApi from "vscode";
import { withDocumentation } from "#core/assist/documentation";
import type { AssistRequest } from "#core/contracts/assist";
import type { Engine } from "../../connection.ts";

/** More would only distract a small model. */
const mostProblems = 5;

/** The code an action is about: what is selected, in the order of the document, else the definition around the cursor. */
export async function selectionsOf(
  engine: Pick<Engine, "assist">,
  editor: ICodeEditor,
  model: ITextModel,
  languageId: string,
): Promise<readonly Selection[]> {
  const selected = (editor.getSelections() ?? []).filter((selection) => !selection.isEmpty());
  if (selected.length > 0) return selected.sort((a, b) => a.startLineNumber - b.startLineNumber);
  const position = editor.getPosition();
  if (position === null) return [];
  const offset = model.getOffsetAt(position);
  const around = await engine.assist.definitionAround({ languageId, text: model.getValue(), offset }).catch(() => null);
  if (around === null) return [];
  return [Selection.fromPositions(model.getPositionAt(around.start), model.getPositionAt(around.end))];
}

/** A selection with the documentation right above it. */
export function documentedSelection(model: ITextModel, languageId: string, selection: Selection): Selection {
  const [start, end] = [selection.getStartPosition(), selection.getEndPosition()].map((each) => model.getOffsetAt(each)) as [
    number,
    number,
  ];
  const whole = withDocumentation(model.getValue(), { start, end }, languageId);
  return Selection.fromPositions(model.getPositionAt(whole.start), model.getPositionAt(whole.end));
}

/** The empty line the cursor stands on, where nothing is selected. */
export function emptyLineOf(editor: ICodeEditor): Selection | undefined {
  const [model, selection] = [editor.getModel(), editor.getSelection()];
  if (!model || !selection?.isEmpty() || (editor.getSelections()?.length ?? 0) > 1) return undefined;
  const { startLineNumber: line } = selection;
  return model.getLineContent(line).trim() === "" ? new Selection(line, 1, line, model.getLineMaxColumn(line)) : undefined;
}

/** The lines of a selection, from 1; one that ends at the start of a line does not mean that line. */
export function linesOf({ startLineNumber: first, endLineNumber, endColumn }: Selection): {
  readonly first: number;
  readonly last: number;
} {
  return { first, last: endColumn === 1 && endLineNumber > first ? endLineNumber - 1 : endLineNumber };
}

/** What language services say about the selected lines, mistakes first. */
export function problemsIn(
  vscode: typeof vscodeApi,
  document: vscodeApi.TextDocument,
  { startLineNumber, endLineNumber }: Selection,
): AssistRequest["problems"] & object {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning)
    .map(({ range, message, severity }) => ({ line: range.start.line + 1, message: message.slice(0, 2000), severity }))
    .filter(({ line }) => line >= startLineNumber && line <= endLineNumber)
    .sort((a, b) => a.severity - b.severity)
    .slice(0, mostProblems)
    .map(({ line, message }) => ({ line, message }));
}
