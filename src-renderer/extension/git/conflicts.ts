import type * as vscodeApi from "vscode";
import { type Conflict, type ConflictSide, findConflicts, resolveConflict } from "#core/git/conflicts";
import { strings } from "../strings.ts";
import type { GitFeatures } from "./git.ts";

const words = strings.git.conflict;

const sides = ["current", "incoming", "both"] as const satisfies readonly ConflictSide[];

/** UTF-16 units; conflicts in larger files are chosen by hand. */
const largest = 5_000_000;

/** Milliseconds after the last change of a text until it is looked at. */
const settling = 200;

/** Shows the sides of conflicts in files, and above each what can be taken. */
export function registerConflicts({ vscode, own, command }: GitFeatures): void {
  const decoration = (color: string) =>
    own(vscode.window.createTextEditorDecorationType({ isWholeLine: true, backgroundColor: new vscode.ThemeColor(color) }));
  const current = [decoration("merge.currentHeaderBackground"), decoration("merge.currentContentBackground")] as const;
  const incoming = [decoration("merge.incomingHeaderBackground"), decoration("merge.incomingContentBackground")] as const;

  const linesOf = (document: vscodeApi.TextDocument) => document.getText().split(/\r?\n/);
  const conflictsIn = (document: vscodeApi.TextDocument): Conflict[] => {
    const text = document.uri.scheme === "file" ? document.getText() : "";
    return text.length < largest && text.includes("<<<<<<<") ? findConflicts(linesOf(document)) : [];
  };

  function draw(editor: vscodeApi.TextEditor): void {
    const conflicts = conflictsIn(editor.document);
    const rows = (from: number, to: number) => (from > to ? [] : [new vscode.Range(from, 0, to, 0)]);
    editor.setDecorations(
      current[0],
      conflicts.flatMap(({ start }) => rows(start, start)),
    );
    editor.setDecorations(
      current[1],
      conflicts.flatMap(({ start, base, middle }) => rows(start + 1, (base ?? middle) - 1)),
    );
    editor.setDecorations(
      incoming[0],
      conflicts.flatMap(({ end }) => rows(end, end)),
    );
    editor.setDecorations(
      incoming[1],
      conflicts.flatMap(({ middle, end }) => rows(middle + 1, end - 1)),
    );
  }

  const drawAll = () => vscode.window.visibleTextEditors.forEach(draw);
  own(vscode.window.onDidChangeVisibleTextEditors(drawAll));
  // Not with each key: a whole text is looked at.
  let drawing: ReturnType<typeof setTimeout> | undefined;
  const drawSoon = () => {
    clearTimeout(drawing);
    drawing = setTimeout(drawAll, settling);
  };
  own(vscode.workspace.onDidChangeTextDocument(drawSoon));
  own({ dispose: () => clearTimeout(drawing) });
  drawAll();

  own(
    vscode.languages.registerCodeLensProvider(
      { scheme: "file" },
      {
        provideCodeLenses: (document) =>
          conflictsIn(document).flatMap(({ start }) =>
            sides.map(
              (side) =>
                new vscode.CodeLens(new vscode.Range(start, 0, start, 0), {
                  title: words[side],
                  command: `merge-conflict.accept.${side}`,
                  arguments: [document.uri, start],
                }),
            ),
          ),
      },
    ),
  );

  for (const side of sides) {
    command(`merge-conflict.accept.${side}`, async (uri, start) => {
      const editor = vscode.window.activeTextEditor;
      const document = uri instanceof vscode.Uri ? await vscode.workspace.openTextDocument(uri) : editor?.document;
      if (document === undefined) return;
      const line = typeof start === "number" ? start : (editor?.selection.active.line ?? 0);
      const conflict = conflictsIn(document).find((each) => each.start <= line && line <= each.end);
      if (conflict === undefined) return void vscode.window.setStatusBarMessage(words.none, 5000);
      const taken = resolveConflict(linesOf(document), conflict, side);
      const end = document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
      const edit = new vscode.WorkspaceEdit();
      // With the end of its last line, which a file that ends there does not have.
      const whole = new vscode.Range(conflict.start, 0, conflict.end + 1, 0);
      edit.replace(document.uri, whole, taken.map((each) => each + end).join(""));
      await vscode.workspace.applyEdit(edit);
    });
  }
}
