import { strings } from "../extension/strings.ts";
import { dateText } from "./dates.ts";
import { element, iconButton } from "./dom.ts";
import { type Found, placeOf, withHits } from "./history-list.ts";

const words = strings.history;

/** What a row shows of a search, and what can be done with it. */
export interface RowOptions {
  /** What was searched; empty for nothing. */
  readonly query: string;
  open(): void;
  onKey(event: KeyboardEvent): void;
  menu(): void;
  remove(): void;
}

/** One session in the list of the history. */
export function historyRow(session: Found, { query, open, onKey, menu, remove }: RowOptions): HTMLElement {
  const about = [
    dateText(session.updated, "time"),
    placeOf(session),
    words.states[session.state],
    session.outcome && words.outcomes[session.outcome],
    session.archived !== undefined && words.archived,
    ...(session.labels ?? []).map((label) => `#${label}`),
  ]
    .filter(Boolean)
    .join(" · ");
  return element(
    "div",
    {
      class: "localcoder-row",
      // With buttons inside, which an option of a list may not have.
      role: "treeitem",
      "aria-labelledby": `title-${session.id} about-${session.id}`,
      "data-key": session.id,
      "data-session": session.id,
      title: session.path ?? session.title,
      onclick: open,
      onkeydown: onKey,
      oncontextmenu: (event: MouseEvent) => {
        event.preventDefault();
        event.stopPropagation();
        menu();
      },
    },
    element("div", { class: "title", id: `title-${session.id}` }, session.title),
    query !== "" && session.excerpt !== "" && element("div", { class: "excerpt" }, ...withHits(session.excerpt)),
    element("div", { class: "about", id: `about-${session.id}` }, about),
    element(
      "div",
      { class: "row-actions" },
      rowButton("ellipsis", words.more(session.title), "more", menu),
      rowButton("trash", `${words.delete}: ${session.title}`, "delete", remove),
    ),
  );
}

/** Reached by pointer; by key the same is done on the row itself. */
function rowButton(name: string, label: string, kind: string, press: () => void): HTMLElement {
  const node = iconButton(name, label, press);
  node.classList.add(kind);
  node.tabIndex = -1;
  node.addEventListener("click", (event) => event.stopPropagation());
  return node;
}
