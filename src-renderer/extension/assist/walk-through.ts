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
}

/** The way of the cursor through the changes of a proposal. */
export interface Walk {
  /** The change at the cursor, or the next one below it. */
  nearest(): ProposedChange | undefined;
  /** Goes to the next change, or the one before. @param focus false where the change is only shown, and the next key is not the editor's */
  go(direction: 1 | -1, focus?: boolean): void;
}

/** Creates a {@link Walk}. */
export function walkThrough({ editor, first, changes }: ShownChanges): Walk {
  const lineOf = (target: ICodeEditor | undefined) => (target?.getPosition()?.lineNumber ?? 1) - first();
  return {
    nearest: () => nearestChange(changes(), lineOf(editor())),
    go(direction, focus = true) {
      const target = editor();
      if (!target?.getPosition()) return;
      const next = nextChange(changes(), lineOf(target), direction);
      if (!next) return;
      const lineNumber = Math.min(first() + next.start, target.getModel()?.getLineCount() ?? 1);
      target.setPosition({ lineNumber, column: 1 });
      target.revealLineInCenterIfOutsideViewport(lineNumber);
      if (focus) target.focus();
      say(strings.assist.change(changes().indexOf(next) + 1, changes().length, next.added.join("\n")));
    },
  };
}
