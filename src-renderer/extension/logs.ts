import { errorForLog } from "#core/log";
import { formatBytes } from "#core/models/format";
import { showError } from "./errors.ts";
import type { Features } from "./features.ts";
import { strings } from "./strings.ts";

const words = strings.logs;

/** Shows the logs to whoever asks for them, and keeps in them what goes wrong in this window. */
export function registerLogs({ engine, vscode, own }: Features): void {
  const shown = new Map<string, string>();

  async function show(): Promise<void> {
    const files = await engine.logs.files();
    if (files.length === 0) {
      void vscode.window.showInformationMessage(words.none);
      return;
    }
    const items = files.map(({ name, path, bytes }) => ({ label: name, description: formatBytes(bytes), detail: path, name }));
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: words.choose });
    if (!chosen) return;
    const { text, cut } = await engine.logs.read({ name: chosen.name });
    const address = vscode.Uri.from({ scheme: "localcoder-log", path: `/${chosen.name}` });
    shown.set(address.toString(), cut ? `${words.cut}\n${text}` : text);
    changed.fire(address);
    const document = await vscode.workspace.openTextDocument(address);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    const end = document.lineAt(document.lineCount - 1).range.end;
    editor.revealRange(new vscode.Range(end, end));
  }

  const changed = new vscode.EventEmitter<ReturnType<typeof vscode.Uri.parse>>();
  own(changed);
  own(
    vscode.workspace.registerTextDocumentContentProvider("localcoder-log", {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => shown.get(uri.toString()) ?? "",
    }),
  );
  own(vscode.commands.registerCommand("localcoder.showLogs", () => show().catch((error: unknown) => showError(vscode, error))));

  const note = (error: unknown) => void engine.logs.note({ level: "error", process: "window", text: errorForLog(error) }).catch(() => {});
  const onError = ({ error }: ErrorEvent) => note(error);
  const onRejection = (event: PromiseRejectionEvent) => {
    // The workbench cancels its lists at every key that way. Nothing is wrong then, and the log would hold little else.
    if (event.reason instanceof Error && event.reason.name === "Canceled") event.preventDefault();
    else note(event.reason);
  };
  window.addEventListener("error", onError);
  window.addEventListener("unhandledrejection", onRejection);
  own({
    dispose() {
      window.removeEventListener("error", onError);
      window.removeEventListener("unhandledrejection", onRejection);
    },
  });
}
