import { StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { IMarkdownRendererService } from "@codingame/monaco-vscode-api/vscode/vs/platform/markdown/browser/markdownRenderer.service";
import { findAction } from "#core/assist/index";
import { disposableStack } from "#core/base/disposable";
import { attachmentName } from "#core/chat/prompt";
import type { Message, Session, Transcript } from "#core/contracts/sessions";
import { fenced } from "#core/history/markdown";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { strings } from "../extension/strings.ts";
import { button, element, link, replaceChildren } from "./dom.ts";
import { followSession } from "./follow-session.ts";
import { createSessionActions } from "./history-actions.ts";
import type { Page, PageTab } from "./page.ts";

const words = strings.history;

/** Fills the page that shows one session from beginning to end. */
export function fillTranscriptPage(page: Page, features: Features): void {
  page.fillWith((body, id, tab) => fill(body, id, tab, features));
  features.own(features.vscode.commands.registerCommand("localcoder.history.open", (id: unknown) => page.open(String(id))));
}

function fill(page: HTMLElement, id: string, tab: PageTab, features: Features) {
  const { engine, vscode } = features;
  const opened = disposableStack();
  const actions = createSessionActions(features);
  const markdown = StandaloneServices.get(IMarkdownRendererService);
  let rendered: { dispose(): void }[] = [];
  page.classList.add("narrow");

  async function load(): Promise<void> {
    try {
      draw(await engine.sessions.show({ id }));
    } catch {
      replaceChildren(page, element("p", {}, words.gone));
    }
  }

  function draw({ session, messages, patches }: Transcript): void {
    tab.setTitle(session.title);
    for (const each of rendered) each.dispose();
    rendered = [];
    const state = words.states[session.state];
    const facts = [
      new Date(session.created).toLocaleString(),
      session.model && words.model(session.model, strings.providers[session.provider ?? "local-llama"]),
      state,
      session.outcome && words.outcomes[session.outcome],
      session.archived !== undefined && words.archived,
      ...(session.labels ?? []).map((label) => `#${label}`),
    ]
      .filter(Boolean)
      .join(" · ");
    replaceChildren(
      page,
      element("h1", {}, session.title),
      element("p", { class: "localcoder-quiet" }, facts),
      Boolean(session.path) &&
        element(
          "p",
          {},
          link(placeText(session), () => void openCode(session), session.path),
        ),
      element(
        "div",
        { class: "localcoder-bar" },
        messages.some(({ role, text }) => role === "assistant" && text !== "") &&
          button(strings.chat.continueInChat, () => void goOn(session), { icon: "comment-discussion", id: "chat" }),
        button(words.copyText, () => void vscode.env.clipboard.writeText(asText(session, messages)), { icon: "copy" }),
        messages.some(({ details }) => details !== undefined) &&
          button(strings.seen.button, () => void vscode.commands.executeCommand("localcoder.seen", id), { icon: "eye" }),
        messages.some(({ details }) => details !== undefined) &&
          button(words.again.action, () => void actions.askAgain(session), { icon: "sync" }),
        button(words.rename, () => void actions.rename(session), { icon: "edit" }),
        button(words.labels, () => void actions.label(session), { icon: "tag" }),
        button(session.archived === undefined ? words.archive : words.unarchive, () => void actions.archive(session), { icon: "archive" }),
        button(words.export, () => void actions.export(session), { icon: "export" }),
        button(words.delete, () => void actions.remove(session).then(tab.close), { icon: "trash" }),
      ),
      ...messages.map((message, index) => turn(message, session, languageOf(messages.slice(0, index)))),
      ...(patches ?? []).map(({ diff }) => changed(diff)),
    );
  }

  function turn(message: Message, session: Session, language: string): HTMLElement {
    const isOpinion = message.context?.secondOpinion === true;
    const heading = element("h2", {}, isOpinion ? strings.chat.opinion.title : words.roles[message.role]);
    if (message.role === "note") {
      const [sentence, difference] = splitNote(message.text);
      const quiet = element("p", { class: "localcoder-quiet localcoder-selectable" }, sentence);
      return difference === "" ? quiet : element("div", {}, quiet, changed(difference, words.difference));
    }
    // The instructions are the same each time; they are there for whoever wants to know.
    if (message.role === "system") {
      return element(
        "div",
        { class: "localcoder-turn" },
        element("details", {}, element("summary", {}, words.roles.system), plain(message.text)),
      );
    }
    const isCode = message.role === "assistant" && findAction(session.kind)?.shows === "diff";
    const value = isCode ? fenced(message.text, language) : message.text;
    const result = markdown.render({ value, supportHtml: false, isTrusted: false });
    rendered.push(result);
    result.element.classList.add("localcoder-selectable");
    const attached = (message.context?.attachments ?? []).map((one) =>
      element("details", {}, element("summary", {}, attachmentName(one)), plain(one.text)),
    );
    return element("div", { class: "localcoder-turn localcoder-markdown" }, heading, result.element, ...attached);
  }

  /** A thread goes on as it is; anything else becomes the beginning of one. */
  async function goOn({ kind, id: session }: Session): Promise<void> {
    await vscode.commands.executeCommand(kind === "chat" ? "localcoder.chat.open" : "localcoder.chat.continue", session);
  }

  function changed(diff: string, heading: string = words.change): HTMLElement {
    const result = markdown.render({ value: fenced(diff, "diff"), supportHtml: false, isTrusted: false });
    rendered.push(result);
    result.element.classList.add("localcoder-selectable");
    return element("div", { class: "localcoder-turn localcoder-markdown" }, element("h2", {}, heading), result.element);
  }

  function placeText({ path, lines }: Session): string {
    return [path && vscode.workspace.asRelativePath(path), lines && words.lines(lines.from, lines.to)].filter(Boolean).join(", ");
  }

  async function openCode(session: Session): Promise<void> {
    if (!session.path) return;
    try {
      const line = (session.lines?.from ?? 1) - 1;
      const last = (session.lines?.to ?? 1) - 1;
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(session.path));
      const end = Math.min(last, document.lineCount - 1);
      await vscode.window.showTextDocument(document, {
        selection: new vscode.Range(Math.min(line, document.lineCount - 1), 0, end, document.lineAt(end).text.length),
      });
    } catch {
      void showError(vscode, new Error(words.missingFile(session.path)));
    }
  }

  void load();
  opened.add(followSession(features, id, () => void load()));
  // Coloured code refers to the list of colours of the theme in which it was drawn.
  opened.add(vscode.window.onDidChangeActiveColorTheme(() => void load()));
  opened.add({
    dispose: () => {
      for (const each of rendered) each.dispose();
    },
  });
  return opened;
}

/** A note, and the difference it may end with. */
function splitNote(text: string): [sentence: string, difference: string] {
  const at = text.indexOf("\n\n--- a/");
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 2)];
}

function plain(text: string): HTMLElement {
  return element("pre", { class: "plain localcoder-selectable" }, text);
}

/** The language of the code that was last asked about. */
function languageOf(messages: readonly Message[]): string {
  const asked = messages.findLast(({ role }) => role === "user");
  return /^`{3,}(\S+)/m.exec(asked?.text ?? "")?.[1] ?? "";
}

function asText(session: Session, messages: readonly Message[]): string {
  return [
    session.title,
    ...messages.filter(({ role }) => role !== "system").map(({ role, text }) => `${words.roles[role]}:\n${text}`),
  ].join("\n\n");
}
