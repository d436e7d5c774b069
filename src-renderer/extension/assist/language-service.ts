import { StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { ILanguageFeaturesService } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/services/languageFeatures.service";
import { IModelService } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/services/model.service";
import type * as vscodeApi from "vscode";
import type { LineEdit } from "./proposal.ts";

/** Longer documents are not formatted to see whether they were; in UTF-16 units. */
const longest = 200_000;

const rename = /^rename\s+[`"']?([\p{L}_$][\p{L}\p{N}_$]*)[`"']?\s+(?:to|into|as)\s+[`"']?([\p{L}_$][\p{L}\p{N}_$]*)[`"']?\.?$/iu;
const organise = /^(?:organi[sz]e|sort|clean(?: up)?)\s+(?:the\s+)?imports\.?$/i;
const format = /^(?:re)?format(?:\s+(?:the\s+|this\s+)?(?:code|file|document|selection))?\.?$/i;

/** Does what a language service does better than any model: renames, imports, layout. False when that is not what is asked, or none can. */
export async function askLanguageService(
  vscode: typeof vscodeApi,
  document: vscodeApi.TextDocument,
  range: vscodeApi.Range,
  instruction: string,
): Promise<boolean> {
  const said = instruction.trim();
  const [, from, to] = rename.exec(said) ?? [];
  if (from !== undefined && to !== undefined) {
    const offset = document
      .getText(range)
      .search(new RegExp(`(?<![\\p{L}\\p{N}_$])${from.replaceAll("$", "\\$")}(?![\\p{L}\\p{N}_$])`, "u"));
    if (offset < 0) return false;
    const at = document.positionAt(document.offsetAt(range.start) + offset);
    try {
      const edit = await vscode.commands.executeCommand<vscodeApi.WorkspaceEdit | undefined>(
        "vscode.executeDocumentRenameProvider",
        document.uri,
        at,
        to,
      );
      return edit !== undefined && edit.size > 0 && (await vscode.workspace.applyEdit(edit));
    } catch {
      return false;
    }
  }
  if (organise.test(said)) {
    const kind = vscode.CodeActionKind.SourceOrganizeImports.value;
    const offered = await vscode.commands.executeCommand<vscodeApi.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      range,
      kind,
    );
    if (offered.length === 0) return false;
    await vscode.commands.executeCommand("editor.action.organizeImports");
    return true;
  }
  if (!format.test(said)) return false;
  if (!hasFormatter(document)) return false;
  await vscode.commands.executeCommand(range.isEmpty ? "editor.action.formatDocument" : "editor.action.formatSelection");
  return true;
}

/** What formats lines of a document, where it was formatted before: nobody's own layout is touched. Undefined where there is no formatter. */
export async function formatterOf(
  vscode: typeof vscodeApi,
  document: vscodeApi.TextDocument,
): Promise<((first: number, last: number) => Promise<readonly LineEdit[]>) | undefined> {
  if (document.getText().length > longest) return undefined;
  if (!hasFormatter(document)) return undefined;
  // Nothing to change and no answer are the same to the workbench.
  const before = (await quietly(formatEdits(vscode, document))) ?? [];
  if (before.some((edit) => document.getText(edit.range) !== edit.newText)) return undefined;
  return async (first, last) => {
    const range = document.validateRange(new vscode.Range(first - 1, 0, last - 1, Number.MAX_SAFE_INTEGER));
    const edits = await quietly(
      vscode.commands.executeCommand<vscodeApi.TextEdit[] | undefined>(
        "vscode.executeFormatRangeProvider",
        document.uri,
        range,
        optionsOf(vscode),
      ),
    );
    return (edits ?? []).map(({ range: where, newText }) => ({
      range: {
        startLineNumber: where.start.line + 1,
        startColumn: where.start.character + 1,
        endLineNumber: where.end.line + 1,
        endColumn: where.end.character + 1,
      },
      text: newText,
    }));
  };
}

function hasFormatter({ uri }: vscodeApi.TextDocument): boolean {
  const model = StandaloneServices.get(IModelService).getModel(URI.from(uri));
  const features = StandaloneServices.get(ILanguageFeaturesService);
  // One for ranges is taken for whole documents as well.
  return model !== null && (features.documentFormattingEditProvider.has(model) || features.documentRangeFormattingEditProvider.has(model));
}

/** What cannot be asked is as good as what is not there. */
async function quietly<Result>(work: Thenable<Result | undefined>): Promise<Result | undefined> {
  try {
    return await work;
  } catch {
    return undefined;
  }
}

function formatEdits(vscode: typeof vscodeApi, document: vscodeApi.TextDocument): Thenable<vscodeApi.TextEdit[] | undefined> {
  return vscode.commands.executeCommand<vscodeApi.TextEdit[] | undefined>(
    "vscode.executeFormatDocumentProvider",
    document.uri,
    optionsOf(vscode),
  );
}

function optionsOf(vscode: typeof vscodeApi): vscodeApi.FormattingOptions {
  const { tabSize, insertSpaces } = vscode.window.activeTextEditor?.options ?? {};
  return { tabSize: typeof tabSize === "number" ? tabSize : 4, insertSpaces: insertSpaces !== false };
}
