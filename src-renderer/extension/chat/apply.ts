import type * as vscodeApi from "vscode";
import { lexiconOf } from "#core/assist/checks/languages";
import { declaredNames } from "#core/assist/checks/names";
import { scan } from "#core/assist/checks/scan";
import { isTestFile, isTests } from "#core/assist/tests/recognise";
import { namesDeclared } from "#core/chat/file-for-block";
import type { Engine } from "../../connection.ts";
import type { WrittenProposal } from "../assist/written-proposal.ts";
import { placeOf } from "../documents.ts";
import type { CodePart, Said } from "./answer-view.ts";
import { documentFor } from "./document-for.ts";

/** A block that has at least this share of a file's lines, and begins or ends like it, is the whole file anew. */
const wholeFileShare = 0.6;

/** What applying needs of the window. */
interface Applying {
  readonly vscode: typeof vscodeApi;
  readonly engine: Pick<Engine, "assist" | "project">;
}

/** What is proposed of a block, without a title. */
type Proposed = Omit<WrittenProposal, "title">;

/**
 * Where a block of code belongs: into the file it names or is meant for; there into the whole file, the definition of the same name, the
 * selection, or behind the line of the cursor. Tests belong into the file of tests, whatever file they are said to be for. Undefined where
 * the user was asked for the file and named none.
 */
export async function proposalOf(applying: Applying, part: CodePart, before: Said): Promise<Proposed | undefined> {
  const { vscode, engine } = applying;
  const { code } = part;
  const wasShown = vscode.window.activeTextEditor?.document;
  const document = await documentFor(applying, part, before);
  if (!document) return undefined;
  const isEmpty = document.getText().trim() === "";
  const isWhole = isEmpty || isWholeFile(code, document.getText());
  // A file may hold its own tests, as in Rust, and be written anew with them.
  if (!isWhole && isTests(code) && !isTestFile(document.uri.path)) return proposalOfTests(applying, document, code);
  const editor = await vscode.window.showTextDocument(document);
  const inPlace = { document, text: code, isWhole: true };
  const { active } = editor.selection;
  // What is still selected in a file that nobody looked at has nothing to do with the answer.
  const selected = document === wasShown ? linesSelected(editor.selection) : undefined;
  if (selected && beginsAlike(code, document.lineAt(selected.from).text)) return { ...inPlace, ...selected };
  if (isWhole) return { ...inPlace, from: 0, to: document.lineCount - 1 };
  const lines = (await definitionOf(engine, document, code)) ?? selected;
  return lines ? { ...inPlace, ...lines } : behind(document, active.line, code);
}

/** Whole lines of a document, counted from 0. */
interface Lines {
  readonly from: number;
  readonly to: number;
}

function linesSelected({ start, end, isEmpty }: vscodeApi.Selection): Lines | undefined {
  if (isEmpty) return undefined;
  return { from: start.line, to: end.line - (end.character === 0 && end.line > start.line ? 1 : 0) };
}

function beginsAlike(code: string, line: string): boolean {
  return line.trim() !== "" && code.trimStart().split("\n", 1)[0]?.trimEnd() === line.trim();
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

function isWholeFile(code: string, text: string): boolean {
  const lines = (all: string) => all.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  const block = lines(code);
  const file = lines(text);
  if (block.length < file.length * wholeFileShare) return false;
  const same = (one: string | undefined, other: string | undefined) => one?.trim() === other?.trim();
  return same(block[0], file[0]) || same(block.at(-1), file.at(-1)) || file.length <= 3;
}

/** The definition of the file that the block declares anew. */
async function definitionOf(engine: Pick<Engine, "assist">, document: vscodeApi.TextDocument, code: string): Promise<Lines | undefined> {
  const lexicon = lexiconOf(document.languageId);
  if (!lexicon) return undefined;
  const [name, ...others] = namesDeclared(code, document.languageId);
  // A block that declares several things replaces none of them by itself.
  if (name === undefined || others.length > 0) return undefined;
  const text = document.getText();
  const scanned = scan(text, lexicon).code.split("\n");
  const line = scanned.findIndex((one) => declaredNames(one.trimStart()).some((one) => one.name === name));
  if (line < 0 || line >= document.lineCount) return undefined;
  const offset = document.offsetAt(document.lineAt(line).range.end);
  const around = await engine.assist.definitionAround({ languageId: document.languageId, text, offset }).catch(() => null);
  if (!around) return undefined;
  const from = document.positionAt(around.start);
  const end = document.positionAt(around.end);
  const to = end.character === 0 && end.line > from.line ? end.line - 1 : end.line;
  return from.line <= line && line <= to ? { from: from.line, to } : undefined;
}
