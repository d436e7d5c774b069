import type { RequestRecord } from "#core/contracts/completion";
import { formatNumber, formatPercent, strings } from "../extension/strings.ts";
import { button, element, link } from "./dom.ts";
import { factsOf, piecesOf, stateText, timesOf, tokenText } from "./request-text.ts";

const words = strings.requests;

/** What can be done with a request. */
export interface RequestActions {
  readonly place: string;
  readonly open: () => void;
  readonly copy: (withCode: boolean) => void;
}

/** Everything that is known of one request. */
export function requestDetails(record: RequestRecord, { place, open, copy }: RequestActions): HTMLElement[] {
  const placeLink = link(place, open, words.open);
  placeLink.dataset.key = "place";
  return [
    element("h2", {}, placeLink),
    element("p", {}, sentence(stateText(record))),
    element(
      "div",
      { class: "localcoder-bar" },
      button(words.copy, () => copy(false), { icon: "copy", key: "copy" }),
      button(words.copyWithCode, () => copy(true), { key: "copy-with-code" }),
    ),
    element("dl", {}, ...factsOf(record).flatMap(([label, text]) => [element("dt", {}, label), element("dd", {}, text)])),
    ...candidatesOf(record),
    ...promptOf(record),
    ...timesTable(record),
  ];
}

function candidatesOf({ candidates }: RequestRecord): HTMLElement[] {
  if (candidates.length === 0) return [];
  return [
    element("h3", {}, words.candidates),
    ...candidates.map(({ text, confidence, shown, why }) =>
      element(
        "div",
        { class: "localcoder-turn" },
        element("pre", { class: "plain localcoder-selectable" }, text),
        element(
          "p",
          { class: "localcoder-quiet" },
          [words.sure(formatPercent(confidence)), !shown && (why ? strings.silence[why] : words.notShown)].filter(Boolean).join(" · "),
        ),
      ),
    ),
  ];
}

function promptOf(record: RequestRecord): HTMLElement[] {
  const { prompt, state, known } = record;
  if (prompt.length === 0) return state === "hidden" && !known ? [element("p", { class: "localcoder-quiet" }, words.nothingRead)] : [];
  const rows = piecesOf(record).map(([piece, tokens]) => [piece, formatNumber(tokens)] as const);
  return [
    element("h3", {}, words.prompt),
    element("p", { class: "localcoder-quiet" }, tokenText(record)),
    numbers(words.prompt, [words.piece, words.tokens], rows),
  ];
}

function timesTable(record: RequestRecord): HTMLElement[] {
  const rows = timesOf(record).map(([stage, value]) => [stage, formatNumber(value)] as const);
  return rows.length === 0 ? [] : [element("h3", {}, words.times), numbers(words.times, [words.stage, words.milliseconds], rows)];
}

function numbers(label: string, columns: readonly [string, string], rows: readonly (readonly [string, string])[]): HTMLElement {
  return element(
    "table",
    { "aria-label": label },
    element("thead", {}, element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)))),
    element(
      "tbody",
      {},
      ...rows.map(([name, value]) => element("tr", {}, element("td", {}, name), element("td", { class: "number" }, value))),
    ),
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
