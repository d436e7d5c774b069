import { status as say } from "@codingame/monaco-vscode-api/vscode/vs/base/browser/ui/aria/aria";
import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import { strings } from "../strings.ts";
import { nearestChange, nextChange, type ProposedChange } from "./proposal.ts";

/** Changes in an editor, as they are at the moment. */
interface ShownChanges {
  readonly editor: () => ICodeEditor | undefined;
  /** The line of the document where their block begins, from 1. */
  readonly first: () => number;
  readonly changes: () => readonly ProposedChange[];
  /** Goes on to another document where there is no change further in this one; false where there is none. */
  readonly beyond?: ((direction: 1 | -1) => boolean) | undefined;
}

/** The way of the cursor through the changes of a proposal. */
export interface Walk {
  /** The change at the cursor, or the next one below it. */
  nearest(): ProposedChange | undefined;
  /** Goes to the next change, or the one before. @param focus false where the change is only shown, and the next key is not the editor's */
  go(direction: 1 | -1, focus?: boolean): void;
}

/** Creates a {@link Walk}. */
export function walkThrough({ editor, first, changes, beyond }: ShownChanges): Walk {
  const lineOf = (target: ICodeEditor | undefined) => (target?.getPosition()?.lineNumber ?? 1) - first();
  return {
    nearest: () => nearestChange(changes(), lineOf(editor())),
    go(direction, focus = true) {
      const target = editor();
      if (!target?.getPosition()) return;
      const line = lineOf(target);
      const isLast = direction === 1 ? changes().every(({ start }) => start <= line) : changes().every(({ start }) => start >= line);
      if (isLast && beyond?.(direction)) return;
      const next = nextChange(changes(), line, direction);
      if (!next) return;
      const lineNumber = Math.min(first() + next.start, target.getModel()?.getLineCount() ?? 1);
      target.setPosition({ lineNumber, column: 1 });
      target.revealLineInCenterIfOutsideViewport(lineNumber);
      if (focus) target.focus();
      say(strings.assist.change(changes().indexOf(next) + 1, changes().length, next.added.join("\n")));
    },
  };
}
