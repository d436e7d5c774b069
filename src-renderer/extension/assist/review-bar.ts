import type { Doubt } from "#core/contracts/assist";
import { button, element, icon, progressBar, replaceChildren } from "../../pages/dom.ts";
import { strings } from "../strings.ts";
import { createFoot } from "./foot.ts";
import { isRunning, progressText, type RunState } from "./run.ts";

/** What the bar over a proposal shows. */
export interface ReviewBarView {
  readonly state: RunState;
  /** Stands in the place of the progress when there is more to say. */
  readonly message: string | undefined;
  readonly canKeep: boolean;
  readonly canUndo: boolean;
  /** True where another proposal can be asked for. */
  readonly canAsk: boolean;
  /** True where running the code could show what is only guessed. */
  readonly canCompare: boolean;
  readonly foot: string;
}

/** What its buttons do. */
export interface ReviewBarActions {
  keepAll(): void;
  undoAll(): void;
  stop(): void;
  again(): void;
  other(): void;
  /** Tries again, and lets functions be run to see whether they still do the same. */
  compare(): void;
  /** Shows the next change, or the one before. */
  go(direction: 1 | -1): void;
  /** Shows the document beside what it would become. */
  beside(): void;
  close(): void;
  openHistory(): void;
  openSeen(): void;
  setUp(): void;
}

/** The bar over a proposal: how it stands, what is doubtful, and what can be done with all of it. */
export function createReviewBar(title: string, actions: ReviewBarActions): { element: HTMLElement; update(view: ReviewBarView): void } {
  const words = strings.assist;
  const text = element("span", { class: "text" });
  const foot = createFoot(actions.openSeen);
  const buttons = element("div", { class: "buttons" });
  const doubts = element("div", { class: "doubts" });
  const progress = element("div", { class: "line" });
  const root = element(
    "div",
    { class: "localcoder-answer localcoder-review", role: "region", "aria-label": words.proposal(title), onkeydown: pressed },
    progress,
    element("div", { class: "head" }, element("span", { class: "title" }, title), text, buttons),
    foot.element,
    doubts,
  );
  function pressed(event: KeyboardEvent): void {
    const direction = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : undefined;
    if (direction === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if ((event.target as HTMLElement).closest("pre")) return;
    event.preventDefault();
    actions.go(direction);
  }
  let drawn = "";
  let shownDoubts = 0;
  let shownAnswer: RunState["answer"];

  return {
    element: root,
    update({ state, message, canKeep, canUndo, canAsk, canCompare, foot: footer }) {
      text.textContent = message ?? progressText(state);
      text.classList.toggle("localcoder-problem", state.phase === "failed");
      foot.update(footer, Boolean(state.answer?.sessionId));
      const running = isRunning(state);
      replaceChildren(
        progress,
        running &&
          progressBar(progressText(state), state.phase === "reading" && state.read ? state.read.evaluated / state.read.total : undefined),
      );

      // Buttons are replaced only when others are needed, so that the focus stays where it is.
      const next = JSON.stringify([
        running,
        canKeep,
        canUndo,
        canAsk,
        canCompare,
        state.phase,
        Boolean(state.sessionId),
        state.error?.code,
      ]);
      if (next !== drawn) {
        drawn = next;
        replaceChildren(
          buttons,
          running && button(words.stop, actions.stop, { primary: true, id: "stop" }),
          canKeep && button(words.keepAll, actions.keepAll, { primary: true, id: "keep-all" }),
          !running &&
            !canKeep &&
            state.phase === "finished" &&
            canUndo &&
            button(words.keepAll, actions.keepAll, { primary: true, disabled: true }),
          canUndo && button(words.undoAll, actions.undoAll, { id: "undo-all" }),
          state.error?.code === "NO_MODEL" && button(words.openModels, actions.setUp, { primary: true, id: "set-up" }),
          !running && canAsk && button(words.again, actions.again, { id: "again" }),
          !running && canAsk && button(words.other, actions.other, { id: "other" }),
          !running && canCompare && button(words.compare, actions.compare, { id: "compare" }),
          canKeep && button(words.beside, actions.beside, { id: "beside" }),
          !running && Boolean(state.sessionId) && button(words.openInHistory, actions.openHistory, { id: "history" }),
          !running && !canUndo && button(words.close, actions.close, { id: "close" }),
        );
      }
      // What stands in the head already is said once, also where the head says it only after the answer has come.
      const others = state.answer?.doubts.filter((doubt) => doubt.message !== text.textContent) ?? [];
      if (state.answer !== shownAnswer || others.length !== shownDoubts) {
        shownAnswer = state.answer;
        shownDoubts = others.length;
        replaceChildren(doubts, ...(state.answer ? doubtList(others, state.answer.text) : []));
      }
    },
  };
}

function doubtList(doubts: readonly Doubt[], answer: string): HTMLElement[] {
  if (doubts.length === 0) return [];
  const blocked = doubts.some(({ blocks }) => blocks);
  const list = element(
    "ul",
    {},
    ...doubts.map(({ message, blocks }) => element("li", {}, icon(blocks ? "error" : "warning"), element("span", {}, message))),
  );
  const head = element("p", {}, blocked ? strings.assist.cannotKeep : strings.assist.look);
  if (!blocked || answer === "") return [head, list];
  const text = element("pre", { class: "localcoder-selectable", tabindex: 0 }, answer);
  return [head, list, element("details", { open: true }, element("summary", {}, strings.assist.showAnswer), text)];
}
