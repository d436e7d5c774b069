import type * as vscodeApi from "vscode";
import { placeOf } from "../documents.ts";
import type { Features } from "../features.ts";
import { windowAround } from "./place.ts";

/** A cursor that stays this long, in milliseconds, is likely to be typed at. */
const rest = 300;

/** Lets the engine read the text around a cursor that rests at a new place, so that the first key there costs little. */
export function prepareWhereCursorRests({ vscode, engine, own }: Features, wanted: (document: vscodeApi.TextDocument) => boolean): void {
  let waiting: { timer: number; stopping: AbortController } | undefined;
  const stop = () => {
    if (!waiting) return;
    window.clearTimeout(waiting.timer);
    waiting.stopping.abort();
    waiting = undefined;
  };
  own({ dispose: stop });
  // A key tells where the cursor goes on; the request it brings reads the text.
  own(vscode.workspace.onDidChangeTextDocument(({ contentChanges }) => contentChanges.length > 0 && stop()));
  own(vscode.window.onDidChangeActiveTextEditor(stop));

  const versions = new WeakMap<vscodeApi.TextDocument, number>();
  own(
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      const { document } = textEditor;
      const before = versions.get(document);
      const typed = before !== undefined && before !== document.version;
      versions.set(document, document.version);
      stop();
      const [cursor] = selections;
      if (typed || !cursor?.isEmpty || selections.length > 1 || textEditor !== vscode.window.activeTextEditor) return;
      if (!["file", "untitled"].includes(document.uri.scheme) || !wanted(document)) return;
      const stopping = new AbortController();
      const timer = window.setTimeout(() => {
        const { prefix, suffix } = windowAround(vscode, document, cursor.active);
        engine.completion
          .prepare({ ...placeOf(vscode, document), prefix, suffix, asShown: true }, { signal: stopping.signal })
          .catch(() => undefined);
      }, rest);
      waiting = { timer, stopping };
    }),
  );
}
