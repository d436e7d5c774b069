import { getService, IEditorService } from "@codingame/monaco-vscode-api";
import { Schemas } from "@codingame/monaco-vscode-api/vscode/vs/base/common/network";
import { IWorkingCopyService } from "@codingame/monaco-vscode-api/vscode/vs/workbench/services/workingCopy/common/workingCopyService.service";
import type { Connection } from "../connection.ts";

/** Tells the owner of the window what its title bar and the system's window list show. */
export async function followTitle({ desktop }: Connection): Promise<void> {
  const [editors, workingCopies] = await Promise.all([getService(IEditorService), getService(IWorkingCopyService)]);
  let told = "";
  const tell = () => {
    const resource = editors.activeEditor?.resource;
    const news = {
      title: document.title,
      edited: workingCopies.hasDirty,
      represented: resource?.scheme === Schemas.file ? resource.fsPath : undefined,
    };
    const text = JSON.stringify(news);
    if (text === told) return;
    told = text;
    desktop.setTitle(news).catch(() => undefined);
  };
  const title = document.querySelector("title");
  if (title) new MutationObserver(tell).observe(title, { childList: true, characterData: true, subtree: true });
  workingCopies.onDidChangeDirty(tell);
  editors.onDidActiveEditorChange(tell);
  tell();
}
