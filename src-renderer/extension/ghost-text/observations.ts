import type * as vscodeApi from "vscode";
import { toDisposable } from "#core/base/disposable";
import { placeOf } from "../documents.ts";
import type { Features } from "../features.ts";
import { type Hunk, linesToTell, withChange } from "./hunks.ts";

/** Milliseconds without an edit after which it is told of, and without scrolling. */
const quietAfterEdit = 1500;
const quietAfterScroll = 1000;
/** Lines that are told at most, of a view and of a copy. */
const mostVisible = 32;
const mostCopied = 40;
const mostCharacters = 8000;

/** Tells the engine what the user edits, looks at and copies, so that suggestions elsewhere can know. Nobody waits for it. */
export function observeEditing({ vscode, engine, own }: Features): void {
  const edited = new Map<string, { hunks: readonly Hunk[]; timer: ReturnType<typeof setTimeout> }>();
  const seen = new Map<string, string>();
  let active = vscode.window.activeTextEditor;
  let scrolled: ReturnType<typeof setTimeout> | undefined;

  function tell(kind: "edited" | "visible" | "copied", document: vscodeApi.TextDocument, { first, last }: Hunk): void {
    if (!isObserved(document)) return;
    const range = document.validateRange(new vscode.Range(first, 0, last, Number.MAX_SAFE_INTEGER));
    tellText(kind, document, document.getText(range));
  }

  function tellText(kind: "edited" | "visible" | "copied", document: vscodeApi.TextDocument, text: string): void {
    const short = text.slice(0, mostCharacters);
    engine.completion.observe({ kind, ...placeOf(vscode, document), text: short }).catch(() => undefined);
  }

  /** Files of a workspace folder; the engine leaves out those that are excluded. */
  function isObserved(document: vscodeApi.TextDocument): boolean {
    return (
      document.uri.scheme === "file" &&
      vscode.workspace.getWorkspaceFolder(document.uri) !== undefined &&
      vscode.workspace.getConfiguration("localcoder.completion", document).get("context", true)
    );
  }

  own(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.uri.scheme !== "file" || contentChanges.length === 0) return;
      const key = document.uri.toString();
      const before = edited.get(key);
      clearTimeout(before?.timer);
      // From the bottom up, as they are reported: each stands where it stood before the ones above it happened.
      const hunks = contentChanges.reduce<readonly Hunk[]>(
        (all, { range, text }) => withChange(all, { first: range.start.line, last: range.end.line, lineEnds: text.split("\n").length - 1 }),
        before?.hunks ?? [],
      );
      const timer = setTimeout(() => {
        edited.delete(key);
        if (!document.isClosed) for (const hunk of hunks) tell("edited", document, linesToTell(hunk, document.lineCount));
      }, quietAfterEdit);
      edited.set(key, { hunks, timer });
    }),
  );

  function tellVisible(editor: vscodeApi.TextEditor): void {
    const [range] = editor.visibleRanges;
    if (range === undefined || editor.document.isClosed) return;
    const first = range.start.line;
    const last = Math.min(range.end.line, first + mostVisible - 1);
    const key = editor.document.uri.toString();
    const place = `${editor.document.version} ${first} ${last}`;
    if (seen.get(key) === place) return;
    if (seen.size > 100) seen.clear();
    seen.set(key, place);
    tell("visible", editor.document, { first, last });
  }

  const watchViews = () => {
    clearTimeout(scrolled);
    scrolled = setTimeout(() => {
      const now = vscode.window.activeTextEditor;
      for (const editor of vscode.window.visibleTextEditors) if (editor.document !== now?.document) tellVisible(editor);
    }, quietAfterScroll);
  };
  own(vscode.window.onDidChangeTextEditorVisibleRanges(watchViews));
  own(vscode.window.onDidChangeVisibleTextEditors(watchViews));
  own(
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      // What one comes from is most likely what one needs.
      if (active !== undefined && active.document !== editor?.document) tellVisible(active);
      if (editor !== undefined) active = editor;
    }),
  );

  const copied = (event: Event) => {
    const editor = vscode.window.activeTextEditor;
    const inEditor = event.target instanceof Element && event.target.closest(".monaco-editor") !== null;
    if (!inEditor || editor === undefined || editor.selection.isEmpty) return;
    const { start, end } = editor.selection;
    if (end.line - start.line < mostCopied && isObserved(editor.document))
      tellText("copied", editor.document, editor.document.getText(editor.selection));
  };
  for (const name of ["copy", "cut"] as const) {
    window.addEventListener(name, copied, { capture: true });
    own(toDisposable(() => window.removeEventListener(name, copied, { capture: true })));
  }
  own(
    toDisposable(() => {
      clearTimeout(scrolled);
      for (const { timer } of edited.values()) clearTimeout(timer);
    }),
  );
}
