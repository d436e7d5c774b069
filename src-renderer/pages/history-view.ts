import { Codicon } from "@codingame/monaco-vscode-api/vscode/vs/base/common/codicons";
import { SyncDescriptor } from "@codingame/monaco-vscode-api/vscode/vs/platform/instantiation/common/descriptors";
import {
  registerCustomView,
  ViewContainerLocation,
  ViewPaneContainer,
  viewContainerRegistry,
} from "@codingame/monaco-vscode-workbench-service-override";
import { allActions } from "#core/assist/index";
import { disposableStack } from "#core/base/disposable";
import type { Session } from "#core/contracts/sessions";
import { windowWorkspace } from "../extension/documents.ts";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { follow } from "../extension/follow.ts";
import { strings } from "../extension/strings.ts";
import { element, iconButton, redraw, replaceChildren } from "./dom.ts";
import { dayOf, type Found, placeOf, withHits } from "./history-list.ts";

const words = strings.history;
const containerId = "localcoder-history";

/** Adds the History view to the activity bar, before the Models. */
export function registerHistoryView(features: Features): void {
  const container = viewContainerRegistry.registerViewContainer(
    {
      id: containerId,
      title: { value: words.title, original: words.title },
      icon: Codicon.history,
      order: 6.5,
      ctorDescriptor: new SyncDescriptor(
        ViewPaneContainer as never,
        [containerId, { mergeViewWithContainerWhenSingleView: true }] as never,
      ),
      hideIfEmpty: false,
    },
    ViewContainerLocation.Sidebar,
  );
  features.own(
    registerCustomView({
      id: "localcoder.history.view",
      name: words.title,
      location: ViewContainerLocation.Sidebar,
      viewContainer: container,
      renderBody: (body) => fill(body, features),
    }),
  );
  features.own(
    features.vscode.commands.registerCommand("localcoder.history", async () => {
      await features.vscode.commands.executeCommand("localcoder.history.view.focus");
      document.querySelector<HTMLElement>(".localcoder-history input")?.focus();
    }),
  );
}

function fill(body: HTMLElement, features: Features) {
  const { engine, vscode } = features;
  const opened = disposableStack();
  let found: readonly Found[] = [];
  let kind: string | undefined;
  let onlyHere = windowWorkspace(vscode) !== undefined;
  let selected: string | undefined;
  let asked = 0;
  let timer = 0;

  const search = element("input", {
    type: "search",
    placeholder: words.search,
    "aria-label": words.search,
    "aria-controls": "localcoder-history-list",
    oninput: () => later(120),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === "ArrowDown") focusRow(0);
      if (event.key === "Escape" && search.value !== "") {
        search.value = "";
        later(0);
      }
    },
  });
  const chips = element("div", { class: "chips", role: "group", "aria-label": words.filters });
  const list = element("div", { id: "localcoder-history-list", role: "listbox", "aria-label": words.title });
  const view = element("div", { class: "localcoder-history" }, element("div", { class: "head" }, search, chips), list);
  body.append(view);

  function later(milliseconds: number): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void load(), milliseconds);
  }

  async function load(): Promise<void> {
    const mine = ++asked;
    const query = search.value.trim();
    try {
      const answer = await engine.sessions.search({ query, workspace: onlyHere ? windowWorkspace(vscode) : undefined });
      // An older question may be answered after a newer one.
      if (mine !== asked) return;
      found = answer;
      draw();
    } catch (error) {
      if (mine === asked) void showError(vscode, error);
    }
  }

  function drawChips(): void {
    const chip = (label: string, pressed: boolean, press: () => void) =>
      element(
        "button",
        {
          type: "button",
          class: "localcoder-chip",
          "aria-pressed": String(pressed),
          "data-key": label,
          onclick: () => {
            press();
            drawChips();
            later(0);
          },
        },
        label,
      );
    redraw(
      chips,
      windowWorkspace(vscode) !== undefined &&
        chip(words.thisWorkspace, onlyHere, () => {
          onlyHere = !onlyHere;
        }),
      ...allActions.map((action) =>
        chip(action.verb, kind === action.id, () => {
          kind = kind === action.id ? undefined : action.id;
        }),
      ),
    );
  }

  function draw(): void {
    const shown = found.filter((session) => kind === undefined || session.kind === kind);
    if (shown.length === 0) {
      const keep = vscode.workspace.getConfiguration("localcoder.history").get("keep");
      const empty = search.value.trim() !== "" || kind !== undefined ? words.nothingFound : keep === "off" ? words.off : words.empty;
      replaceChildren(list, element("p", { class: "empty" }, empty));
      return;
    }
    if (!shown.some(({ id }) => id === selected)) selected = shown[0]?.id;
    let day = "";
    const parts: HTMLElement[] = [];
    for (const session of shown) {
      const its = dayOf(session.updated, Date.now());
      if (its !== day) parts.push(element("h3", { class: "day", role: "presentation" }, its));
      day = its;
      parts.push(rowOf(session));
    }
    redraw(list, ...parts);
  }

  function rowOf(session: Found): HTMLElement {
    const about = [time(session.updated), placeOf(session), words.states[session.state]].filter(Boolean).join(" · ");
    const query = search.value.trim();
    return element(
      "div",
      {
        class: "localcoder-row",
        role: "option",
        tabindex: session.id === selected ? 0 : -1,
        "aria-selected": String(session.id === selected),
        "aria-label": `${session.title}, ${about}`,
        "data-key": session.id,
        "data-session": session.id,
        title: session.path ?? session.title,
        onclick: () => open(session),
        onkeydown: (event: KeyboardEvent) => onKey(event, session),
      },
      element("div", { class: "title" }, session.title),
      query !== "" && session.excerpt !== "" && element("div", { class: "excerpt" }, ...withHits(session.excerpt)),
      element("div", { class: "about" }, about),
      withClass(
        iconButton("trash", `${words.delete}: ${session.title}`, () => void remove(session)),
        "delete",
      ),
    );
  }

  function withClass(node: HTMLElement, name: string): HTMLElement {
    node.classList.add(name);
    node.tabIndex = -1;
    node.addEventListener("click", (event) => event.stopPropagation());
    return node;
  }

  function onKey(event: KeyboardEvent, session: Session): void {
    const all = rows();
    const index = all.findIndex((row) => row.dataset.session === session.id);
    if (event.key === "ArrowDown") focusRow(index + 1);
    else if (event.key === "ArrowUp") index === 0 ? search.focus() : focusRow(index - 1);
    else if (event.key === "Home") focusRow(0);
    else if (event.key === "End") focusRow(all.length - 1);
    else if (event.key === "Enter" || event.key === " ") open(session);
    else if (event.key === "Delete" || (event.key === "Backspace" && event.metaKey)) void remove(session);
    else return;
    event.preventDefault();
    event.stopPropagation();
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
    for (const row of rows()) {
      row.tabIndex = row.dataset.session === id ? 0 : -1;
      row.setAttribute("aria-selected", String(row.dataset.session === id));
    }
  }

  function open(session: Session): void {
    select(session.id);
    void vscode.commands.executeCommand("localcoder.history.open", session.id);
  }

  async function remove(session: Session): Promise<void> {
    await removeSession(features, session);
    later(0);
  }

  drawChips();
  void load();
  opened.add(
    follow(
      (signal) => engine.sessions.changes(undefined, { signal }),
      // A streaming answer changes its session many times a second.
      () => later(300),
      () => later(1000),
    ),
  );
  // What an empty list says depends on whether a history is kept.
  opened.add(vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("localcoder.history") && draw()));
  opened.add({ dispose: () => window.clearTimeout(timer) });
  return opened;
}

/** Moves a session to the trash and offers to bring it back. */
export async function removeSession({ engine, vscode }: Features, session: Session): Promise<void> {
  try {
    await engine.sessions.remove({ id: session.id });
    void vscode.window.showInformationMessage(words.deleted(session.title), words.undo).then(async (chosen) => {
      if (chosen === words.undo) await engine.sessions.restore({ id: session.id });
    });
  } catch (error) {
    void showError(vscode, error);
  }
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}
