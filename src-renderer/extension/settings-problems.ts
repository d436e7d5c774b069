import type { SettingsProblem } from "#core/contracts/settings";
import { windowWorkspace } from "./documents.ts";
import type { Features } from "./features.ts";
import { follow } from "./follow.ts";
import { strings } from "./strings.ts";

/** Names a setting whose value is not allowed, once for each value, with a way to the line where it stands. */
export function watchSettingsProblems(features: Features): void {
  const { engine, vscode, own } = features;
  const told = new Set<string>();

  async function check(): Promise<void> {
    const { problems } = await engine.settings.read({ workspace: windowWorkspace(vscode) });
    for (const problem of problems) {
      const key = `${problem.file} ${problem.message}`;
      if (!told.has(key)) void tell(problem);
      told.add(key);
    }
  }
  async function tell({ file, line, message }: SettingsProblem): Promise<void> {
    const open = strings.settings.open;
    if ((await vscode.window.showWarningMessage(strings.settings.problem(file, line, message), open)) !== open) return;
    const at = new vscode.Position(Math.max(0, line - 1), 0);
    await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
  }

  const quietly = () => void check().catch(() => undefined);
  quietly();
  own(follow((signal) => engine.settings.changes(undefined, { signal }), quietly, quietly));
}
