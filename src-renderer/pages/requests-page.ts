import { disposableStack } from "#core/base/disposable";
import type { RequestRecord } from "#core/contracts/completion";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { follow } from "../extension/follow.ts";
import { strings } from "../extension/strings.ts";
import { button, element, icon, redraw, replaceChildren } from "./dom.ts";
import type { Page } from "./page.ts";
import { requestDetails } from "./request-details.ts";
import { reportOf, stateText } from "./request-text.ts";

const words = strings.requests;

/** Fills the page that lists the last requests for ghost text, and says of each what became of it and why. */
export function fillRequestsPage(page: Page, features: Features): void {
  page.fillWith((body) => fill(body, features));
}

function fill(page: HTMLElement, features: Features) {
  const { engine, vscode } = features;
  const opened = disposableStack();
  let records: readonly RequestRecord[] = [];
  /** The request the user chose; without one the newest is shown, whichever that is. */
  let chosen: string | undefined;
  let timer = 0;

  const list = element("div", { class: "list", role: "listbox", "aria-label": words.list });
  const details = element("section", { class: "details", "aria-label": words.details });
  const content = element("div");
  replaceChildren(
    page,
    element("h1", {}, words.title),
    element("p", { class: "localcoder-quiet" }, words.intro),
    element(
      "div",
      { class: "localcoder-bar" },
      button(words.copyAll, () => void copy(records, false), { icon: "copy" }),
      button(words.statistics, () => void vscode.commands.executeCommand("localcoder.ghostText.statistics"), { icon: "graph" }),
    ),
    content,
  );

  async function load(): Promise<void> {
    try {
      records = await engine.completion.requests();
      draw();
    } catch (error) {
      void showError(vscode, error);
    }
  }

  function shown(): RequestRecord | undefined {
    return records.find(({ id }) => id === chosen) ?? records[0];
  }

  function draw(): void {
    const record = shown();
    if (record === undefined) {
      replaceChildren(content, element("p", {}, words.empty));
      return;
    }
    if (record.id !== chosen) chosen = undefined;
    if (!list.isConnected) replaceChildren(content, element("div", { class: "localcoder-requests" }, list, details));
    redraw(list, ...records.map((one) => rowOf(one, one === record)));
    drawDetails(record);
  }

  function drawDetails(record: RequestRecord): void {
    redraw(
      details,
      ...requestDetails(record, {
        place: placeText(record),
        open: () => void openPlace(record),
        copy: (withCode) => void copy([record], withCode),
      }),
    );
  }

  function rowOf(record: RequestRecord, selected: boolean): HTMLElement {
    const time = new Date(record.at).toLocaleTimeString();
    const state = stateText(record);
    return element(
      "div",
      {
        class: "localcoder-row",
        role: "option",
        tabindex: selected ? 0 : -1,
        "aria-selected": String(selected),
        "aria-label": `${placeText(record)}, ${state}, ${time}`,
        "data-key": record.id,
        "data-request": record.id,
        title: `${record.path}:${record.line}:${record.column}`,
        onclick: (event: MouseEvent) => choose((event.currentTarget as HTMLElement).dataset.request),
        onkeydown: onKey,
      },
      element("div", { class: "title" }, stateIcon(record), placeText(record), element("span", { class: "time" }, time)),
      element("div", { class: "about" }, state),
    );
  }

  function onKey(event: KeyboardEvent): void {
    const rows = [...list.querySelectorAll<HTMLElement>("[data-request]")];
    const index = rows.indexOf(event.currentTarget as HTMLElement);
    const to: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const next = rows[Math.max(0, Math.min(rows.length - 1, to[event.key] ?? -1))];
    if (to[event.key] === undefined || !next) return;
    event.preventDefault();
    event.stopPropagation();
    choose(next.dataset.request);
  }

  function choose(id: string | undefined): void {
    chosen = id;
    draw();
    list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }

  function placeText({ path, line }: RequestRecord): string {
    return `${vscode.workspace.asRelativePath(path)}:${line}`;
  }

  async function openPlace({ path, line, column }: RequestRecord): Promise<void> {
    try {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
      const at = document.validatePosition(new vscode.Position(line - 1, column - 1));
      await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
    } catch {
      void showError(vscode, new Error(strings.history.missingFile(path)));
    }
  }

  async function copy(some: readonly RequestRecord[], withCode: boolean): Promise<void> {
    await vscode.env.clipboard.writeText(reportOf(some, { withCode }));
    vscode.window.setStatusBarMessage(withCode ? words.copiedWithCode : words.copied, 5000);
  }

  void load();
  opened.add(
    follow(
      (signal) => engine.completion.watch({ requests: true }, { signal }),
      () => {
        // Typing brings several news a key; they are drawn together.
        if (timer !== 0) return;
        timer = window.setTimeout(() => {
          timer = 0;
          void load();
        }, 150);
      },
    ),
  );
  opened.add({ dispose: () => window.clearTimeout(timer) });
  return opened;
}

const icons: Readonly<Record<RequestRecord["state"], string>> = {
  waiting: "loading codicon-modifier-spin",
  shown: "check",
  hidden: "circle-slash",
  cancelled: "close",
  failed: "error",
};

function stateIcon({ state }: RequestRecord): HTMLElement {
  const node = icon(icons[state]);
  if (state === "failed") node.classList.add("localcoder-problem");
  return node;
}
