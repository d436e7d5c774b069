import type { Download, Model } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import { backendName, formatNumber, strings } from "../extension/strings.ts";
import { button, element, iconButton, progressBar } from "./dom.ts";
import { downloadText, type ModelActions, showsDownload, sizeText } from "./model-actions.ts";
import { memoryText } from "./model-run.ts";
import { isPresent, sourceText } from "./model-source.ts";

const words = strings.models;

/** What a row can ask of its page. */
export interface RowPage {
  readonly actions: ModelActions;
  /** Bytes it would take as the settings are now. */
  memory(model: Model): number | undefined;
  toggleDetails(model: Model): void;
  isDetailed(model: Model): boolean;
  openMenu(model: Model): void;
  /** What was last said about a model: its row may be made anew meanwhile. */
  said(model: Model): string;
}

/** One model in the table. */
export interface ModelRow {
  readonly row: HTMLElement;
  /** Says what becomes of what was asked of it. */
  say(text: string): void;
  /** Shows how far its download is. */
  update(download: Download | undefined): void;
}

/** Makes the row of a model; where the table has no room for columns, each cell shows the name of its own. */
export function modelRow(model: Model, download: Download | undefined, page: RowPage): ModelRow {
  const { columns } = words;
  const running = download && download.state !== "done" && download.state !== "failed" ? download : undefined;
  const bar = running && progressBar(model.name, 0);
  const text = element("div", { class: download?.state === "failed" ? "localcoder-problem" : "localcoder-quiet", role: "status" });
  text.textContent = page.said(model);
  const row = element(
    "tr",
    { ...showsDownload(model.id), role: "row" },
    element(
      "td",
      // Every other cell of the row is read with it.
      { role: "rowheader", class: "name", "aria-label": model.name },
      element(
        "div",
        {},
        model.name,
        model.recommended && " ",
        model.recommended && element("span", { class: "localcoder-tag" }, words.recommended),
      ),
      model.roles.length > 0 && quiet(words.suits(model.roles.map((role) => words.roles[role]).join(", "))),
      isPresent(model) && quiet(sourceText(model)),
      Boolean(model.reason) &&
        element("div", { class: model.state === "damaged" ? "localcoder-problem" : "localcoder-quiet" }, model.reason),
    ),
    element("td", { role: "cell", class: "size", "data-label": columns.size }, element("div", {}, sizeText(model))),
    cell(columns.memory, ...memoryLines(model, page.memory(model))),
    cell(columns.speed, ...speedLines(model)),
    cell(columns.licence, ...licenceLines(model)),
    cell(columns.state, stateText(model), inFolderText(model), bar, text),
    element("td", { role: "cell", class: "actions" }, element("div", { class: "localcoder-actions" }, ...buttonsOf(model, running, page))),
  );
  return {
    row,
    say(message) {
      text.textContent = message;
    },
    update(current) {
      const shown = current && current.state !== "done" ? current : undefined;
      if (bar && shown && shown.bytes > 0) bar.value = shown.received / shown.bytes;
      if (shown) text.textContent = downloadText(shown);
    },
  };
}

function cell(label: string, ...content: readonly (HTMLElement | string | undefined)[]): HTMLElement {
  return element("td", { role: "cell", "data-label": label }, element("div", {}, ...content));
}

function quiet(text: string): HTMLElement {
  return element("div", { class: "localcoder-quiet" }, text);
}

function memoryLines({ inMemory, adapterBytes }: Model, estimate: number | undefined): (HTMLElement | string)[] {
  return [
    estimate === undefined ? "" : words.memory(memoryText(estimate)),
    ...(adapterBytes === undefined ? [] : [quiet(words.withAdapters(formatBytes(adapterBytes)))]),
    ...(inMemory === undefined ? [] : [quiet(words.inMemory(memoryText(inMemory)))]),
  ];
}

function speedLines({ speed, file }: Model): (HTMLElement | string)[] {
  if (!speed) return [file ? quiet(words.notMeasured) : ""];
  return [words.speed(formatNumber(speed.writing)), quiet(words.speedDetail(formatNumber(speed.reading), backendName(speed.backend)))];
}

function licenceLines({ catalogue }: Model): (HTMLElement | string)[] {
  if (!catalogue) return [quiet(words.licenceUnknown)];
  const { name, commercial } = catalogue.licence;
  return [
    name,
    element(
      "div",
      { class: commercial ? "localcoder-quiet" : "localcoder-problem" },
      commercial ? words.commercial.yes : words.commercial.no,
    ),
  ];
}

function stateText(model: Model): string {
  return model.used.length > 0 ? words.inUse(model.used.map((role) => words.roles[role]).join(", ")) : words.states[model.state];
}

function inFolderText({ usedInFolder = [] }: Model): HTMLElement | undefined {
  return usedInFolder.length > 0 ? quiet(words.inFolder(usedInFolder.map((role) => words.roles[role]).join(", "))) : undefined;
}

function buttonsOf(model: Model, running: Download | undefined, page: RowPage): HTMLElement[] {
  const { actions } = page;
  const act = (label: string, press: () => void, primary = false) =>
    button(label, press, { primary, key: `${model.id} ${label}`, title: `${label}: ${model.name}` });
  const resume = () => act(words.resume, () => void actions.download(model, true), true);
  const discard = () => act(words.discard, () => void actions.discard(model));
  if (running) return [running.state === "paused" ? resume() : act(words.pause, () => void actions.pause(model.id)), discard()];
  if (model.state === "paused") return [resume(), discard()];
  const use = model.used.length === 0 ? [act(words.use, () => void actions.use(model.id), true)] : [];
  // Nothing can be got of a damaged file of one's own, and nothing be said yet of one that is being read.
  if (!isPresent(model) && (!model.catalogue || model.state === "reading")) return [];
  if (!isPresent(model)) return [act(words.download, () => void actions.download(model), model.recommended)];
  if (!model.file) return model.source === "server" ? use : [];
  const details = act(words.inspect, () => page.toggleDetails(model));
  details.setAttribute("aria-expanded", String(page.isDetailed(model)));
  const more = iconButton("ellipsis", `${words.more}: ${model.name}`, () => page.openMenu(model));
  more.setAttribute("aria-haspopup", "menu");
  more.setAttribute("data-key", `${model.id} ${words.more}`);
  return [...use, details, more];
}
