import { isStopped } from "#core/base/errors";
import { showError } from "./errors.ts";
import type { Features } from "./features.ts";
import type { ModelStatus } from "./status/model-status.ts";
import { strings } from "./strings.ts";

const words = strings.importModels;

/** Takes models over from a folder or a stick, for machines without a network. */
export function registerImport(features: Features, status: ModelStatus): void {
  const { vscode, own } = features;
  const run = () => importFolder(features, status).catch((error: unknown) => showError(vscode, error));
  own(vscode.commands.registerCommand("localcoder.importModels", run));
}

async function importFolder(features: Features, status: ModelStatus): Promise<void> {
  const { vscode, engine } = features;
  const path = await chooseFolder(features);
  if (!path) return;
  const progress = { location: vscode.ProgressLocation.Notification, title: words.title, cancellable: true };
  let taken = 0;
  try {
    await vscode.window.withProgress(progress, async (shown, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      for await (const event of await engine.models.import({ path }, { signal: stop.signal })) {
        const name = event.file.split(/[\\/]/).at(-1) ?? event.file;
        if (event.type === "progress") shown.report({ message: words.copying(name, Math.floor((event.read / event.bytes) * 100)) });
        if (event.type === "done") taken += 1;
      }
    });
  } catch (error) {
    if (!isStopped(error)) throw error;
  } finally {
    await status.refresh();
  }
  if (taken > 0) vscode.window.setStatusBarMessage(words.taken(taken), 5000);
}

async function chooseFolder({ desktop, start, vscode }: Features): Promise<string | undefined> {
  if (!start.browser) return (await desktop.chooseFolder()) ?? undefined;
  const [uri] = (await vscode.window.showOpenDialog({ title: words.title, canSelectFolders: true, canSelectFiles: false })) ?? [];
  return uri?.fsPath;
}
