import { disposableStack } from "#core/base/disposable";
import type { Download, Model } from "#core/contracts/models";
import { memoryNeed } from "#core/models/fit";
import { formatMemory } from "#core/models/format";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import type { ModelStatus } from "../extension/status/model-status.ts";
import { backendName, strings } from "../extension/strings.ts";
import { button, element, progressBar, redraw, replaceChildren } from "./dom.ts";
import { downloadText, licenceText, type ModelActions, showsDownload, sizeText } from "./model-actions.ts";
import { layoutDetail } from "./model-layout.ts";
import { isPresent, sourceText } from "./model-source.ts";
import type { Page } from "./page.ts";

const words = strings.models;

type Filter = "all" | "here" | "get";

/** Fills the page with every model there is: a table with what can be done in each row. */
export function fillModelsPage(page: Page, features: Features, status: ModelStatus, actions: ModelActions): void {
  page.fillWith((body) => fill(body, features, status, actions));
}

function fill(page: HTMLElement, features: Features, status: ModelStatus, actions: ModelActions) {
  const opened = disposableStack();
  const rows = new Map<string, { signature: string; row: HTMLElement; update(download: Download | undefined): void }>();
  const detailed = new Map<string, HTMLElement>();
  let filter: Filter = "all";

  const chips = element("div", { class: "localcoder-bar", role: "group", "aria-label": words.title });
  const body = element("tbody");
  const { columns } = words;
  replaceChildren(
    page,
    element("h1", {}, words.title),
    element("p", { class: "localcoder-quiet" }, words.intro),
    chips,
    element(
      "div",
      { class: "localcoder-table-frame" },
      element(
        "table",
        { "aria-label": words.title },
        element(
          "thead",
          {},
          element(
            "tr",
            {},
            ...Object.values(columns).map((column) =>
              element("th", { scope: "col", class: column === columns.actions && "stays" }, column),
            ),
          ),
        ),
        body,
      ),
    ),
  );

  function drawChips(): void {
    const chip = (name: Filter, label: string) =>
      element(
        "button",
        {
          type: "button",
          class: "localcoder-chip",
          "aria-pressed": String(filter === name),
          "data-key": name,
          onclick: () => {
            filter = name;
            drawChips();
            draw();
          },
        },
        label,
      );
    redraw(
      chips,
      chip("all", words.filterAll),
      chip("here", words.filterHere),
      chip("get", words.filterGet),
      element("span", { class: "space" }),
      button(words.chooseFile, () => void actions.chooseFile(), { icon: "file", key: "file" }),
    );
  }

  function draw(): void {
    const downloads = new Map(status.downloads().map((download) => [download.id, download]));
    const shown = status.models().filter((model) => filter === "all" || isPresent(model) === (filter === "here"));
    const wanted: HTMLElement[] = [];
    for (const model of shown) {
      const download = downloads.get(model.id);
      const signature = JSON.stringify([model, download?.state, download?.error]);
      let known = rows.get(model.id);
      if (known?.signature !== signature) {
        const { row, update } = rowOf(model, download);
        known = { signature, row, update };
        rows.set(model.id, known);
      }
      known.update(download);
      wanted.push(known.row);
      const details = detailed.get(model.id);
      if (details) wanted.push(details);
    }
    if (wanted.length === 0) wanted.push(element("tr", {}, element("td", { colspan: Object.keys(columns).length }, words.none)));
    // Rows that did not change stay where they are, and keep the focus.
    if (wanted.length !== body.children.length || wanted.some((row, index) => body.children[index] !== row)) redraw(body, ...wanted);
  }

  function rowOf(model: Model, download: Download | undefined): { row: HTMLElement; update(download: Download | undefined): void } {
    const running = download && download.state !== "done" && download.state !== "failed" ? download : undefined;
    const bar = running && progressBar(model.name, 0);
    const text = element("div", { class: download?.state === "failed" ? "localcoder-problem" : "localcoder-quiet" });
    const used = model.used.map((role) => words.roles[role]).join(", ");
    const row = element(
      "tr",
      showsDownload(model.id),
      element(
        "td",
        {},
        element(
          "div",
          {},
          model.name,
          model.recommended && " ",
          model.recommended && element("span", { class: "localcoder-tag" }, words.recommended),
        ),
        element("div", { class: "localcoder-quiet" }, isPresent(model) ? sourceText(model) : ""),
        Boolean(model.reason) &&
          element("div", { class: model.state === "damaged" ? "localcoder-problem" : "localcoder-quiet" }, model.reason),
      ),
      element("td", {}, model.roles.map((role) => words.roles[role]).join(", ")),
      element("td", { class: "number" }, sizeText(model)),
      element("td", { class: "number" }, memoryText(model)),
      element("td", {}, licenceText(model)),
      element("td", {}, used ? words.inUse(used) : words.states[model.state], bar, text),
      element("td", { class: "stays" }, element("div", { class: "localcoder-actions" }, ...buttonsOf(model, running, text))),
    );
    return {
      row,
      update(current) {
        const shown = current && current.state !== "done" ? current : undefined;
        if (bar && shown && shown.bytes > 0) bar.value = shown.received / shown.bytes;
        if (shown) text.textContent = downloadText(shown);
      },
    };
  }

  function buttonsOf(model: Model, running: Download | undefined, text: HTMLElement): HTMLElement[] {
    const act = (label: string, press: () => void, primary = false) =>
      button(label, press, { primary, key: `${model.id} ${label}`, title: `${label}: ${model.name}` });
    if (running) {
      const paused = running.state === "paused";
      return [
        paused ? act(words.resume, () => void actions.download(model, true), true) : act(words.pause, () => void actions.pause(model.id)),
        act(words.discard, () => void actions.discard(model)),
      ];
    }
    if (model.state === "paused")
      return [act(words.resume, () => void actions.download(model, true), true), act(words.discard, () => void actions.discard(model))];
    if (!isPresent(model)) return [act(words.download, () => void actions.download(model), model.recommended)];
    return [
      ...(model.state === "ready" && model.used.length === 0 ? [act(words.use, () => void actions.use(model.id), true)] : []),
      ...(model.used.length > 0 ? [act(words.tryIt, () => void tryIt(model, text))] : []),
      ...(model.file ? [act(words.inspect, () => toggleDetails(model))] : []),
      ...(model.source === "localcoder" ? [act(words.remove, () => void actions.remove(model))] : []),
    ];
  }

  async function tryIt(model: Model, text: HTMLElement): Promise<void> {
    const role = model.used[0];
    if (!role) return;
    text.textContent = words.testing;
    try {
      const result = await features.engine.models.test({ role });
      text.textContent = words.tested(strings.status.tokensPerSecond(result.tokensPerSecond), backendName(result.backend));
    } catch (error) {
      text.textContent = "";
      void showError(features.vscode, error);
    }
  }

  function toggleDetails(model: Model): void {
    const { id, file } = model;
    if (!file || detailed.delete(id)) {
      draw();
      return;
    }
    const names = words.fileDetails;
    const facts: [string, string | undefined][] = [
      [names.path, file.path],
      [names.architecture, file.architecture],
      [names.parameters, file.parameters === undefined ? undefined : names.billions(file.parameters.toFixed(2))],
      [names.quantisation, file.quantisation],
      [names.contextLength, file.contextLength?.toLocaleString()],
      [names.fillInTheMiddle, file.fillInTheMiddle ? names.yes : names.no],
      [names.chatTemplate, file.chatTemplate ? names.yes : names.no],
    ];
    const list = facts.flatMap(([name, value]) => (value ? [element("dt", {}, name), element("dd", {}, value)] : []));
    if (file.fillInTheMiddle) list.push(element("dt", {}, words.layout.title), element("dd", {}, layoutDetail(features, model)));
    const cell = element("td", { colspan: Object.keys(columns).length }, element("dl", { class: "localcoder-selectable" }, ...list));
    detailed.set(id, element("tr", {}, cell));
    draw();
  }

  drawChips();
  draw();
  opened.add(status.changes.listen(draw));
  void status.refresh();
  return opened;
}

/** Memory it takes with the usual context: an estimate, and called one. */
function memoryText({ file, catalogue }: Model): string {
  const known = file ?? catalogue;
  if (!known) return "";
  return words.memory(formatMemory(memoryNeed({ ...known, bytes: known.bytes }, 8192)));
}
