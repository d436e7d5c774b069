import type * as vscodeApi from "vscode";
import type { Replayed, Session } from "#core/contracts/sessions";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { strings } from "../extension/strings.ts";
import { labelsOf } from "./history-list.ts";
import { exportToEditor } from "./history-transfer.ts";

const words = strings.history;

/** What can be done with one session; failures are shown where the user looks. */
export interface SessionActions {
  open(session: Session): void;
  /** Goes on with it in the chat; an action becomes a thread there. */
  goOn(session: Session): void;
  rename(session: Session): Promise<void>;
  label(session: Session): Promise<void>;
  archive(session: Session): Promise<void>;
  branch(session: Session): Promise<void>;
  export(session: Session): Promise<void>;
  /** Asks once more what led to its last answer, with the same chance or with another model. */
  askAgain(session: Session): Promise<void>;
  /** Moves it to the trash and offers to bring it back. */
  remove(session: Session): Promise<void>;
  /** All of them, to choose from. */
  menu(session: Session): Promise<void>;
}

/** Makes the {@link SessionActions} of a window. */
export function createSessionActions(features: Features): SessionActions {
  const { engine, vscode } = features;

  const telling =
    (work: (session: Session) => Promise<unknown>) =>
    async (session: Session): Promise<void> => {
      try {
        await work(session);
      } catch (error) {
        void showError(vscode, error);
      }
    };

  function open({ id }: Session): void {
    void vscode.commands.executeCommand("localcoder.history.open", id);
  }

  function goOn({ id, kind }: Session): void {
    void vscode.commands.executeCommand(kind === "chat" ? "localcoder.chat.open" : "localcoder.chat.continue", id);
  }

  const rename = telling(async ({ id, title }) => {
    const value = await vscode.window.showInputBox({ prompt: words.renameTitle, value: title });
    if (value !== undefined && value.trim() !== "") await engine.sessions.update({ id, title: value.trim().slice(0, 300) });
  });

  const label = telling(async ({ id, labels = [] }) => {
    const value = await vscode.window.showInputBox({ prompt: words.labelsTitle, value: labels.join(", ") });
    if (value !== undefined) await engine.sessions.update({ id, labels: labelsOf(value) });
  });

  const archive = telling(({ id, archived }) => engine.sessions.update({ id, archived: archived === undefined }));

  const branch = telling(async ({ id }) => {
    open(await engine.sessions.branch({ id }));
    void vscode.window.showInformationMessage(words.branched);
  });

  const exportOne = telling(({ id }) => exportToEditor(features, [id]));

  const askAgain = telling(async (session) => {
    type Item = vscodeApi.QuickPickItem & { readonly model?: string };
    const models = (await engine.models.list()).filter(
      // One that neither codes nor talks would only go on with the text.
      ({ state, roles }) => state === "ready" && roles.some((role) => role === "code" || role === "general"),
    );
    const items: Item[] = [
      { label: `$(sync) ${words.again.same}`, description: session.model },
      { label: "", kind: vscode.QuickPickItemKind.Separator },
      ...models.map(({ id, name }) => ({ label: `$(chip) ${name}`, model: id })),
    ];
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: words.again.title(session.title) });
    if (!chosen) return;
    const progress = { location: vscode.ProgressLocation.Notification, title: words.again.asking, cancellable: true };
    await vscode.window.withProgress(progress, async (shown, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      for await (const event of await engine.sessions.replay({ id: session.id, model: chosen.model }, { signal: stop.signal })) {
        if (event.type === "waiting") shown.report({ message: event.reason });
        else if (event.type === "reading")
          shown.report({ message: words.again.reading(Math.floor((event.evaluated / Math.max(1, event.total)) * 100)) });
        else if (event.type === "finished") tellReplay(event.replayed);
      }
    });
  });

  function tellReplay({ same, sessionId, because }: Replayed): void {
    const text = same ? words.again.isSame : [words.again.isOther, because].filter(Boolean).join(" ");
    const buttons = sessionId === "" ? [] : [words.open];
    void vscode.window.showInformationMessage(text, ...buttons).then((chosen) => {
      if (chosen === words.open) void vscode.commands.executeCommand("localcoder.history.open", sessionId);
    });
  }

  const remove = telling(async ({ id, title }) => {
    await engine.sessions.remove({ id });
    void vscode.window.showInformationMessage(words.deleted(title), words.undo).then(async (chosen) => {
      if (chosen === words.undo) await engine.sessions.restore({ id });
    });
  });

  async function menu(session: Session): Promise<void> {
    type Item = vscodeApi.QuickPickItem & { readonly run?: (session: Session) => unknown };
    const separator: Item = { label: "", kind: vscode.QuickPickItemKind.Separator };
    const items: Item[] = [
      { label: `$(go-to-file) ${words.open}`, run: open },
      { label: `$(comment-discussion) ${strings.chat.continueInChat}`, run: goOn },
      { label: `$(edit) ${words.rename}`, run: rename },
      { label: `$(tag) ${words.labels}`, run: label },
      { label: `$(archive) ${session.archived === undefined ? words.archive : words.unarchive}`, run: archive },
      ...(session.kind === "chat" ? [{ label: `$(git-branch) ${words.branch}`, run: branch }] : []),
      { label: `$(sync) ${words.again.action}`, run: askAgain },
      { label: `$(export) ${words.export}`, run: exportOne },
      separator,
      { label: `$(trash) ${words.delete}`, run: remove },
    ];
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: words.moreTitle(session.title) });
    await chosen?.run?.(session);
  }

  return { open, goOn, rename, label, archive, branch, export: exportOne, askAgain, remove, menu };
}
