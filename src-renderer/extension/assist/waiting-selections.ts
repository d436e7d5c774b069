import { Selection } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/core/selection";
import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";

/**
 * Keeps selections that wait for their turn; they move with what is kept before them. They are the document's, since the editor may show
 * another one meanwhile. The function gives them back as they are then, once; none when the document is closed.
 */
export function keepSelections(model: ITextModel, selections: readonly Selection[]): () => readonly Selection[] {
  const waiting = model.deltaDecorations(
    [],
    selections.map((range) => ({ range, options: { description: "localcoder-waiting", className: "" } })),
  );
  return () => {
    if (model.isDisposed()) return [];
    const ranges = waiting.map((id) => model.getDecorationRange(id)).filter((range) => range !== null);
    model.deltaDecorations(waiting, []);
    return ranges.map((range) => new Selection(range.startLineNumber, range.startColumn, range.endLineNumber, range.endColumn));
  };
}
