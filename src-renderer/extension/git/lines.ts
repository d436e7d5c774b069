import type * as vscodeApi from "vscode";
import type { QuickDiff } from "../../workbench/quick-diff.ts";
import { strings } from "../strings.ts";
import { type ChangedLines, type ChangedPart, withChangedLines } from "./changed-lines.ts";
import type { GitFeatures } from "./git.ts";
import type { Repository } from "./repository.ts";
import { versionAddress } from "./version-address.ts";

const words = strings.git;

/** Registers what is done with changed lines of the open file: stage and revert those of the selection, and go from one to the next. */
export function registerLines({ vscode, engine, repositories, command }: GitFeatures, quickDiff: QuickDiff): void {
  /** The changes that the selections touch, the last first, so that one does not move the others. */
  function selected(): Given | undefined {
    const editor = vscode.window.activeTextEditor;
    const uri = editor?.document.uri;
    const repository = repositories.of(uri);
    const path = uri && repository?.pathOf(uri);
    if (editor === undefined || uri === undefined || repository === undefined || !path) return undefined;
    const parts = changesOf(uri)
      .filter((change) => editor.selections.some(({ start, end }) => touches(change, start.line + 1, end.line + 1)))
      .map(partOf)
      .reverse();
    if (parts.length > 0) return { repository, path, document: editor.document, parts };
    vscode.window.setStatusBarMessage(words.noChangedLines, 5000);
    return undefined;
  }

  const changesOf = (uri: vscodeApi.Uri) => quickDiff.changesOf(uri.toString()).map(({ change }) => change);
  const stagedText = async ({ repository, path }: Given) => {
    const address = versionAddress(vscode, { root: repository.root, path, version: { staged: true } });
    return (await vscode.workspace.openTextDocument(address)).getText();
  };

  command("git.stageSelectedRanges", async () => {
    const given = selected();
    if (given === undefined) return;
    const { repository, path, document, parts } = given;
    const content = parts.reduce((text, part) => withChangedLines(text, document.getText(), part), await stagedText(given));
    await repository.run((signal) => engine.git.stageContent({ root: repository.root, path, content }, { signal }));
  });
  command("git.revertSelectedRanges", async () => {
    const given = selected();
    if (given === undefined) return;
    const { document, parts } = given;
    const staged = await stagedText(given);
    const text = parts.reduce((now, { from, to }) => withChangedLines(now, staged, { from: to, to: from }), document.getText());
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    await vscode.workspace.applyEdit(edit);
  });

  /** Moves the cursor to the next change after it, or the one before it, and around the ends. */
  async function move(step: 1 | -1): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) return;
    const lines = changesOf(editor.document.uri).map(({ modifiedStartLineNumber: line }) => Math.max(1, line));
    const at = editor.selection.active.line + 1;
    const line = step === 1 ? (lines.find((each) => each > at) ?? lines[0]) : (lines.findLast((each) => each < at) ?? lines.at(-1));
    if (line === undefined) return void vscode.window.setStatusBarMessage(words.noChangedLines, 5000);
    const place = new vscode.Position(line - 1, 0);
    editor.selection = new vscode.Selection(place, place);
    editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  command("workbench.action.editor.nextChange", () => move(1));
  command("workbench.action.editor.previousChange", () => move(-1));
}

interface Given {
  readonly repository: Repository;
  readonly path: string;
  readonly document: vscodeApi.TextDocument;
  readonly parts: readonly ChangedPart[];
}

function partOf(change: ChangedLines): ChangedPart {
  return {
    from: { start: change.originalStartLineNumber, end: change.originalEndLineNumber },
    to: { start: change.modifiedStartLineNumber, end: change.modifiedEndLineNumber },
  };
}

/** Lines that are gone are touched from the line before them and the one after. */
function touches({ modifiedStartLineNumber: start, modifiedEndLineNumber: end }: ChangedLines, from: number, to: number): boolean {
  return end === 0 ? from <= start + 1 && to >= start : from <= end && to >= start;
}
