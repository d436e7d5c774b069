import { ICodeEditorService, StandaloneServices } from "@codingame/monaco-vscode-api/services";
import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import type { Features } from "../features.ts";
import type { LastChange } from "./rules.ts";

/** Watches how documents change, which the request for a suggestion itself does not tell. */
export interface Changes {
  readonly lastOf: (uri: string) => LastChange["kind"];
}

/** Notes the last change of each document, and calls `typed` at each key. */
export function watchChanges(features: Features, typed: (now: number) => void): Changes {
  const { vscode, own } = features;
  const last = new Map<string, LastChange["kind"]>();

  own(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
      const first = contentChanges[0];
      if (!first) return;
      const undone = reason === vscode.TextDocumentChangeReason.Undo || reason === vscode.TextDocumentChangeReason.Redo;
      const kind = undone ? "undone" : contentChanges.every(({ text }) => text === "") ? "deleted" : "typed";
      if (kind === "typed") typed(performance.now());
      last.set(document.uri.toString(), kind);
    }),
  );
  own(vscode.workspace.onDidCloseTextDocument((document) => void last.delete(document.uri.toString())));

  const editors = StandaloneServices.get(ICodeEditorService);
  const watch = (editor: ICodeEditor) => {
    const listeners = [
      editor.onDidPaste(() => {
        const uri = editor.getModel()?.uri.toString();
        if (uri) last.set(uri, "pasted");
      }),
      editor.onDidDispose(() => {
        for (const listener of listeners) listener.dispose();
      }),
    ];
  };
  for (const editor of editors.listCodeEditors()) watch(editor);
  own(editors.onCodeEditorAdd(watch));

  return { lastOf: (uri) => last.get(uri) ?? "none" };
}
