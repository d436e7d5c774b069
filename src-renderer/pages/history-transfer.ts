import { UserError } from "#core/base/errors";
import type { Transcript } from "#core/contracts/sessions";
import { type ExportFormat, exportFormats, exportSessions } from "#core/history/export";
import { fromJson } from "#core/history/json";
import { windowWorkspace } from "../extension/documents.ts";
import type { Features } from "../extension/features.ts";
import { strings } from "../extension/strings.ts";

const words = strings.history;

/** A file with more is no export of ours that a person made. */
const largestImport = 256_000_000;

/** The editor's name of each form. */
const languages: Readonly<Record<ExportFormat, string>> = { markdown: "markdown", html: "html", json: "json", script: "shellscript" };

/**
 * Shows sessions in a form the user chooses, in an editor and not yet in a file: so what is passed on was seen before, and
 * where it goes is decided by saving it.
 */
export async function exportToEditor({ engine, vscode }: Features, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) {
    void vscode.window.showInformationMessage(words.toExport);
    return;
  }
  const items = exportFormats.map((format) => ({ label: words.formats[format], format }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: words.exportAs });
  if (!chosen) return;
  const transcripts: Transcript[] = [];
  for (const id of ids) transcripts.push(await engine.sessions.show({ id }));
  const { text, found } = exportSessions(transcripts, chosen.format);
  const document = await vscode.workspace.openTextDocument({ content: text, language: languages[chosen.format] });
  await vscode.window.showTextDocument(document, { preview: false });
  const list = found.map(({ what, count }) => (count === 1 ? `1 ${what}` : `${count} ${what}s`)).join(", ");
  void vscode.window.showInformationMessage(list === "" ? words.nothingTakenOut : words.takenOut(list));
}

/** Takes sessions over from a file the user chooses. */
export async function importFromFile({ desktop, engine, start, vscode }: Features): Promise<void> {
  const path = start.browser
    ? (await vscode.window.showOpenDialog({ title: words.importTitle, canSelectMany: false, filters: { JSON: ["json"] } }))?.[0]?.fsPath
    : (await desktop.chooseFiles({ title: words.importTitle, extensions: ["json"], multiple: false }))[0];
  if (path === undefined) return;
  const { size } = await engine.workspace.open({ path });
  if (size > largestImport) throw new UserError("TOO_LARGE", words.importTooLarge);
  const transcripts = fromJson(await (await engine.workspace.read({ path })).text());
  let added = 0;
  let known = 0;
  // The most the engine takes at once.
  for (let start = 0; start < transcripts.length; start += 1000) {
    const part = await engine.sessions.import({ transcripts: transcripts.slice(start, start + 1000) });
    added += part.added.length;
    known += part.known.length;
  }
  void vscode.window.showInformationMessage(words.imported(added, known));
}

/** Copies the whole history to a file the user chooses, while everything goes on. */
export async function backUpToFile({ desktop, engine, start, vscode }: Features): Promise<void> {
  const suggestion = `localcoder-history-${new Date().toISOString().slice(0, 10)}.db`;
  const path = start.browser
    ? (await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(`${start.homeDirectory}/${suggestion}`) }))?.fsPath
    : ((await desktop.chooseSave({ suggestion })) ?? undefined);
  if (path === undefined) return;
  const progress = { location: vscode.ProgressLocation.Window, title: words.backingUp };
  await vscode.window.withProgress(progress, async (shown) => {
    for await (const { done } of await engine.sessions.backUp({ path })) shown.report({ message: `${Math.floor(done * 100)} %` });
  });
  void vscode.window.showInformationMessage(words.backedUp(path));
}

/** Deletes for good what the history has of this window's folder, once the user has agreed. */
export async function forgetFolder({ engine, vscode }: Features): Promise<void> {
  const workspace = windowWorkspace(vscode);
  if (workspace === undefined) {
    void vscode.window.showInformationMessage(words.noFolder);
    return;
  }
  const options = { modal: true, detail: words.forgetDetail };
  if ((await vscode.window.showWarningMessage(words.forgetQuestion(workspace), options, words.forget)) !== words.forget) return;
  const { sessions } = await engine.sessions.forget({ workspace });
  void vscode.window.showInformationMessage(words.forgotten(sessions));
}
