import { Codicon } from "@codingame/monaco-vscode-api/vscode/vs/base/common/codicons";
import { SyncDescriptor } from "@codingame/monaco-vscode-api/vscode/vs/platform/instantiation/common/descriptors";
import {
  registerCustomView,
  ViewContainerLocation,
  ViewPaneContainer,
  viewContainerRegistry,
} from "@codingame/monaco-vscode-workbench-service-override";
import type { Disposable } from "#core/base/disposable";
import type { Attachment } from "#core/contracts/message-context";
import type { Actions } from "../assist/actions.ts";
import { activeEditor } from "../assist/active-editor.ts";
import { windowWorkspace } from "../documents.ts";
import { showError } from "../errors.ts";
import type { Features } from "../features.ts";
import type { ModelStatus } from "../status/model-status.ts";
import { shortName } from "../status/status-text.ts";
import { strings } from "../strings.ts";
import { askedAgain, askForAnother, type ChangedContext } from "./another-answer.ts";
import type { CodePart, Said } from "./answer-view.ts";
import { proposalOf } from "./apply.ts";
import { createAttaching } from "./attachments.ts";
import "./chat.css";
import { openNewDocument } from "./document-for.ts";
import { withoutDoubles } from "./draft-attachments.ts";
import { openInlineChat } from "./inline-chat.ts";
import { fillPanel } from "./panel.ts";
import type { Panel } from "./panel-options.ts";
import { openMemory } from "./remembering.ts";

const words = strings.chat;
const containerId = "localcoder-chat";
const viewId = "localcoder.chat.view";

/** What other parts of the window ask of the chat. */
export interface Chat {
  /** Asks a question of a thread once more, with something else in view. Throws where a file is not there or may not be shown. */
  askAgain(context: ChangedContext): Promise<void>;
}

/** Adds the Chat view to the activity bar, before the History, and its commands. */
export function registerChat(features: Features, status: ModelStatus, actions: Pick<Actions, "proposeWritten" | "instruct">): Chat {
  const { engine, vscode, own, start } = features;
  const attaching = createAttaching({ vscode, engine, platform: start.platform });
  const nameOf = (model: string) => status.names().get(model) ?? shortName(model);
  let panel: Panel | undefined;
  /** What a view that is not drawn yet is to show. */
  let wanted: ((panel: Panel) => void)[] = [];

  const container = viewContainerRegistry.registerViewContainer(
    {
      id: containerId,
      title: { value: words.title, original: words.title },
      icon: Codicon.commentDiscussion,
      order: 6.4,
      ctorDescriptor: new SyncDescriptor(
        ViewPaneContainer as never,
        [containerId, { mergeViewWithContainerWhenSingleView: true }] as never,
      ),
      hideIfEmpty: false,
    },
    ViewContainerLocation.Sidebar,
  );
  own(
    registerCustomView({
      id: viewId,
      name: words.title,
      location: ViewContainerLocation.Sidebar,
      viewContainer: container,
      renderBody(body) {
        const filled = fillPanel(body, features, {
          attaching,
          nameOf,
          chooseThread,
          chooseModel,
          askForAnother: () => askForAnother(vscode, answerers()),
          code: {
            copy: (code) => void copy(code),
            insert: (code) => void guarded(insert(code)),
            apply: (code, said) => void guarded(apply(code, said)),
          },
        });
        panel = filled;
        for (const show of wanted.splice(0)) show(filled);
        return {
          dispose() {
            filled.dispose();
            if (panel === filled) panel = undefined;
          },
        };
      },
    }),
  );

  /** Brings the view to the front and does something with it. */
  async function withPanel(show: (panel: Panel) => void): Promise<void> {
    await vscode.commands.executeCommand(`${viewId}.focus`);
    // Only then the view is drawn, the first time, and can take the focus.
    if (panel) show(panel);
    else wanted = [...wanted, show];
  }

  async function chooseThread(typed: string): Promise<string | undefined> {
    const found = await engine.sessions.search({ query: typed, workspace: windowWorkspace(vscode), kind: "chat", limit: 200 });
    const items = found.map(({ id, title, updated, model, state }) => ({
      label: title,
      description: [new Date(updated).toLocaleString(), model && nameOf(model), strings.history.states[state]].filter(Boolean).join(" · "),
      id,
    }));
    if (items.length === 0) void vscode.window.showInformationMessage(typed === "" ? words.noThreads : words.noThreadsFor(typed));
    else return (await vscode.window.showQuickPick(items, { placeHolder: words.chooseThread, matchOnDescription: true }))?.id;
    return undefined;
  }

  /** The models that can answer in a chat. */
  function answerers() {
    return status
      .models()
      .filter(({ state, roles }) => state === "ready" && (roles.includes("general") || roles.includes("code")))
      .map(({ id, name, server, speed }) => ({
        label: name,
        description: [server?.title ?? strings.providers["local-llama"], speed && strings.status.tokensPerSecond(speed.writing)]
          .filter(Boolean)
          .join(" · "),
        id,
      }));
  }

  async function chooseModel(): Promise<string | undefined> {
    const items = [{ label: words.modes.auto, description: words.autoModel, id: "auto" }, ...answerers()];
    return (await vscode.window.showQuickPick(items, { placeHolder: words.modelHint }))?.id;
  }

  async function guarded(work: Promise<unknown>): Promise<void> {
    await work.catch((error: unknown) => showError(vscode, error));
  }

  async function copy({ code }: CodePart): Promise<void> {
    await vscode.env.clipboard.writeText(code);
    vscode.window.setStatusBarMessage(strings.assist.copied, 3000);
  }

  async function insert(code: CodePart): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return openNewDocument(vscode, code);
    await vscode.window.showTextDocument(editor.document, editor.viewColumn);
    await editor.edit((edit) => edit.replace(editor.selection, code.code));
  }

  async function apply(code: CodePart, said: Said): Promise<void> {
    const proposal = await proposalOf({ vscode, engine }, code, said);
    if (proposal) await actions.proposeWritten({ ...proposal, title: words.applyTitle });
  }

  /** Asks in the chat about the selection, else about the file. */
  async function ask(question: string): Promise<void> {
    const attachment = await attaching.shown();
    await withPanel((shown) => shown.ask(question, attachment ? [attachment] : []));
  }

  async function askAgain({ threadId, questionId, question, exclude, pin }: ChangedContext): Promise<void> {
    const pinned: Attachment[] = [];
    for (const { path, lines } of pin) pinned.push(await attaching.inFolder(path, lines));
    const draft = askedAgain(question, {});
    const attachments = withoutDoubles([...draft.attachments, ...pinned]);
    await withPanel((shown) => void shown.askAgain(threadId, questionId, { ...draft, attachments, exclude }));
  }

  const command = (id: string, run: (...args: unknown[]) => unknown) => own(vscode.commands.registerCommand(id, run));
  command("localcoder.chat", () => withPanel((shown) => shown.focus()));
  command("localcoder.memory", (scope) =>
    guarded(openMemory({ engine, vscode }, windowWorkspace(vscode), scope === "project" || scope === "user" ? scope : undefined)),
  );
  command("localcoder.chat.new", () => withPanel((shown) => void shown.open()));
  command("localcoder.chat.open", (id) => withPanel((shown) => void shown.open(String(id))));
  command("localcoder.chat.threads", async () => {
    const id = await chooseThread("");
    if (id !== undefined) await withPanel((shown) => void shown.open(id));
  });
  command("localcoder.chat.continue", async (sessionId) => {
    try {
      const { threadId } = await engine.chat.branch({ threadId: String(sessionId) });
      await withPanel((shown) => void shown.open(threadId));
    } catch (error) {
      void showError(vscode, error);
    }
  });
  let inline: Disposable | undefined;
  command("localcoder.chat.inline", () => {
    const editor = activeEditor();
    if (!editor?.getModel()) return;
    inline?.dispose();
    inline = openInlineChat(editor, {
      change: (instruction) => void guarded(actions.instruct(instruction)),
      ask: (question) => void guarded(ask(question)),
    });
  });
  command("localcoder.chat.addSelection", async () => {
    try {
      const attachment = await attaching.shown();
      if (attachment) await withPanel((shown) => shown.attach(attachment));
      else vscode.window.setStatusBarMessage(words.nothingSelected, 5000);
    } catch (error) {
      void showError(vscode, error);
    }
  });
  return { askAgain };
}
