import { disposableStack } from "#core/base/disposable";
import type { NetworkAttempt, NetworkPermission } from "#core/contracts/network";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { follow } from "../extension/follow.ts";
import { strings } from "../extension/strings.ts";
import { button, element, redraw, replaceChildren } from "./dom.ts";
import type { Page } from "./page.ts";

/** As many as a person will ever scroll through. */
const most = 1000;

/** Fills the page that shows every attempt to reach another machine, and the permissions that were given. */
export function fillNetworkPage(page: Page, features: Features): void {
  page.fillWith((body) => fill(body, features));
}

function fill(page: HTMLElement, { engine, vscode }: Features) {
  const words = strings.network;
  const opened = disposableStack();
  let attempts: NetworkAttempt[] = [];
  let withLoopback = false;

  const permissions = element("div");
  const table = element("div");
  const host = element("input", {
    type: "text",
    class: "localcoder-input",
    placeholder: words.allowHost,
    "aria-label": words.allowHost,
    maxlength: 255,
  });
  const permit = element(
    "form",
    {
      class: "localcoder-bar",
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault();
        void allow(host.value.trim());
      },
    },
    host,
    element("button", { type: "submit", class: "localcoder-button secondary" }, words.allow),
  );
  const loopback = element("input", {
    type: "checkbox",
    onchange: () => {
      withLoopback = loopback.checked;
      drawAttempts();
    },
  });
  replaceChildren(
    page,
    element("h1", {}, words.title),
    element("p", { class: "localcoder-quiet" }, words.intro),
    element("h2", {}, words.permissions),
    permissions,
    permit,
    element("h2", {}, words.attempts),
    element("label", { class: "localcoder-radio" }, loopback, words.loopback),
    table,
  );

  function drawPermissions(all: readonly NetworkPermission[]): void {
    if (all.length === 0) {
      redraw(permissions, element("p", { class: "localcoder-quiet" }, words.noPermissions));
      return;
    }
    redraw(
      permissions,
      tableOf(
        words.permissions,
        [words.columns.host, words.columns.purpose, words.columns.granted, words.columns.actions],
        all.map((permission) => [
          permission.host,
          words.purposes[permission.purpose],
          time(permission.granted),
          button(words.revoke, () => void revoke(permission), { key: `${permission.host} ${permission.purpose}` }),
        ]),
      ),
    );
  }

  function drawAttempts(): void {
    const shown = attempts.filter(({ purpose }) => withLoopback || purpose !== "loopback");
    if (shown.length === 0) {
      redraw(table, element("p", {}, words.empty));
      return;
    }
    const { columns } = words;
    redraw(
      table,
      tableOf(
        words.attempts,
        [columns.time, columns.process, columns.host, columns.purpose, columns.verdict, columns.reason],
        shown.map((attempt) => [
          time(attempt.time),
          attempt.process,
          attempt.port ? `${attempt.host}:${attempt.port}` : attempt.host,
          words.purposes[attempt.purpose],
          element("span", { class: attempt.allowed ? undefined : "localcoder-problem" }, attempt.allowed ? words.allowed : words.refused),
          attempt.reason,
        ]),
      ),
    );
  }

  async function allow(name: string): Promise<void> {
    if (name === "") return;
    try {
      await engine.network.allow({ host: name, purpose: "model-download" });
      host.value = "";
      drawPermissions(await engine.network.permissions());
    } catch (error) {
      void showError(vscode, error);
    }
  }

  async function revoke({ host, purpose }: NetworkPermission): Promise<void> {
    try {
      await engine.network.revoke({ host, purpose });
      drawPermissions(await engine.network.permissions());
    } catch (error) {
      void showError(vscode, error);
    }
  }

  async function load(): Promise<void> {
    try {
      const [given, known] = await Promise.all([engine.network.permissions(), engine.network.attempts({ limit: most })]);
      attempts = [...known].sort((a, b) => b.time - a.time);
      drawPermissions(given);
      drawAttempts();
    } catch (error) {
      void showError(vscode, error);
    }
  }

  let scheduled = 0;
  void load();
  opened.add(
    follow(
      (signal) => engine.network.watch(undefined, { signal }),
      (attempt) => {
        attempts = [attempt, ...attempts].slice(0, most);
        // Many attempts at once are drawn together.
        window.clearTimeout(scheduled);
        scheduled = window.setTimeout(drawAttempts, 200);
      },
      () => void load(),
    ),
  );
  return opened;
}

function tableOf(label: string, columns: readonly string[], rows: readonly (readonly (string | Node)[])[]): HTMLElement {
  return element(
    "div",
    { class: "localcoder-table-frame" },
    element(
      "table",
      { "aria-label": label },
      element("thead", {}, element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)))),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell))))),
    ),
  );
}

function time(milliseconds: number): HTMLTimeElement {
  const date = new Date(milliseconds);
  return element("time", { datetime: date.toISOString() }, date.toLocaleString());
}
