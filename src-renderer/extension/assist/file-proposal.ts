import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import type * as vscodeApi from "vscode";
import type { AssistRequest } from "#core/contracts/assist";
import type { Engine } from "../../connection.ts";
import { activeEditor } from "./active-editor.ts";

/** The editor of a file that an action writes: of the file that is there, or of one that is on no disk before it is kept. */
export interface ProposedFile {
  readonly editor: ICodeEditor;
  /** What is done when nobody looks at the proposal any more. */
  ended(): void;
}

/** Opens the editor of the file that a request is to write. */
export async function openProposedFile(
  vscode: typeof vscodeApi,
  engine: Engine,
  request: AssistRequest,
): Promise<ProposedFile | undefined> {
  const { path, exists } = await engine.assist.fileFor(request);
  const file = vscode.Uri.file(path);
  const document = await vscode.workspace.openTextDocument(exists ? file : file.with({ scheme: "untitled" }));
  await vscode.window.showTextDocument(document, { preview: false });
  const editor = activeEditor();
  if (editor?.getModel()?.uri.path !== document.uri.path) return undefined;
  return {
    editor,
    ended: () => settleNewFile(vscode, document),
  };
}

/** Saves a file that was on no disk where something of its proposal was kept, else closes it. */
export function settleNewFile(vscode: typeof vscodeApi, document: vscodeApi.TextDocument): void {
  if (document.uri.scheme !== "untitled" || document.isClosed) return;
  if (document.getText() !== "") void saveNewFile(vscode, document);
  // Nothing was kept, so there is no file, and no question whether to save it.
  else if (vscode.window.activeTextEditor?.document === document)
    void vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
}

/** Saved by its editor, that of the file takes its place; a document that is saved by itself only closes. */
async function saveNewFile(vscode: typeof vscodeApi, document: vscodeApi.TextDocument): Promise<void> {
  const saved = await vscode.workspace.save(document.uri);
  if (saved === undefined) await document.save();
}
