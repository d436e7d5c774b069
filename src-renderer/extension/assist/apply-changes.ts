import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import type { ITextModel } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/model";
import type { Block } from "./block.ts";
import { countLines, editFor, type LineEdit, type ProposedChange } from "./proposal.ts";
import type { ProposalState } from "./proposal-state.ts";

/** The lines of a document that a proposal is about. */
interface ReviewedLines {
  readonly editor: ICodeEditor;
  readonly model: ITextModel;
  readonly block: Pick<Block, "first" | "count" | "change">;
  readonly proposal: Pick<ProposalState, "kept">;
  /** Edits that a formatter makes in lines, where the document was formatted before. */
  readonly format: ((first: number, last: number) => Promise<readonly LineEdit[]>) | undefined;
}

/** Makes changes in the document, and what the formatter says of their lines, as one step for undo. */
export async function applyChanges(
  { editor, model, block, proposal, format }: ReviewedLines,
  kept: readonly ProposedChange[],
): Promise<void> {
  const before = linesOfBlock(model, block);
  const edits = kept.map((change) => editFor(change, block.first(), model.getLineCount(), (line) => model.getLineLength(line)));
  const { added, removed } = countLines(kept);
  editor.pushUndoStop();
  block.change(added - removed, () => editor.executeEdits("localcoder", edits));
  proposal.kept(before, linesOfBlock(model, block));
  const formatted = (await format?.(block.first(), block.first() + block.count() - 1)) ?? [];
  if (formatted.length > 0 && editor.getModel() === model) {
    const count = model.getLineCount();
    const unformatted = linesOfBlock(model, block);
    block.change(0, () => editor.executeEdits("localcoder", [...formatted]));
    block.change(model.getLineCount() - count, () => undefined);
    proposal.kept(unformatted, linesOfBlock(model, block));
  }
  editor.pushUndoStop();
}

/** The lines of a block as they are now. */
export function linesOfBlock(model: ITextModel, block: Pick<Block, "first" | "count">): string[] {
  return model.getLinesContent().slice(block.first() - 1, block.first() - 1 + block.count());
}
