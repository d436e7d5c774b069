import type * as vscodeApi from "vscode";
import type { AssistAction } from "#core/assist/action";
import { commitMessage } from "#core/assist/commit-message";
import { review } from "#core/assist/review";
import type { AssistRequest } from "#core/contracts/assist";
import { windowWorkspace } from "../documents.ts";
import { showError } from "../errors.ts";
import type { Features } from "../features.ts";
import { strings } from "../strings.ts";
import { progressText, type Run, startRun } from "./run.ts";

const words = strings.change;

const scheme = "localcoder-answer";

/** Where the message of a folder's next commit is written; undefined for a folder that is in no open repository. */
export type CommitBox = (workspace: string) => Promise<{ value: string } | undefined>;

/** Registers what is about a change and not about lines of a file: its review, and the message it is committed with. */
export function registerChangeActions({ vscode, engine, own }: Features, commitBox: CommitBox): void {
  /** The answer that is open to be read. */
  let read = "";
  const changed = own(new vscode.EventEmitter<vscodeApi.Uri>());
  own(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: () => read,
    }),
  );

  async function run(action: AssistAction, diffOf: (changes: Changes) => string): Promise<void> {
    const workspace = windowWorkspace(vscode);
    if (workspace === undefined) return void vscode.window.setStatusBarMessage(strings.chat.noFolder, 5000);
    const text = diffOf(await engine.workspace.uncommitted({ path: workspace }));
    if (text === "") return void vscode.window.showInformationMessage(strings.chat.noChanges);
    const selection = { start: 0, end: text.length };
    const answer = await answered(
      { action: action.id, path: `${workspace}/change.diff`, languageId: "diff", workspace, text, selection },
      action.title,
    );
    if (answer === undefined) return;
    const box = action.id === commitMessage.id ? await commitBox(workspace) : undefined;
    if (box !== undefined) {
      box.value = answer.trim();
      return void vscode.commands.executeCommand("workbench.view.scm");
    }
    if (action.id === review.id) {
      // Read and left: a text of its own would ask to be saved when it is closed. The History has it.
      read = answer;
      const uri = vscode.Uri.from({ scheme, path: `/${action.title}.md` });
      changed.fire(uri);
      return void vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
    }
    const known = (await vscode.languages.getLanguages()).includes("git-commit");
    const document = await vscode.workspace.openTextDocument({ content: answer, ...(known && { language: "git-commit" }) });
    await vscode.window.showTextDocument(document);
    await vscode.env.clipboard.writeText(answer);
    vscode.window.setStatusBarMessage(words.copied, 10_000);
  }

  /** Waits for an answer with what it is at in a notification, from which it can be stopped. */
  async function answered(request: AssistRequest, title: string): Promise<string | undefined> {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const { answer, error, phase } = await vscode.window.withProgress(options, async (progress, token) => {
      const running: Run = startRun(engine, request, () => progress.report({ message: progressText(running.state()) }));
      token.onCancellationRequested(() => running.stop());
      await running.ended;
      return running.state();
    });
    if (phase === "failed" && error) await vscode.window.showErrorMessage(strings.errors.withHint(error.message, error.hint));
    return answer && answer.text.trim() !== "" ? answer.text : undefined;
  }

  const command = (id: string, ...parameters: Parameters<typeof run>) =>
    own(vscode.commands.registerCommand(id, () => run(...parameters).catch((error: unknown) => showError(vscode, error))));
  command("localcoder.commitMessage", commitMessage, ({ staged, diff }) => staged || diff);
  command("localcoder.review", review, ({ diff }) => diff);
}

type Changes = Awaited<ReturnType<Features["engine"]["workspace"]["uncommitted"]>>;
