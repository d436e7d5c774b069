import { showError } from "./errors.ts";
import type { Features } from "./features.ts";
import { strings } from "./strings.ts";

const words = strings.shellCommand;

/** Puts `localcoder` where the user's terminals find it; asks before it replaces another program of that name. */
export function registerShellCommand({ vscode, desktop, start, own }: Features): void {
  // A page has nowhere to put it.
  void vscode.commands.executeCommand("setContext", "localcoder.desktop", !start.browser);
  const install = async () => {
    let result = await desktop.installShellCommand({ replace: false });
    if (result.state === "differs") {
      const answer = await vscode.window.showWarningMessage(
        words.differs(result.path),
        { modal: true, detail: words.differsDetail },
        words.replace,
      );
      if (answer !== words.replace) return;
      result = await desktop.installShellCommand({ replace: true });
    }
    const done = result.state === "present" ? words.present(result.path) : words.written(result.path);
    await vscode.window.showInformationMessage(
      result.onPath ? `${done} ${words.ready}` : `${done} ${words.notOnPath(folderOf(result.path))}`,
    );
  };
  own(vscode.commands.registerCommand("localcoder.shellCommand", () => install().catch((error: unknown) => showError(vscode, error))));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")));
}
