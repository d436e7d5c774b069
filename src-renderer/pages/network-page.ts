import { disposableStack } from "#core/base/disposable";
import type { NetworkAttempt, NetworkPermission, NetworkPurpose } from "#core/contracts/network";
import { formatBytes } from "#core/models/format";
import { exportAttempts, type LedgerFormat, ledgerFormats } from "#core/network/export";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { follow } from "../extension/follow.ts";
import { formatNumber, strings } from "../extension/strings.ts";
import { button, element, redraw, replaceChildren, table } from "./dom.ts";
import { networkProof } from "./network-proof.ts";
import type { Page } from "./page.ts";

const words = strings.network;

/** As many as a person will ever scroll through; the ledger has more. */
const most = 1000;

/** What a host can be permitted for; an attempt that nobody declared can not. */
const purposes = ["model-download", "model-server", "update-check", "git"] as const satisfies readonly NetworkPurpose[];

/** Fills the page that shows every attempt to reach another machine, and what was decided of hosts. */
export function fillNetworkPage(page: Page, features: Features): void {
  page.fillWith((body) => fill(body, features));
}

function fill(page: HTMLElement, features: Features) {
  const { engine, vscode } = features;
  const opened = disposableStack();
  let attempts: NetworkAttempt[] = [];
  let decisions: readonly NetworkPermission[] = [];

  const permissions = element("div");
  const ledger = element("div", { "aria-live": "off" });
  const host = element("input", {
    type: "text",
    class: "localcoder-input",
    placeholder: words.allowHost,
    "aria-label": words.allowHost,
    maxlength: 255,
  });
  const purpose = element(
    "select",
    { class: "localcoder-input", "aria-label": words.columns.purpose },
    ...purposes.map((each) => element("option", { value: each }, words.purposes[each])),
  );
  const decide = (verdict: "allow" | "forbid") =>
    change(async () => {
      const name = host.value.trim();
      if (name === "") return;
      await engine.network[verdict]({ host: name, purpose: purpose.value as NetworkPurpose });
      host.value = "";
    });
  const form = element(
    "form",
    {
      class: "localcoder-bar",
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault();
        void decide("allow");
      },
    },
    host,
    purpose,
    element("button", { type: "submit", class: "localcoder-button secondary" }, words.allow),
    button(words.never, () => void decide("forbid")),
  );
  const exports = element(
    "div",
    { class: "localcoder-bar" },
    ...ledgerFormats.map((format) => button(words.export(format), () => void take(format), { id: `export-${format}` })),
  );
  const proof = opened.add(networkProof(features));
  replaceChildren(
    page,
    element("h1", {}, words.title),
    element("p", { class: "localcoder-quiet" }, words.intro),
    element("h2", {}, words.attempts),
    ledger,
    exports,
    element("p", { class: "localcoder-quiet" }, words.notListed),
    element("h2", {}, words.permissions),
    permissions,
    form,
    proof.part,
  );

  function drawPermissions(): void {
    if (decisions.length === 0) {
      redraw(permissions, element("p", { class: "localcoder-quiet" }, words.noPermissions));
      return;
    }
    redraw(
      permissions,
      tableOf(
        words.permissions,
        [words.columns.host, words.columns.purpose, words.columns.decision, words.columns.granted, words.columns.actions],
        decisions.map((one) => [
          one.host,
          words.purposes[one.purpose],
          words.decisions[one.verdict],
          time(one.granted),
          button(words.revoke, () => void change(() => engine.network.revoke({ host: one.host, purpose: one.purpose })), {
            key: `${one.host} ${one.purpose}`,
          }),
        ]),
      ),
    );
  }

  function drawAttempts(): void {
    if (attempts.length === 0) {
      redraw(ledger, element("p", {}, words.empty));
      return;
    }
    const { columns } = words;
    const choices = attempts.map(decisionsFor);
    const isAnyOpen = choices.some((choice) => choice !== "");
    redraw(
      ledger,
      tableOf(
        words.attempts,
        [
          columns.time,
          columns.process,
          columns.host,
          columns.purpose,
          columns.verdict,
          columns.bytes,
          columns.reason,
          ...(isAnyOpen ? [columns.actions] : []),
        ],
        attempts.map((attempt, index) => [
          time(attempt.time),
          attempt.process,
          attempt.port ? `${attempt.host}:${attempt.port}` : attempt.host,
          words.purposes[attempt.purpose],
          element("span", { class: attempt.allowed ? undefined : "localcoder-problem" }, attempt.allowed ? words.allowed : words.refused),
          bytesOf(attempt),
          attempt.reason,
          ...(isAnyOpen ? [choices[index] ?? ""] : []),
        ]),
      ),
      attempts.length >= most && element("p", { class: "localcoder-quiet" }, words.newest(formatNumber(most))),
    );
  }

  /** What can be decided of an attempt that was refused for want of a decision. */
  function decisionsFor({ id, host, purpose, allowed }: NetworkAttempt): HTMLElement | string {
    const isOpen =
      !allowed && purposes.some((each) => each === purpose) && !decisions.some((one) => one.host === host && one.purpose === purpose);
    if (!isOpen) return "";
    return element(
      "span",
      { class: "localcoder-bar" },
      button(words.allow, () => void change(() => engine.network.allow({ host, purpose })), { key: `allow ${id}` }),
      button(words.never, () => void change(() => engine.network.forbid({ host, purpose })), { key: `never ${id}` }),
    );
  }

  async function change(make: () => Promise<void>): Promise<void> {
    try {
      await make();
      decisions = await engine.network.permissions();
      drawPermissions();
      drawAttempts();
    } catch (error) {
      void showError(vscode, error);
    }
  }

  async function take(format: LedgerFormat): Promise<void> {
    try {
      const all: NetworkAttempt[] = [];
      for await (const piece of await engine.network.everything()) all.push(...piece);
      const content = exportAttempts(all, format);
      // In an editor first: what is passed on was seen before, and saving it says where it goes.
      const document = await vscode.workspace.openTextDocument({ content, language: format === "JSON" ? "json" : "plaintext" });
      await vscode.window.showTextDocument(document, { preview: false });
    } catch (error) {
      void showError(vscode, error);
    }
  }

  async function load(): Promise<void> {
    try {
      const [given, known] = await Promise.all([engine.network.permissions(), engine.network.attempts({ limit: most })]);
      attempts = [...known].sort((a, b) => b.time - a.time);
      decisions = given;
      drawPermissions();
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
        const known = attempt.id === undefined ? -1 : attempts.findIndex(({ id }) => id === attempt.id);
        // The same number again: more bytes have gone over the connection.
        attempts = known >= 0 ? attempts.with(known, attempt) : [attempt, ...attempts].slice(0, most);
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
  const cells = (row: readonly (string | Node)[]) => row.map((cell) => element("td", {}, cell));
  return table(
    label,
    columns,
    rows.map((row) => element("tr", {}, ...cells(row))),
  );
}

function bytesOf({ sent, received = 0 }: NetworkAttempt): Node | string {
  if (sent === undefined) return "";
  return element(
    "span",
    { class: "localcoder-amounts" },
    words.sent(formatBytes(sent)),
    element("br"),
    words.received(formatBytes(received)),
  );
}

function time(milliseconds: number): HTMLTimeElement {
  const date = new Date(milliseconds);
  return element("time", { datetime: date.toISOString() }, date.toLocaleString());
}
