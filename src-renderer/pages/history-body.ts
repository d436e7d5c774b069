import { type Disposable, disposableStack } from "#core/base/disposable";
import type { HistoryFacets, Session } from "#core/contracts/sessions";
import { windowWorkspace } from "../extension/documents.ts";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { follow } from "../extension/follow.ts";
import { strings } from "../extension/strings.ts";
import { element, redraw, replaceChildren } from "./dom.ts";
import { createSessionActions } from "./history-actions.ts";
import { historyChips } from "./history-chips.ts";
import { asQuery, chooseFilter, type HistoryFilters } from "./history-filters.ts";
import type { Found } from "./history-list.ts";
import { historyRow } from "./history-row.ts";
import { createSessionRows } from "./history-rows.ts";
import { exportToEditor } from "./history-transfer.ts";

const words = strings.history;

/** Rows that a window shows at once. */
const firstRows = 40;
/** Rows that are drawn at first, and again so many when the end comes into sight. */
const pageRows = 100;
/** What the engine gives at once. */
const mostRows = 1000;

/** The history as a part of the window, with what commands do in it. */
export interface HistoryBody extends Disposable {
  /** Puts it where it is seen. */
  showIn(place: HTMLElement): void;
  /** Lets the user narrow the list. */
  filter(): Promise<void>;
  /** Shows what is listed as a text to be saved. */
  export(): Promise<void>;
}

/** Makes a field to search in, chips that narrow the list, and the list, which keeps itself true from when it is seen. */
export function createHistory(features: Features): HistoryBody {
  const { engine, vscode } = features;
  const opened = disposableStack();
  const actions = createSessionActions(features);
  let found: readonly Found[] = [];
  let facets: HistoryFacets = { kinds: [], models: [], labels: [], archived: 0 };
  let filters: HistoryFilters = {};
  let limit = pageRows;
  let onlyHere = windowWorkspace(vscode) !== undefined;
  let selected: string | undefined;
  let asked = 0;
  let timer = 0;
  let loading = false;
  /** True for rows of before the view was opened. */
  let isStale = false;

  const search = element("input", {
    type: "search",
    placeholder: words.search,
    "aria-label": words.search,
    "aria-controls": "localcoder-history-list",
    oninput: () => afresh(),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === "ArrowDown") focusRow(0);
      if (event.key === "Escape" && search.value !== "") {
        search.value = "";
        afresh();
      }
    },
  });
  const chips = element("div", { class: "chips", role: "group", "aria-label": words.filters });
  const list = element("div", { id: "localcoder-history-list", role: "tree", "aria-label": words.title });
  const drawRows = createSessionRows(list, rowOf);
  const end = element("p", { class: "empty", role: "status" });
  const notices = element("div", { role: "status" });
  const view = element("div", { class: "localcoder-history" }, element("div", { class: "head" }, search, chips), notices, list, end);
  // Drawing a thousand rows at once would be felt; nobody sees them at once.
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting) || found.length < limit || limit >= mostRows) return;
    limit = Math.min(mostRows, limit + pageRows);
    void load();
  });
  watcher.observe(end);
  opened.add({ dispose: () => watcher.disconnect() });

  // Whoever looks for a session that is not kept, or is of a newer version, looks here.
  opened.add(
    follow(
      (signal) => engine.sessions.notices(undefined, { signal }),
      (all) => redraw(notices, ...all.map(({ message, hint }) => element("p", { class: "empty" }, strings.errors.withHint(message, hint)))),
    ),
  );

  function later(milliseconds: number): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void load(), milliseconds);
  }

  /** Begins again at the top, because something else is asked for. */
  function afresh(): void {
    limit = pageRows;
    later(0);
  }

  const here = () => (onlyHere ? windowWorkspace(vscode) : undefined);

  /** Asks again for what is to be seen. While an answer is on its way nothing else is asked: what was typed meanwhile is asked for at once after it. */
  async function load(): Promise<void> {
    asked++;
    if (loading) return;
    loading = true;
    for (let mine = 0; mine !== asked; ) {
      mine = asked;
      await ask(mine);
    }
    loading = false;
  }

  async function ask(mine: number): Promise<void> {
    const query = search.value.trim();
    try {
      const answer = await engine.sessions.search({ ...asQuery(filters, Date.now()), query, workspace: here(), limit });
      // Something else is asked for by now.
      if (mine !== asked) return;
      found = answer;
      draw();
      // What may be filtered by is counted through all sessions: the rows do not wait for it.
      const known = await engine.sessions.facets({ workspace: here() });
      if (mine !== asked || JSON.stringify(known) === JSON.stringify(facets)) return;
      facets = known;
      drawChips();
    } catch (error) {
      if (mine === asked) void showError(vscode, error);
    }
  }

  function drawChips(): void {
    const shown = historyChips(
      { filters, kinds: facets.kinds, onlyHere: windowWorkspace(vscode) === undefined ? undefined : onlyHere },
      (next) => {
        filters = next.filters ?? filters;
        onlyHere = next.onlyHere ?? onlyHere;
        drawChips();
        afresh();
      },
    );
    redraw(chips, ...shown);
  }

  function draw(): void {
    const isNarrowed = search.value.trim() !== "" || Object.values(filters).some((value) => value !== undefined);
    if (found.length === 0) {
      const keep = vscode.workspace.getConfiguration("localcoder.history").get("keep");
      replaceChildren(list);
      end.textContent = isNarrowed ? words.nothingFound : keep === "off" ? words.off : words.empty;
      return;
    }
    end.textContent = found.length >= mostRows ? words.first(found.length) : "";
    const query = search.value.trim();
    const isFirst = list.childElementCount === 0 || !view.isConnected;
    drawRows(isFirst ? found.slice(0, firstRows) : found, query);
    // Where the user chose none it is the first of those there are now, not of those there were once.
    mark(found.some(({ id }) => id === selected) ? selected : found[0]?.id);
    if (isFirst && view.isConnected) drawRest();
  }

  /** Draws what nobody sees in the first frame behind it. */
  function drawRest(): void {
    if (found.length > list.childElementCount) requestAnimationFrame(() => window.setTimeout(draw));
  }

  function rowOf(session: Found, query: string): HTMLElement {
    return historyRow(session, {
      query,
      open: () => open(session),
      onKey: (event) => onKey(event, session),
      menu() {
        select(session.id);
        void actions.menu(session);
      },
      remove: () => void remove(session),
    });
  }

  function onKey(event: KeyboardEvent, session: Found): void {
    const all = rows();
    const index = all.findIndex((row) => row.dataset.session === session.id);
    if (event.key === "ArrowDown") focusRow(index + 1);
    else if (event.key === "ArrowUp") index === 0 ? search.focus() : focusRow(index - 1);
    else if (event.key === "Home") focusRow(0);
    else if (event.key === "End") focusRow(all.length - 1);
    else if (event.key === "Enter" || event.key === " ") open(session);
    else if (event.key === "Delete" || (event.key === "Backspace" && event.metaKey)) void remove(session);
    else if (event.key === "F2") void actions.rename(session);
    else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) void actions.menu(session);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Takes a row away at once; what the engine says then is what counts. */
  async function remove(session: Found): Promise<void> {
    const index = rows().findIndex((row) => row.dataset.session === session.id);
    const hadFocus = list.contains(document.activeElement);
    found = found.filter(({ id }) => id !== session.id);
    draw();
    if (hadFocus) focusRow(index);
    await actions.remove(session);
    void load();
  }

  function rows(): HTMLElement[] {
    return [...list.querySelectorAll<HTMLElement>("[data-session]")];
  }

  function focusRow(index: number): void {
    const row = rows()[Math.max(0, Math.min(index, rows().length - 1))];
    if (!row) return;
    select(row.dataset.session);
    row.focus();
  }

  function select(id: string | undefined): void {
    selected = id;
    mark(id);
  }

  function mark(id: string | undefined): void {
    for (const row of rows()) {
      row.tabIndex = row.dataset.session === id ? 0 : -1;
      row.setAttribute("aria-selected", String(row.dataset.session === id));
    }
  }

  function open(session: Session): void {
    select(session.id);
    actions.open(session);
  }

  drawChips();
  void load();
  opened.add(
    follow(
      (signal) => engine.sessions.changes(undefined, { signal }),
      ({ change }) => {
        // What nobody has opened yet is asked for again when it is.
        if (!view.isConnected) isStale = true;
        // A streaming answer changes its session many times a second; what is deleted is to go at once.
        else if (change === "removed") void load();
        else later(300);
      },
      () => later(1000),
    ),
  );
  // What an empty list says depends on whether a history is kept.
  opened.add(vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("localcoder.history") && draw()));
  opened.add({ dispose: () => window.clearTimeout(timer) });

  return {
    dispose: () => opened.dispose(),
    showIn(place) {
      place.append(view);
      if (isStale) void load();
      else drawRest();
    },
    async filter() {
      const chosen = await chooseFilter(vscode, filters, facets);
      if (!chosen) return;
      filters = chosen;
      drawChips();
      afresh();
    },
    export: () =>
      exportToEditor(
        features,
        found.map(({ id }) => id),
      ),
  };
}
