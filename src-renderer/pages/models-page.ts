import { disposableStack } from "#core/base/disposable";
import type { Download, Model } from "#core/contracts/models";
import type { Features } from "../extension/features.ts";
import type { ModelStatus } from "../extension/status/model-status.ts";
import { strings } from "../extension/strings.ts";
import { arrange, button, element, redraw, replaceChildren } from "./dom.ts";
import type { ModelActions } from "./model-actions.ts";
import { createComparison } from "./model-compare.ts";
import { modelDetails } from "./model-details.ts";
import { createFolderSection } from "./model-folder.ts";
import { openModelMenu } from "./model-menu.ts";
import { type ModelRow, modelRow, type RowPage } from "./model-row.ts";
import { contextText, createRunSection, memoryOfModel, readRunSettings } from "./model-run.ts";
import { isPresent } from "./model-source.ts";
import type { Page } from "./page.ts";

const words = strings.models;

type Filter = "all" | "here" | "get";

/** Rows that are made at once: a folder of thousands of models must not hold up the window. */
const rowsAtOnce = 200;

/** Fills the page with every model there is: a table with what can be done in each row. */
export function fillModelsPage(page: Page, features: Features, status: ModelStatus, actions: ModelActions): void {
  page.fillWith((body) => fill(body, features, status, actions));
}

function fill(page: HTMLElement, features: Features, status: ModelStatus, actions: ModelActions) {
  const opened = disposableStack();
  const rows = new Map<string, ModelRow & { readonly signature: string }>();
  const detailed = new Map<string, HTMLElement>();
  const said = new Map<string, string>();
  let filter: Filter = "all";
  let most = rowsAtOnce;

  const { columns } = words;
  const run = createRunSection(features, status);
  const folder = createFolderSection(features, status);
  const comparison = opened.add(createComparison(features, status));
  const search = element("input", {
    type: "search",
    class: "localcoder-input",
    placeholder: words.search,
    "aria-label": words.search,
    oninput: () => drawAnew(),
  });
  const chips = element("div", { class: "localcoder-bar", role: "group", "aria-label": words.title });
  const contextShown = element("div", { class: "localcoder-quiet" });
  const memoryHead = element("th", { scope: "col", role: "columnheader" }, columns.memory, contextShown);
  const body = element("tbody", { role: "rowgroup" });
  const head = (column: string) => (column === columns.memory ? memoryHead : element("th", { scope: "col", role: "columnheader" }, column));
  replaceChildren(
    page,
    element("h1", {}, words.title),
    element("p", { class: "localcoder-quiet" }, words.intro),
    folder.section,
    element(
      "div",
      { class: "localcoder-bar" },
      search,
      button(words.chooseFile, () => void actions.chooseFile(), { icon: "file" }),
      button(words.hub.find, () => void actions.findAtHub(), { icon: "cloud-download", id: "find-at-hub" }),
    ),
    chips,
    element(
      "div",
      { class: "localcoder-models" },
      // The roles are said, because where rows are shown as blocks a browser takes them for no table.
      element(
        "table",
        { role: "table", "aria-label": words.title },
        element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...Object.values(columns).map(head))),
        body,
      ),
    ),
    run.section,
    comparison.section,
  );

  const rowPage: RowPage = {
    actions,
    memory: (model) => memoryOfModel(model, readRunSettings(features)),
    isDetailed: ({ id }) => detailed.has(id),
    toggleDetails,
    said: ({ id }) => said.get(id) ?? "",
    openMenu(model) {
      const tell = (text: string) => {
        said.set(model.id, text);
        rows.get(model.id)?.say(text);
      };
      void openModelMenu(model, tell, { features, actions, compare: comparison.open });
    },
  };

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
            drawAnew();
          },
        },
        label,
      );
    redraw(chips, chip("all", words.filterAll), chip("here", words.filterHere), chip("get", words.filterGet));
  }

  function isShown(model: Model): boolean {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const { name, id, catalogue, file, roles } = model;
    const text = [name, id, catalogue?.licence.name, file?.quantisation, ...roles.map((role) => words.roles[role])].join(" ").toLowerCase();
    return (filter === "all" || isPresent(model) === (filter === "here")) && wanted.every((word) => text.includes(word));
  }

  /** Other models are shown, from the first one on. */
  function drawAnew(): void {
    most = rowsAtOnce;
    draw();
  }

  function draw(): void {
    const downloads = new Map(status.downloads().map((download) => [download.id, download]));
    const settings = readRunSettings(features);
    contextShown.textContent = contextText(settings);
    const wanted: HTMLElement[] = [];
    const shown = status.models().filter(isShown);
    for (const model of shown.slice(0, most)) {
      const row = rowOf(model, downloads.get(model.id), JSON.stringify(settings));
      row.update(downloads.get(model.id));
      wanted.push(row.row);
      const details = detailed.get(model.id);
      if (details) wanted.push(details);
    }
    if (shown.length === 0) wanted.push(wideRow(words.none));
    if (shown.length > most) wanted.push(wideRow(button(words.showMore(shown.length - most), showMore, { key: "more rows" })));
    arrange(body, wanted);
    folder.update();
    run.update();
    comparison.update();
  }

  function showMore(): void {
    most += rowsAtOnce;
    draw();
  }

  function wideRow(content: Node | string): HTMLElement {
    return element("tr", { role: "row" }, element("td", { role: "cell", colspan: Object.keys(columns).length }, content));
  }

  function rowOf(model: Model, download: Download | undefined, settings: string): ModelRow {
    const signature = JSON.stringify([model, download?.state, download?.error, settings, detailed.has(model.id)]);
    const known = rows.get(model.id);
    if (known?.signature === signature) return known;
    const made = { signature, ...modelRow(model, download, rowPage) };
    rows.set(model.id, made);
    return made;
  }

  function toggleDetails(model: Model): void {
    if (!detailed.delete(model.id)) {
      const cell = element("td", { role: "cell", colspan: Object.keys(columns).length }, modelDetails(features, model));
      detailed.set(model.id, element("tr", { role: "row", class: "details" }, cell));
    }
    draw();
  }

  drawChips();
  draw();
  opened.add(status.changes.listen(draw));
  opened.add(features.vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("localcoder.inference") && draw()));
  void status.refresh();
  return opened;
}
