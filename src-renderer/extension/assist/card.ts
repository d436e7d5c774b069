import { StandaloneServices } from "@codingame/monaco-vscode-api/services";
import { status as say } from "@codingame/monaco-vscode-api/vscode/vs/base/browser/ui/aria/aria";
import type { IDisposable } from "@codingame/monaco-vscode-api/vscode/vs/base/common/lifecycle";
import type { ICodeEditor } from "@codingame/monaco-vscode-api/vscode/vs/editor/browser/editorBrowser";
import { IMarkdownRendererService } from "@codingame/monaco-vscode-api/vscode/vs/platform/markdown/browser/markdownRenderer.service";
import { type Disposable, disposableStack, toDisposable } from "#core/base/disposable";
import type { AssistRequest } from "#core/contracts/assist";
import type { Engine } from "../../connection.ts";
import { button, element, icon, iconButton, progressBar, replaceChildren } from "../../pages/dom.ts";
import { strings } from "../strings.ts";
import { createAnnouncer } from "./announce.ts";
import { attachTo } from "./attach.ts";
import { followBlock } from "./block.ts";
import { createFoot } from "./foot.ts";
import { setContextKey } from "./internals.ts";
import { footText, isRunning, progressText, type Run, startRun } from "./run.ts";
import { openZone, type Zone } from "./zone.ts";

/** An answer in Markdown under the code it is about. */
export interface Card extends Disposable {
  stop(): void;
  again(): void;
  /** Stops while it runs, else closes; never what has only just come. */
  escape(): void;
  focus(): void;
}

/** What a card is about. */
export interface CardOptions {
  readonly engine: Engine;
  readonly editor: ICodeEditor;
  readonly title: string;
  readonly request: AssistRequest;
  /** The lines it is about, counted from 1; the card stands below the last. */
  readonly lines: { readonly first: number; readonly count: number };
  readonly nameOf: (model: string) => string;
  readonly copy: (text: string) => Promise<void>;
  readonly openHistory: (sessionId: string) => void;
  readonly openSeen: (sessionId: string) => void;
  readonly continueInChat: (sessionId: string) => void;
  readonly setUp: () => void;
  readonly ended: () => void;
}

/** Asks, and shows the answer while it comes. */
export function openCard(options: CardOptions): Card {
  const { engine, editor, title, request, lines, nameOf, copy, openHistory, setUp, ended } = options;
  const model = editor.getModel();
  if (!model) throw new Error("The editor shows no document.");
  const words = strings.assist;
  const markdown = StandaloneServices.get(IMarkdownRendererService);
  const owned = disposableStack();
  let run: Run;
  let announcer = createAnnouncer(say);
  let scheduled = 0;
  let rendered: IDisposable | undefined;
  let renderedText: string | undefined;
  let drawnButtons = "";
  let zone: Zone | undefined;

  const progress = element("div", { class: "line" });
  const body = element("div", { class: "body localcoder-selectable", tabindex: 0, role: "document", "aria-label": words.answer(title) });
  const text = element("span", { class: "text" });
  const foot = createFoot(() => options.openSeen(run.state().sessionId ?? ""));
  const buttons = element("div", { class: "buttons" });
  const card = element(
    "div",
    { class: "localcoder-answer localcoder-card", role: "region", "aria-label": words.answer(title) },
    progress,
    element(
      "div",
      { class: "head" },
      icon("comment-discussion"),
      element("span", { class: "title" }, title),
      text,
      iconButton("close", words.close, dispose),
    ),
    body,
    element("div", { class: "head" }, foot.element, buttons),
  );

  const block = owned.add(
    followBlock(model, lines.first, lines.count, {
      edited: () => zone?.moveTo(last()),
      moved: () => zone?.moveTo(last()),
      lost: () => undefined,
    }),
  );
  const last = () => Math.min(block.first() + block.count() - 1, model.getLineCount());
  owned.add(attachTo(model, editor, draw, dispose));
  owned.add(toDisposable(() => rendered?.dispose()));
  makeRoom();
  begin();

  /** The card grows downwards; it is to be seen without scrolling, as long as the code it is about stays in view. */
  function makeRoom(): void {
    const { height } = editor.getLayoutInfo();
    const top = editor.getScrollTop();
    const missing = editor.getBottomForLineNumber(last()) - top - height * 0.35;
    const by = Math.min(missing, editor.getTopForLineNumber(block.first()) - top);
    if (by > 0) editor.setScrollTop(top + by);
  }

  function begin(): void {
    announcer = createAnnouncer(say);
    renderedText = undefined;
    run = startRun(engine, request, schedule);
    const mine = run;
    void run.ended.then(() => {
      if (run !== mine) return;
      update();
      const state = run.state();
      if (state.phase === "failed") say(progressText(state));
      else announcer.end(finalText());
    });
    update();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = window.setTimeout(() => {
      scheduled = 0;
      update();
      if (run.state().phase === "writing") announcer.text(run.state().text);
    }, 60);
  }

  function finalText(): string {
    const state = run.state();
    return state.answer?.text ?? state.text;
  }

  function update(): void {
    const state = run.state();
    const running = isRunning(state);
    text.textContent = state.phase === "finished" && progressText(state) === words.finished ? "" : progressText(state);
    text.classList.toggle("localcoder-problem", state.phase === "failed");
    foot.update(footText(state, nameOf), Boolean(state.answer?.sessionId));
    replaceChildren(
      progress,
      running &&
        progressBar(progressText(state), state.phase === "reading" && state.read ? state.read.evaluated / state.read.total : undefined),
    );
    const answer = finalText();
    if (answer !== renderedText) {
      renderedText = answer;
      const atEnd = body.scrollTop + body.clientHeight >= body.scrollHeight - 8;
      rendered?.dispose();
      const result = markdown.render({ value: answer, supportHtml: false, isTrusted: false }, { fillInIncompleteTokens: running });
      rendered = result;
      const doubts = (state.answer?.doubts ?? []).map(({ message }) => element("p", { class: "doubt" }, icon("warning"), message));
      replaceChildren(body, result.element, ...doubts);
      body.hidden = answer === "";
      if (atEnd && running) body.scrollTop = body.scrollHeight;
    }
    const next = `${running} ${answer !== ""} ${Boolean(state.sessionId)} ${state.error?.code}`;
    if (next !== drawnButtons) {
      drawnButtons = next;
      replaceChildren(
        buttons,
        running && button(words.stop, () => run.stop(), { primary: true, id: "stop" }),
        answer !== "" && button(words.copy, () => void copyAnswer(), { id: "copy" }),
        state.error?.code === "NO_MODEL" && button(words.openModels, setUp, { primary: true, id: "set-up" }),
        !running && button(words.again, again, { id: "again" }),
        !running &&
          answer !== "" &&
          Boolean(state.sessionId) &&
          button(strings.chat.continueInChat, () => options.continueInChat(state.sessionId ?? ""), { id: "chat" }),
        Boolean(state.sessionId) && button(words.openInHistory, () => state.sessionId && openHistory(state.sessionId), { id: "history" }),
      );
    }
  }

  async function copyAnswer(): Promise<void> {
    await copy(finalText());
    text.textContent = words.copied;
    say(words.copied);
  }

  function draw(target: ICodeEditor): IDisposable {
    const keys = setContextKey(target, "localcoder.answering");
    zone = openZone(target, card, last(), 3);
    const mine = zone;
    return toDisposable(() => {
      keys.reset();
      mine.dispose();
      zone = undefined;
    });
  }

  function again(): void {
    run.stop();
    begin();
  }

  function dispose(): void {
    window.clearTimeout(scheduled);
    run?.stop();
    owned.dispose();
    ended();
  }

  return {
    stop: () => run.stop(),
    again,
    escape() {
      if (isRunning(run.state())) run.stop();
      else if (!run.justEnded() || run.state().phase !== "finished") dispose();
    },
    focus: () => (body.hidden ? card.querySelector("button") : body)?.focus(),
    dispose,
  };
}
