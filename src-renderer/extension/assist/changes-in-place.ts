import type { ICodeEditor, IOverlayWidget } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import { EditorOption } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/config/editorOptions";
import { type Disposable, disposableStack, toDisposable } from "#core/base/disposable";
import { button, element } from "../../pages/dom.ts";
import { strings } from "../strings.ts";
import type { ProposedChange } from "./proposal.ts";
import { showProposedLines } from "./proposed-lines.ts";

/** What the buttons at a change do. */
export interface ChangeActions {
  keep(change: ProposedChange): void;
  undo(change: ProposedChange): void;
}

/** Shows changes where they would be made: old lines marked as removed, new ones below them, and two buttons at each. */
export function showChanges(editor: ICodeEditor, first: number, changes: readonly ProposedChange[], actions?: ChangeActions): Disposable {
  const shown = disposableStack();
  const removed = editor.createDecorationsCollection(
    changes
      .filter(({ removed, fills }) => removed > 0 && !fills)
      .map((change) => ({
        range: {
          startLineNumber: first + change.start,
          startColumn: 1,
          endLineNumber: first + change.start + change.removed - 1,
          endColumn: 1,
        },
        options: {
          description: "localcoder-removed",
          isWholeLine: true,
          className: "localcoder-removed",
          linesDecorationsClassName: "localcoder-removed-sign",
          marginClassName: "localcoder-removed-margin",
        },
      })),
  );
  shown.add(toDisposable(() => removed.clear()));
  for (const [index, change] of changes.entries()) {
    const buttons = actions && shown.add(placeButtons(editor, index, changes.length, change, actions));
    const below = first + change.start + change.removed - 1;
    if (change.added.length > 0) shown.add(showProposedLines(editor, below, change.added, 2, buttons?.setTop));
    else if (buttons) shown.add(followLine(editor, first + change.start, buttons.setTop));
  }
  return shown;
}

function placeButtons(
  editor: ICodeEditor,
  index: number,
  of: number,
  change: ProposedChange,
  actions: ChangeActions,
): Disposable & { setTop(top: number): void } {
  const words = strings.assist;
  const bar = element(
    "div",
    { class: "localcoder-change-buttons", role: "group", "aria-label": words.change(index + 1, of, "") },
    button(words.keep, () => actions.keep(change), { primary: true, id: "keep" }),
    button(words.undo, () => actions.undo(change), { id: "undo" }),
  );
  const id = `localcoder.change.${index}`;
  const widget: IOverlayWidget = { getId: () => id, getDomNode: () => bar, getPosition: () => null };
  editor.addOverlayWidget(widget);
  const place = () => {
    const layout = editor.getOption(EditorOption.layoutInfo);
    bar.style.right = `${layout.minimap.minimapWidth + layout.verticalScrollbarWidth + 12}px`;
  };
  place();
  const layout = editor.onDidLayoutChange(place);
  return {
    setTop: (top) => {
      bar.style.top = `${top}px`;
    },
    dispose: () => {
      layout.dispose();
      const focused = bar.contains(document.activeElement);
      editor.removeOverlayWidget(widget);
      if (focused) editor.focus();
    },
  };
}

/** Keeps something at the height of a line while the editor scrolls. */
function followLine(editor: ICodeEditor, line: number, setTop: (top: number) => void): Disposable {
  const place = () => setTop(editor.getTopForLineNumber(line) - editor.getScrollTop());
  place();
  const listeners = [editor.onDidScrollChange(place), editor.onDidLayoutChange(place)];
  return toDisposable(() => {
    for (const listener of listeners) listener.dispose();
  });
}
