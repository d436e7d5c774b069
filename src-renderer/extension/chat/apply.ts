import type * as vscodeApi from "vscode";
import { lexiconOf } from "#core/assist/checks/languages";
import { declaredNames } from "#core/assist/checks/names";
import { scan } from "#core/assist/checks/scan";
import { isTestFile, isTests } from "#core/assist/tests/recognise";
import { UserError } from "#core/base/errors";
import type { Engine } from "../../connection.ts";
import type { WrittenProposal } from "../assist/written-proposal.ts";
import { placeOf } from "../documents.ts";
import { strings } from "../strings.ts";
import type { CodePart } from "./answer-view.ts";

const words = strings.chat;

/** A block that has at least this share of a file's lines, and begins or ends like it, is the whole file anew. */
const wholeFileShare = 0.6;

/** What applying needs of the window. */
interface Applying {
  readonly vscode: typeof vscodeApi;
  readonly engine: Pick<Engine, "assist">;
}

/** What is proposed of a block, without a title. */
type Proposed = Omit<WrittenProposal, "title">;

/**
 * Where a block of code belongs: into the file it names or the one that is shown; there into the selection, the definition of the same
 * name, the whole file, or behind the line of the cursor. Tests belong into the file of tests, whatever file they are said to be for.
 */
export async function proposalOf(applying: Applying, { code, path }: CodePart): Promise<Proposed> {
  const { vscode, engine } = applying;
  const document = await documentOf(vscode, path);
  const isEmpty = document.getText().trim() === "";
  const isWhole = isEmpty || isWholeFile(code, document.getText());
  // A file may hold its own tests, as in Rust, and be written anew with them.
  if (!isWhole && isTests(code) && !isTestFile(document.uri.path)) return proposalOfTests(applying, document, code);
  const editor = await vscode.window.showTextDocument(document);
  const { selection } = editor;
  const inPlace = { document, text: code, isWhole: true };
  const whole = { ...inPlace, from: 0, to: document.lineCount - 1 };
  if (!selection.isEmpty) {
    const endsBefore = selection.end.character === 0 && selection.end.line > selection.start.line;
    return { ...inPlace, from: selection.start.line, to: selection.end.line - (endsBefore ? 1 : 0) };
  }
  if (isWhole) return whole;
  const definition = await definitionOf(engine, document, code);
  return definition ? { ...inPlace, ...definition } : behind(document, selection.active.line, code);
}

function behind(document: vscodeApi.TextDocument, line: number, code: string): Proposed {
  return { document, from: line, to: line, text: `${document.lineAt(line).text}\n${code}`, isWhole: false };
}

async function proposalOfTests({ vscode, engine }: Applying, source: vscodeApi.TextDocument, tests: string): Promise<Proposed> {
  const placed =
    source.uri.scheme === "file" ? await engine.assist.placeTests({ ...placeOf(vscode, source), text: source.getText(), tests }) : null;
  // Where nobody knows where its tests go, they stand at its end: nothing of the code gives way to them.
  if (!placed) return behind(source, source.lineCount - 1, tests);
  const file = vscode.Uri.file(placed.path);
  const document = await vscode.workspace.openTextDocument(placed.exists ? file : file.with({ scheme: "untitled" }));
  return { document, from: 0, to: document.lineCount - 1, text: placed.text, isWhole: true };
}

async function documentOf(vscode: typeof vscodeApi, path: string | undefined): Promise<vscodeApi.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const shown = vscode.window.activeTextEditor?.document;
  if (path !== undefined && folder) {
    const wanted = path.replaceAll("\\", "/").replace(/^\.\//, "");
    if (shown?.uri.path.endsWith(`/${wanted}`)) return shown;
    const [found] = wanted.includes("..") ? [] : await vscode.workspace.findFiles(`**/${wanted.replace(/[[\]{}*?]/g, "?")}`, undefined, 1);
    if (found) return vscode.workspace.openTextDocument(found);
    // What is named and not there is a new file, on no disk before it is saved.
    if (isInside(wanted)) return vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, wanted).with({ scheme: "untitled" }));
  }
  if (!shown) throw new UserError("NOT_FOUND", words.noEditor, words.noEditorHint);
  return shown;
}

function isInside(path: string): boolean {
  return !path.startsWith("/") && !/^[a-z]:/i.test(path) && !path.split("/").includes("..");
}

function isWholeFile(code: string, text: string): boolean {
  const lines = (all: string) => all.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  const block = lines(code);
  const file = lines(text);
  if (block.length < file.length * wholeFileShare) return false;
  const same = (one: string | undefined, other: string | undefined) => one?.trim() === other?.trim();
  return same(block[0], file[0]) || same(block.at(-1), file.at(-1)) || file.length <= 3;
}

/** The definition of the file that the block declares anew. */
async function definitionOf(
  engine: Pick<Engine, "assist">,
  document: vscodeApi.TextDocument,
  code: string,
): Promise<{ readonly from: number; readonly to: number } | undefined> {
  const lexicon = lexiconOf(document.languageId);
  if (!lexicon) return undefined;
  const blank = code.split("\n").filter((line) => line.trim() !== "");
  const indent = Math.min(...blank.map((line) => line.length - line.trimStart().length));
  const names = declaredNames(
    scan(
      code
        .split("\n")
        .map((line) => line.slice(indent))
        .join("\n"),
      lexicon,
    ).code,
  );
  const [first] = names;
  // A block that declares several things replaces none of them by itself.
  if (!first || names.filter((one) => one.public).length > 1) return undefined;
  const text = document.getText();
  const scanned = scan(text, lexicon).code.split("\n");
  const line = scanned.findIndex((one) => declaredNames(one.trimStart()).some(({ name }) => name === first.name));
  if (line < 0 || line >= document.lineCount) return undefined;
  const offset = document.offsetAt(document.lineAt(line).range.end);
  const around = await engine.assist.definitionAround({ languageId: document.languageId, text, offset }).catch(() => null);
  if (!around) return undefined;
  const from = document.positionAt(around.start);
  const end = document.positionAt(around.end);
  const to = end.character === 0 && end.line > from.line ? end.line - 1 : end.line;
  return from.line <= line && line <= to ? { from: from.line, to } : undefined;
}
