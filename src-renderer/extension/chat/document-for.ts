import type * as vscodeApi from "vscode";
import { UserError } from "#core/base/errors";
import { answerParts } from "#core/chat/answer-parts";
import { type FileForBlock, filesForBlock, namesDeclared, type PossibleFile, type SpokenOf } from "#core/chat/file-for-block";
import { ofFiles } from "#core/chat/spoken-of";
import { codeLanguageOf } from "#core/context/languages";
import { namedPlaces } from "#core/project/citations";
import type { Engine } from "../../connection.ts";
import { windowWorkspace } from "../documents.ts";
import { strings } from "../strings.ts";
import type { CodePart, Said, Spoken } from "./answer-view.ts";

const words = strings.chat;

/** Files that are looked at for one block, and places with the same name. */
const mostFiles = 30;
const mostOfOneName = 5;
/** A larger file is no place for a block of an answer. */
const mostBytes = 1_000_000;

/** What finding a document needs of the window. */
interface Finding {
  readonly vscode: typeof vscodeApi;
  readonly engine: Pick<Engine, "project">;
}

interface FoundFile extends FileForBlock {
  readonly uri: vscodeApi.Uri;
}

/**
 * The document that a block of code is for: the one it names, else the one that what it declares and what was said make certain, else the
 * one that the user chooses. Undefined where none was chosen, or what was chosen is a new file, which holds the code then.
 */
export async function documentFor(finding: Finding, part: CodePart, said: Said): Promise<vscodeApi.TextDocument | undefined> {
  const { vscode } = finding;
  const shown = vscode.window.activeTextEditor?.document;
  const named = part.path === undefined ? [] : await filesCalled(vscode, part.path);
  if (part.path !== undefined && shown?.uri.path.endsWith(`/${plain(part.path)}`)) return shown;
  const [only, ...more] = named;
  if (only && more.length === 0) return vscode.workspace.openTextDocument(only);
  const newFile = named.length === 0 ? fileToCome(vscode, part.path) : undefined;
  if (newFile) return vscode.workspace.openTextDocument(newFile);
  const files = named.length > 0 ? await filesAt(vscode, named, "answer") : await filesSpokenOf(finding, part, said);
  const { certain, possible } = filesForBlock(part, files);
  if (certain) return vscode.workspace.openTextDocument(certain.uri);
  return choose(vscode, part, possible, shown);
}

async function choose(
  vscode: typeof vscodeApi,
  part: CodePart,
  possible: readonly PossibleFile<FoundFile>[],
  shown: vscodeApi.TextDocument | undefined,
): Promise<vscodeApi.TextDocument | undefined> {
  const items = possible.map(({ file: { uri }, because }) => ({ uri, because }));
  // Another language speaks against the file in the editor; a model may have named a wrong one.
  if (shown && !items.some(({ uri }) => uri.toString() === shown.uri.toString())) items.push({ uri: shown.uri, because: "shown" });
  if (items.length === 0) throw new UserError("NOT_FOUND", words.noEditor, words.noEditorHint);
  const rows = items.map(({ uri, because }) => ({
    label: vscode.workspace.asRelativePath(uri, false),
    description: words.fileBecause[because],
    uri,
  }));
  const chosen = await vscode.window.showQuickPick([...rows, { label: words.newFile, uri: undefined }], { placeHolder: words.whichFile });
  if (chosen?.uri) return vscode.workspace.openTextDocument(chosen.uri);
  if (chosen) await openNewDocument(vscode, part);
  return undefined;
}

/** Opens a document without a name that holds the code. */
export async function openNewDocument(vscode: typeof vscodeApi, { code, language }: CodePart): Promise<void> {
  const known = (await vscode.languages.getLanguages()).includes(language);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: code, ...(known && { language }) }));
}

/** The files that were spoken of, nearest first, the one in the editor, and where none of these has what is declared, those that have. */
async function filesSpokenOf({ vscode, engine }: Finding, part: CodePart, said: Said): Promise<readonly FoundFile[]> {
  const answer = said.slice(-1);
  const asked = said.findLastIndex(({ role }) => role === "user");
  const question = asked < 0 ? [] : said.slice(asked, asked + 1);
  const found = new Map<string, FoundFile>();
  const add = async (uris: readonly vscodeApi.Uri[], spokenOf: SpokenOf) => {
    const fresh = uris.filter(({ path }) => !found.has(path)).slice(0, mostFiles - found.size);
    for (const file of await filesAt(vscode, fresh, spokenOf)) found.set(file.uri.path, file);
  };
  // Each block of an answer may be for another file: what is said right before it counts more than the rest.
  const leading = await urisIn(
    vscode,
    answer.map((one) => ({ ...one, text: leadingTo(part, one.text) })),
  );
  await add(leading, "answer");
  await add(await urisIn(vscode, answer), leading.length > 0 ? "thread" : "answer");
  await add(await urisIn(vscode, question), "question");
  await add(await urisIn(vscode, said.slice(0, Math.max(0, asked))), "thread");
  const shown = vscode.window.activeTextEditor?.document;
  if (shown) await add([shown.uri], "elsewhere");
  const workspace = windowWorkspace(vscode);
  const [name] = namesDeclared(part.code, codeLanguageOf(`a.${part.language}`) ?? part.language);
  const isKnown = filesForBlock(part, [...found.values()]).possible.some(({ because }) => because === "defines");
  if (workspace !== undefined && name !== undefined && !isKnown) {
    const symbols = await engine.project.symbols({ workspace, query: name, wait: 1000 }).catch(() => []);
    const same = symbols.filter((one) => one.name === name).map(({ file }) => vscode.Uri.file(file));
    await add(same, "elsewhere");
  }
  return [...found.values()];
}

/** The prose between a block of an answer and the block before it. */
function leadingTo({ code }: CodePart, answer: string): string {
  const parts = answerParts(answer);
  const before = parts[parts.findIndex((one) => one.kind === "code" && one.code === code) - 1];
  return before?.kind === "text" ? before.text : "";
}

async function urisIn(vscode: typeof vscodeApi, said: readonly Spoken[]): Promise<readonly vscodeApi.Uri[]> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) return [];
  const uris = said
    .flatMap(({ attachments }) => attachments)
    // What was found for a question is only what may matter to it.
    .filter(({ kind, path }) => kind !== "found" && ofFiles.includes(kind) && path !== "")
    .map(({ path }) => vscode.Uri.joinPath(folder, path));
  const paths = new Set(said.flatMap(({ text }) => namedPlaces(text)).flatMap((named) => ("path" in named ? [named.path] : [])));
  for (const path of [...paths].slice(0, mostFiles)) uris.push(...(await filesCalled(vscode, path)));
  return uris;
}

async function filesAt(vscode: typeof vscodeApi, uris: readonly vscodeApi.Uri[], spokenOf: SpokenOf): Promise<FoundFile[]> {
  const shown = vscode.window.activeTextEditor?.document.uri.toString();
  const files: FoundFile[] = [];
  for (const uri of new Map(uris.map((one) => [one.toString(), one])).values()) {
    const read = await textOf(vscode, uri);
    if (read) files.push({ ...read, uri, isShown: uri.toString() === shown, spokenOf });
  }
  return files;
}

async function textOf(vscode: typeof vscodeApi, uri: vscodeApi.Uri): Promise<Pick<FoundFile, "languageId" | "text"> | undefined> {
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (open) return { languageId: open.languageId, text: open.getText() };
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > mostBytes) return undefined;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return { languageId: codeLanguageOf(uri.path) ?? /\.(\w+)$/.exec(uri.path)?.[1] ?? "plaintext", text };
  } catch {
    return undefined;
  }
}

/** The files of the folder whose path is this or ends like it. */
async function filesCalled(vscode: typeof vscodeApi, path: string): Promise<readonly vscodeApi.Uri[]> {
  const wanted = plain(path);
  if (wanted.split("/").includes("..") || !vscode.workspace.workspaceFolders?.[0]) return [];
  return vscode.workspace.findFiles(`**/${wanted.replace(/[[\]{}*?]/g, "?")}`, undefined, mostOfOneName);
}

/** What is named and not there is a new file, on no disk before it is saved. */
function fileToCome(vscode: typeof vscodeApi, path: string | undefined): vscodeApi.Uri | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (path === undefined || !folder) return undefined;
  const wanted = plain(path);
  if (wanted.startsWith("/") || /^[a-z]:/i.test(wanted) || wanted.split("/").includes("..")) return undefined;
  return vscode.Uri.joinPath(folder, wanted).with({ scheme: "untitled" });
}

function plain(path: string): string {
  return path.replaceAll("\\", "/").replace(/^\.\//, "");
}
