import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import type { Disposable } from "#core/base/disposable";

/** Whole lines of a document that an answer is about. They move when text above them changes. */
export interface Block extends Disposable {
  /** The first line, from 1. */
  readonly first: () => number;
  readonly count: () => number;
  /** Says that an edit of ours made the block longer or shorter, and runs the edit without taking it for the user's. */
  readonly change: (by: number, edit: () => void) => void;
}

/** Follows lines of a document. `edited` is called when somebody else changes them, `moved` when they got another place. */
export function followBlock(model: ITextModel, start: number, lines: number, edited: () => void, moved: () => void): Block {
  let first = start;
  let count = lines;
  let ours = false;
  const listening = model.onDidChangeContent(({ changes, isFlush }) => {
    if (ours) return;
    if (isFlush) return edited();
    let by = 0;
    for (const { range, text } of changes) {
      if (range.endLineNumber < first) by += text.split("\n").length - 1 - (range.endLineNumber - range.startLineNumber);
      else if (range.startLineNumber < first + count) return edited();
    }
    if (by === 0) return;
    first += by;
    moved();
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
