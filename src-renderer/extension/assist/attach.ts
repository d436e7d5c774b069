import { ICodeEditorService, StandaloneServices } from "@codingame/monaco-vscode-api/services";
import type { IDisposable } from "@codingame/monaco-vscode-api/vscode/vs/base/common/lifecycle";
import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import { type Disposable, toDisposable } from "#core/base/disposable";
import { isSimpleWidget } from "./internals.ts";

/** Something drawn in an editor for a document. */
export interface Attachment extends Disposable {
  /** The editor it is drawn in now; none while the document is behind another tab. */
  readonly editor: () => ICodeEditor | undefined;
}

/**
 * Draws in the editor that shows a document, and draws again when another editor shows it: a tab that goes to the
 * background takes the document out of its editor, and with it all that was drawn there.
 */
export function attachTo(
  model: ITextModel,
  preferred: ICodeEditor,
  draw: (editor: ICodeEditor) => IDisposable,
  closed: () => void,
): Attachment {
  const editors = StandaloneServices.get(ICodeEditorService);
  const listeners = new Map<ICodeEditor, IDisposable[]>();
  let drawn: { editor: ICodeEditor; disposable: IDisposable } | undefined;

  const update = () => {
    if (drawn && drawn.editor.getModel() !== model) {
      drawn.disposable.dispose();
      drawn = undefined;
    }
    if (drawn) return;
    const editor = [preferred, ...editors.listCodeEditors()].find(
      (candidate) => candidate.getModel() === model && !isSimpleWidget(candidate),
    );
    if (editor) drawn = { editor, disposable: draw(editor) };
  };
  const watch = (editor: ICodeEditor) => {
    if (listeners.has(editor)) return;
    listeners.set(editor, [
      editor.onDidChangeModel(update),
      editor.onDidDispose(() => {
        for (const listener of listeners.get(editor) ?? []) listener.dispose();
        listeners.delete(editor);
        if (drawn?.editor === editor) {
          drawn.disposable.dispose();
          drawn = undefined;
        }
        update();
      }),
    ]);
  };
  for (const editor of editors.listCodeEditors()) watch(editor);
  const added = editors.onCodeEditorAdd((editor) => {
    watch(editor);
    update();
  });
  const disposal = model.onWillDispose(closed);
  update();

  const closing = toDisposable(() => {
    added.dispose();
    disposal.dispose();
    for (const all of listeners.values()) for (const listener of all) listener.dispose();
    drawn?.disposable.dispose();
    drawn = undefined;
  });
  return { dispose: closing.dispose, editor: () => drawn?.editor };
}
