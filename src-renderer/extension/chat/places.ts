import type * as vscodeApi from "vscode";
import type { Attachment } from "#core/contracts/message-context";

/** Opens what was attached: the place as it is now, or where there is none the text as the model saw it. */
export async function openAttachment(vscode: typeof vscodeApi, attachment: Attachment): Promise<void> {
  const { path, from, to, text, languageId, kind } = attachment;
  if (kind === "memory") {
    await vscode.commands.executeCommand("localcoder.memory", path.includes("/") ? "project" : "user");
    return;
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const isFile = path !== "" && kind !== "folder" && kind !== "problems" && kind !== "changes";
  try {
    if (!isFile || !folder) throw new Error("Not a place in a file.");
    await openLines(vscode, vscode.Uri.joinPath(folder, path), from, to);
  } catch {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: text, language: languageId }), {
      preview: true,
    });
  }
}

/** Opens a file, with lines of it selected that count from 1. */
export async function openLines(vscode: typeof vscodeApi, uri: vscodeApi.Uri, from?: number, to?: number): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const last = document.lineCount - 1;
  const end = Math.min((to ?? from ?? 1) - 1, last);
  const selection = from === undefined ? undefined : new vscode.Range(Math.min(from - 1, last), 0, end, document.lineAt(end).text.length);
  await vscode.window.showTextDocument(document, { selection, preview: true });
}

/** True for a file of the folder that is open. */
export async function isFileHere(vscode: typeof vscodeApi, path: string): Promise<boolean> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder || path.includes("..")) return false;
  return vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, path)).then(
    ({ type }) => (type & vscode.FileType.File) !== 0,
    () => false,
  );
}

/** The files that were dropped, from the Explorer or a tab. */
export function placeDropped(vscode: typeof vscodeApi, data: DataTransfer): vscodeApi.Uri[] {
  const lists = ["application/vnd.code.uri-list", "text/uri-list", "resourceurls"].map((type) => data.getData(type)).filter(Boolean);
  const [first = ""] = lists;
  const addresses = first.startsWith("[") ? (JSON.parse(first) as string[]) : first.split(/\r?\n/);
  return addresses.filter((one) => one !== "" && !one.startsWith("#")).map((one) => vscode.Uri.parse(one));
}
