import type { IMarkdownRendererService } from "@codingame/monaco-vscode-api/vscode/vs/platform/markdown/browser/markdownRenderer.service";
import { attachmentName } from "#core/chat/prompt";
import type { AnswerFacts, ChatTurn } from "#core/contracts/chat";
import type { Attachment } from "#core/contracts/message-context";
import { button, element, icon, iconButton, link, progressBar, replaceChildren } from "../../pages/dom.ts";
import { formatNumber, strings } from "../strings.ts";
import { type AnswerView, type CodeActions, createAnswerView } from "./answer-view.ts";
import type { ConversationState, Running } from "./conversation-state.ts";
import type { Draft } from "./draft.ts";

const words = strings.chat;

/** What can be done with turns. */
export interface TurnActions extends CodeActions {
  edit(turn: ChatTurn): void;
  branch(turn: ChatTurn): void;
  copyAnswer(text: string): void;
  openAttachment(attachment: Attachment): void;
  openSeen(turn: ChatTurn): void;
  offerOpinion(): void;
  /** Asks for another answer in the place of the last one. */
  another(): void;
  unqueue(index: number): void;
  /** Takes a message back that was not sent. */
  unhold(index: number): void;
  /** Sends a message after all that was not sent. */
  sendHeld(index: number): void;
  retry(draft: Draft): void;
  /** What to ask instead of a message that does not fit; undefined where nothing narrower is known. */
  narrower(draft: Draft): Draft | undefined;
  setUp(): void;
  nameOf(model: string): string;
}

/** Something that can be done next, in one line with buttons. */
export interface Offer {
  readonly text: string;
  readonly choices: readonly { readonly label: string; readonly id: string; readonly isFirst?: boolean; readonly choose: () => void }[];
}

/** What stands below the turns and is of this window only. */
export interface Below {
  readonly offers: readonly Offer[];
  /** The answer to a command. */
  readonly note: string | undefined;
}

/** The turns of a thread, and what comes after them. */
export interface Turns {
  readonly element: HTMLElement;
  update(state: ConversationState, below: Below): void;
  /** Draws everything anew, for another theme. */
  forget(): void;
  dispose(): void;
}

const attachmentIcons: Partial<Record<Attachment["kind"], string>> = { found: "search", memory: "bookmark" };

interface Drawn {
  readonly key: string;
  readonly element: HTMLElement;
  readonly view?: AnswerView;
}

/** Creates {@link Turns}. */
export function createTurns(markdown: IMarkdownRendererService, actions: TurnActions): Turns {
  let drawn: Drawn[] = [];
  let running:
    | {
        readonly element: HTMLElement;
        readonly view: AnswerView;
        readonly line: HTMLElement;
        readonly foot: HTMLElement;
        readonly notices: HTMLElement;
      }
    | undefined;
  const kept = element("div", { class: "kept" });
  const rest = element("div", {});
  const last = element("div", {});
  const root = element(
    "div",
    { class: "turns", role: "log", "aria-live": "off", "aria-label": words.turns, tabindex: 0 },
    kept,
    rest,
    last,
  );
  let drawnLast = "";

  /** @param before the turns that it answers */
  function turnOf(turn: ChatTurn, isLast: boolean, before: readonly ChatTurn[]): Omit<Drawn, "key"> {
    if (turn.role === "note")
      return { element: element("p", { class: "note localcoder-selectable" }, icon("info"), element("span", {}, turn.text)) };
    if (turn.role === "user") return { element: questionOf(turn, turn) };
    const view = createAnswerView(markdown, actions, before);
    view.update(turn.text, false);
    const foot = element(
      "div",
      { class: "foot" },
      turn.facts
        ? link(factsText(turn.facts, actions.nameOf), () => actions.openSeen(turn), strings.seen.button)
        : element("span", {}, words.unfinished),
      element("span", { class: "space" }),
      isLast && !turn.secondOpinion && iconButton("refresh", words.another, actions.another),
      isLast && turn.facts && !turn.secondOpinion && iconButton("comment-unresolved", words.opinion.ask, actions.offerOpinion),
      iconButton("copy", words.copyAnswer, () => actions.copyAnswer(turn.text)),
      iconButton("git-branch", words.branch, () => actions.branch(turn)),
    );
    const { secondOpinion: isOpinion } = turn;
    const heading = isOpinion && element("h3", {}, words.opinion.title);
    return {
      element: element("div", { class: `turn assistant${isOpinion ? " opinion" : ""}`, "data-turn": turn.id }, heading, view.element, foot),
      view,
    };
  }

  function questionOf({ text, attachments }: Pick<Draft, "text" | "attachments">, turn?: ChatTurn, ...more: HTMLElement[]): HTMLElement {
    const chips = attachments.map((attachment) =>
      element(
        "button",
        { type: "button", class: "attachment", title: attachmentName(attachment), onclick: () => actions.openAttachment(attachment) },
        icon(attachmentIcons[attachment.kind] ?? "attach"),
        element("span", {}, [attachmentName(attachment), attachment.leftOut].filter(Boolean).join(" · ")),
      ),
    );
    return element(
      "div",
      { class: "turn user", "data-turn": turn?.id },
      element("div", { class: "text localcoder-selectable" }, text),
      chips.length > 0 && element("div", { class: "chips" }, ...chips),
      element("div", { class: "actions" }, ...more, ...(turn ? [iconButton("edit", words.edit, () => actions.edit(turn))] : [])),
    );
  }

  function updateKept(turns: readonly ChatTurn[]): void {
    const next: Drawn[] = [];
    const lastAnswer = turns.findLast(({ role, secondOpinion }) => role === "assistant" && !secondOpinion);
    for (const [index, turn] of turns.entries()) {
      const isLast = turn === lastAnswer;
      const key = `${turn.id} ${turn.text.length} ${turn.facts !== undefined} ${isLast}`;
      const before = drawn[index];
      if (before?.key === key) {
        next.push(before);
        continue;
      }
      const made = { key, ...turnOf(turn, isLast, turns.slice(0, index)) };
      before?.view?.dispose();
      if (before) before.element.replaceWith(made.element);
      else kept.append(made.element);
      next.push(made);
    }
    for (const gone of drawn.slice(turns.length)) {
      gone.view?.dispose();
      gone.element.remove();
    }
    drawn = next;
  }

  function updateRunning(state: Running | undefined, turns: readonly ChatTurn[]): void {
    if (!state) {
      running?.view.dispose();
      running = undefined;
      rest.replaceChildren();
      return;
    }
    if (!running) {
      const { text, attachments } = state.draft;
      const view = createAnswerView(markdown, actions, [...turns, { role: "user", text, attachments: [...attachments] }]);
      const line = element("div", { class: "line" });
      const foot = element("div", { class: "foot", role: "status" });
      const notices = element("div", {});
      const question = state.draft.text === "" && state.draft.attachments.length === 0 ? undefined : questionOf(state.draft);
      const made = element("div", {}, question, notices, element("div", { class: "turn assistant running" }, line, view.element, foot));
      running = { element: made, view, line, foot, notices };
      rest.replaceChildren(made);
    }
    const { view, line, foot, notices } = running;
    // The question is drawn once: a thread that was loaded meanwhile has it already.
    const first = running.element.firstElementChild;
    if (first instanceof HTMLElement && first.classList.contains("user"))
      first.hidden = turns.at(-1)?.role === "user" && turns.at(-1)?.text === state.draft.text;
    view.update(state.text, true);
    replaceChildren(notices, ...state.notices.map((text) => element("p", { class: "note" }, icon("info"), element("span", {}, text))));
    const progress = state.phase === "reading" && state.read ? state.read.evaluated / Math.max(1, state.read.total) : undefined;
    replaceChildren(line, progressBar(progressText(state), progress));
    foot.textContent = [
      progressText(state),
      state.model && actions.nameOf(state.model),
      state.model && state.place,
      state.speed && strings.status.tokensPerSecond(state.speed),
    ]
      .filter(Boolean)
      .join(" · ");
  }

  function updateLast({ queue, held, problem }: ConversationState, { offers, note }: Below): void {
    const key = JSON.stringify([queue.map(({ text }) => text), held.map(({ text }) => text), problem?.message, offers, note]);
    if (key === drawnLast) return;
    drawnLast = key;
    const waiting = queue.map((draft, index) =>
      questionOf(
        draft,
        undefined,
        element("span", { class: "about" }, words.queued),
        iconButton("close", words.unqueue, () => actions.unqueue(index)),
      ),
    );
    const unsent = held.map((draft, index) =>
      questionOf(
        draft,
        undefined,
        element("span", { class: "about" }, words.held),
        iconButton("send", words.sendHeld, () => actions.sendHeld(index)),
        iconButton("close", words.unqueue, () => actions.unhold(index)),
      ),
    );
    const { draft } = problem ?? {};
    const narrower = draft && problem?.code === "SELECTION_TOO_LONG" ? actions.narrower(draft) : undefined;
    replaceChildren(
      last,
      ...unsent,
      ...waiting,
      ...offers.map(({ text, choices }) =>
        element(
          "div",
          { class: "offer", role: "group", "aria-label": text },
          element("span", {}, text),
          ...choices.map(({ label, id, isFirst, choose }) => button(label, choose, { primary: isFirst, id })),
        ),
      ),
      problem &&
        element(
          "div",
          { class: "problem", role: "alert" },
          icon("error"),
          element("span", {}, strings.errors.withHint(problem.message, problem.hint)),
          problem.code === "NO_MODEL" && button(strings.assist.openModels, actions.setUp, { primary: true, id: "set-up" }),
          narrower && button(words.narrower, () => actions.retry(narrower), { primary: true, id: "narrower" }),
          draft && draft.text !== "" && !narrower && button(words.retry, () => actions.retry(draft), { id: "retry" }),
        ),
      note !== undefined && element("pre", { class: "note plain localcoder-selectable" }, note),
    );
  }

  return {
    element: root,
    update(state, below) {
      const wasAtEnd = root.scrollTop + root.clientHeight >= root.scrollHeight - 24;
      const turns = withoutProblem(state);
      updateKept(turns);
      updateRunning(state.running, turns);
      updateLast(state, below);
      if (wasAtEnd) root.scrollTop = root.scrollHeight;
    },
    forget() {
      for (const { view } of drawn) view?.dispose();
      drawn = [];
      kept.replaceChildren();
      running?.view.dispose();
      running = undefined;
      drawnLast = "";
    },
    dispose() {
      for (const { view } of drawn) view?.dispose();
      running?.view.dispose();
    },
  };
}

/** What went wrong with the last message is said below it, with what helps; the note of it in the thread would say it twice. */
function withoutProblem({ thread, problem }: ConversationState): readonly ChatTurn[] {
  const turns = thread?.turns ?? [];
  const last = turns.at(-1);
  return problem && last?.role === "note" && last.text.startsWith(problem.message) ? turns.slice(0, -1) : turns;
}

/** Who answered, where, and what it took: "Qwen2.5-Coder 0.5B · this machine · 31 tokens/s · 120 tokens · 4.2 s". */
export function factsText(facts: AnswerFacts, nameOf: (model: string) => string): string {
  const { model, place, tokens, tokensPerSecond, milliseconds, stop, mode } = facts;
  // What was calculated took no tokens and no time.
  if (tokens.prompt === 0 && tokens.generated === 0) return [nameOf(model), place].join(" · ");
  const parts = [nameOf(model), place, words.tokens(formatNumber(tokens.generated), formatNumber(tokens.prompt))];
  if (tokensPerSecond > 0) parts.push(strings.status.tokensPerSecond(tokensPerSecond));
  parts.push(words.seconds(milliseconds / 1000));
  if (mode) parts.push(words.modes[mode]);
  if (stop === "limit" || stop === "time") parts.push(strings.assist.cutOff);
  if (stop === "repeat") parts.push(words.repeated);
  return parts.filter(Boolean).join(" · ");
}

/** One short line that says how a running answer stands. */
export function progressText({ phase, reason, read }: Running): string {
  if (phase === "waiting" && reason) return reason;
  if (phase === "reading" && read) return strings.assist.reading(read.evaluated, read.total);
  return phase === "writing" ? strings.assist.writing : strings.assist.starting;
}
