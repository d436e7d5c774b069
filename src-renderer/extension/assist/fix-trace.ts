import { parseStackTrace } from "#core/assist/stack-trace";
import type { Suspect } from "#core/contracts/assist";
import { windowWorkspace } from "../documents.ts";
import { showError } from "../errors.ts";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";

/** What Fix is told of a stack trace. */
export interface Traced {
  readonly trace: string;
  readonly suspect: Suspect;
}

const words = strings.trace;

/** Registers “Fix from a stack trace”: shows which lines it makes suspect and why, goes to one, and hands it to `fix`. */
export function registerFixTrace({ vscode, engine, own }: Features, fix: (traced: Traced) => Promise<void>): void {
  const places = (suspects: readonly Suspect[], workspace: string) =>
    suspects.map((suspect) => ({
      label: `$(debug-stackframe) ${suspect.path.slice(workspace.length).replace(/^[\\/]/, "")}:${suspect.line}`,
      description: suspect.symbol ?? "",
      detail: `${suspect.why} — ${suspect.text}`,
      suspect,
    }));

  async function run(): Promise<void> {
    const workspace = windowWorkspace(vscode);
    if (workspace === undefined) return void vscode.window.setStatusBarMessage(words.noFolder, 5000);
    const copied = await vscode.env.clipboard.readText().then(
      (text) => text,
      () => "",
    );
    // What was just copied is what is meant; an input of one line could not take it anyway.
    const trace = parseStackTrace(copied) ? copied : await vscode.window.showInputBox({ title: words.title, prompt: words.paste });
    if (trace === undefined || trace.trim() === "") return;
    const suspects = await engine.assist.suspects({ trace: trace.slice(0, 200_000), workspace });
    if (suspects.length === 0) return void vscode.window.showInformationMessage(words.none);
    const chosen =
      suspects.length === 1
        ? places(suspects, workspace)[0]
        : await vscode.window.showQuickPick(places(suspects, workspace), { placeHolder: words.choose });
    if (chosen !== undefined) await fix({ trace: trace.slice(0, 20_000), suspect: chosen.suspect });
  }

  own(vscode.commands.registerCommand("localcoder.fixTrace", () => run().catch((error: unknown) => showError(vscode, error))));
}
