import type { Features } from "./features.ts";
import { strings } from "./strings.ts";

/** Lets the user choose a GGUF file: with the system's dialog, or in a browser with the workbench's own. */
export async function chooseFile({ desktop, start, vscode }: Features): Promise<string | undefined> {
  const title = strings.chooseModel.chooseFileTitle;
  if (start.browser) {
    const [uri] = (await vscode.window.showOpenDialog({ title, canSelectMany: false, filters: { GGUF: ["gguf"] } })) ?? [];
    return uri?.fsPath;
  }
  const [path] = await desktop.chooseFiles({ title, extensions: ["gguf"], multiple: false });
  return path;
}

/** Lets the user choose a folder with models: with the system's dialog, or in a browser with the workbench's own. */
export async function chooseFolder({ desktop, start, vscode }: Features): Promise<string | undefined> {
  if (!start.browser) return (await desktop.chooseFolder()) ?? undefined;
  const title = strings.chooseModel.chooseFolderTitle;
  const [uri] = (await vscode.window.showOpenDialog({ title, canSelectMany: false, canSelectFiles: false, canSelectFolders: true })) ?? [];
  return uri?.fsPath;
}
