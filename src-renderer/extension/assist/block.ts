import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import type { Disposable } from "#core/base/disposable";

/** Whole lines of a document that an answer is about. They move when text above them changes, and grow with what is typed in them. */
export interface Block extends Disposable {
  /** The first line, from 1. */
  readonly first: () => number;
  readonly count: () => number;
  /** Says that an edit of ours made the block longer or shorter, and runs the edit without taking it for the user's. */
  readonly change: (by: number, edit: () => void) => void;
}

/** What a block tells of changes that somebody else made. */
export interface BlockListeners {
  /** Its own lines were changed. */
  edited(): void;
  /** Text above it was changed. */
  moved(): void;
  /** Nobody can say any more which lines it is. */
  lost(): void;
}

/** Follows lines of a document. */
export function followBlock(model: ITextModel, start: number, lines: number, listeners: BlockListeners): Block {
  let first = start;
  let count = lines;
  let ours = false;
  const listening = model.onDidChangeContent(({ changes, isFlush }) => {
    if (ours) return;
    if (isFlush) return listeners.lost();
    const last = first + count - 1;
    let [above, within] = [0, 0];
    let inside = false;
    for (const { range, text } of changes) {
      const by = text.split("\n").length - 1 - (range.endLineNumber - range.startLineNumber);
      if (range.endLineNumber < first) above += by;
      else if (range.startLineNumber > last) continue;
      else if (range.startLineNumber >= first && range.endLineNumber <= last) {
        inside = true;
        within += by;
      } else return listeners.lost();
    }
    first += above;
    count += within;
    if (inside) listeners.edited();
    else if (above !== 0) listeners.moved();
  });
  return {
    first: () => first,
    count: () => count,
    change(by, edit) {
      ours = true;
      try {
        edit();
        count += by;
      } finally {
        ours = false;
      }
    },
    dispose: () => listening.dispose(),
  };
}
