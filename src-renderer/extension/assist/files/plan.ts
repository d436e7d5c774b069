import { StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { URI } from "@codingame/monaco-vscode-api/vscode/vs/base/common/uri";
import { ILanguageService } from "@codingame/monaco-vscode-api/vscode/vs/editor/common/languages/language.service";
import type * as vscodeApi from "vscode";
import { describeError, UserError } from "#core/base/errors";
import type { ActionPlaces, AssistPlace, AssistRequest } from "#core/contracts/assist";
import { windowWorkspace, workspaceOf } from "../../documents.ts";
import type { Features } from "../../features.ts";
import { strings } from "../../strings.ts";

const words = strings.files;

/** An action as it goes through files. */
export interface ActionOnFiles {
  readonly id: string;
  /** What it is called while it works, and over its proposals. */
  readonly title: string;
  readonly instruction: string | undefined;
  /** Languages it is for; all without. */
  readonly languages: readonly string[];
  readonly takesProblems: boolean;
  readonly takesDocumentation: boolean;
}

/** A file that has places for an action. */
export interface PlannedFile {
  readonly uri: vscodeApi.Uri;
  readonly name: string;
  readonly places: readonly AssistPlace[];
}

/** What there is to be done. */
export interface Plan {
  readonly files: readonly PlannedFile[];
  /** Why there is nothing to do in the first of the others. */
  readonly reason: string | undefined;
  /** True where it was stopped before the last file. */
  readonly isStopped: boolean;
}

/** More, and larger ones, nobody wrote. */
const mostBytes = 2_000_000;
/** What language services say of one file; more is the consequence of one mistake. */
const mostProblems = 50;

/** Finds what an action is to be asked about in files and folders. */
export async function planOf(
  features: Pick<Features, "vscode" | "engine">,
  action: ActionOnFiles,
  chosen: readonly vscodeApi.Uri[],
  signal: AbortSignal,
): Promise<Plan> {
  const files: PlannedFile[] = [];
  let reason: string | undefined;
  for (const uri of await filesOf(features, chosen)) {
    if (signal.aborted) break;
    // One that cannot be read loses no other.
    const found = await placesOf(features, action, uri).catch((error: unknown) => ({ places: [], reason: describeError(error).message }));
    if (found.places.length > 0) files.push({ uri, name: features.vscode.workspace.asRelativePath(uri), places: found.places });
    else reason ??= found.reason;
  }
  return { files, reason, isStopped: signal.aborted };
}

async function placesOf(features: Pick<Features, "vscode" | "engine">, action: ActionOnFiles, uri: vscodeApi.Uri): Promise<ActionPlaces> {
  const languageId = languageOf(features.vscode, uri);
  if (action.languages.length > 0 && !action.languages.includes(languageId)) return { places: [], reason: words.otherLanguage };
  const text = await textOf(features.vscode, uri);
  return text === undefined ? { places: [], reason: words.tooLarge } : placesIn(features, action, { uri, text, languageId });
}

/** The places of a file as it is now. */
export async function placesIn(
  { vscode, engine }: Pick<Features, "vscode" | "engine">,
  { id, instruction, takesProblems }: ActionOnFiles,
  { uri, text, languageId }: { readonly uri: vscodeApi.Uri; readonly text: string; readonly languageId: string },
): Promise<ActionPlaces> {
  const problems = takesProblems ? problemsOf(vscode, uri) : undefined;
  return engine.assist.places({
    action: id,
    path: uri.fsPath,
    languageId,
    workspace: workspaceOf(vscode, uri),
    text,
    instruction,
    problems,
  });
}

/** What language services say of a file that they know; what is not open to them is looked at by the engine. */
function problemsOf(vscode: typeof vscodeApi, uri: vscodeApi.Uri): AssistRequest["problems"] {
  const found = vscode.languages.getDiagnostics(uri).filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning);
  if (found.length === 0) return undefined;
  return found.slice(0, mostProblems).map(({ range, message }) => ({ line: range.start.line + 1, message: message.slice(0, 2000) }));
}

/** The files that are meant, each once; of a folder those of code that nothing excludes. */
async function filesOf(
  { vscode, engine }: Pick<Features, "vscode" | "engine">,
  chosen: readonly vscodeApi.Uri[],
): Promise<vscodeApi.Uri[]> {
  const found = new Map<string, vscodeApi.Uri>();
  for (const uri of chosen) {
    const { type } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.Directory) === 0) found.set(uri.toString(), uri);
    else {
      const { files, full } = await engine.assist.codeFiles({
        folder: uri.fsPath,
        workspace: workspaceOf(vscode, uri) ?? windowWorkspace(vscode),
      });
      if (full) throw new UserError("TOO_LARGE", words.tooManyFiles(files.length), words.markFewer);
      for (const path of files) {
        const file = vscode.Uri.file(path);
        found.set(file.toString(), file);
      }
    }
  }
  return [...found.values()];
}

/** What stands in a file, with what is not saved yet; undefined for one that is too large. */
async function textOf(vscode: typeof vscodeApi, uri: vscodeApi.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return open.getText();
  const { size } = await vscode.workspace.fs.stat(uri);
  // Only counted by it: what is asked about is read by the editor, in the encoding of the file.
  return size > mostBytes ? undefined : new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

function languageOf(vscode: typeof vscodeApi, uri: vscodeApi.Uri): string {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  return open?.languageId ?? StandaloneServices.get(ILanguageService).guessLanguageIdByFilepathOrFirstLine(URI.from(uri)) ?? "plaintext";
}
