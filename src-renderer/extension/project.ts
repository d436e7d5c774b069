import { windowWorkspace } from "./documents.ts";
import { showError } from "./errors.ts";
import type { Features } from "./features.ts";
import { strings } from "./strings.ts";

/** Milliseconds after the start: the window and ghost text come first. */
const afterStart = 15_000;

/** Has the index of the workspace read in the background, so that the first question need not wait, and anew when it is asked for. */
export function followProject({ engine, vscode, own }: Features): void {
  const prepare = () => {
    const workspace = windowWorkspace(vscode);
    // Without it the first question waits for the index: nothing to tell.
    if (workspace !== undefined) void engine.project.prepare({ workspace }).catch(() => undefined);
  };
  const timer = window.setTimeout(prepare, afterStart);
  own({ dispose: () => window.clearTimeout(timer) });
  own(vscode.workspace.onDidChangeWorkspaceFolders(prepare));
  own(
    vscode.commands.registerCommand("localcoder.project.rebuild", async () => {
      const workspace = windowWorkspace(vscode);
      if (workspace === undefined) return void vscode.window.showInformationMessage(strings.project.noFolder);
      try {
        await engine.project.rebuild({ workspace });
        void vscode.window.showInformationMessage(strings.project.rebuilding);
      } catch (error) {
        void showError(vscode, error);
      }
    }),
  );
}
