import type { Model, ModelHeader } from "#core/contracts/models";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { formatNumber, strings } from "../extension/strings.ts";
import { element, replaceChildren } from "./dom.ts";
import { layoutDetail } from "./model-layout.ts";

const words = strings.models;

type Fact = readonly [name: string, value: string | HTMLElement | undefined];

/** What the file of a model says of itself: facts, special tokens, a check of the vocabulary, the template and the whole head. */
export function modelDetails(features: Features, model: Model): HTMLElement {
  const { file } = model;
  const place = element("div", { class: "localcoder-selectable" });
  if (!file) return place;
  const names = words.fileDetails;
  const facts: readonly Fact[] = [
    [names.path, file.path],
    [words.head.parts, file.parts.length > 1 ? formatNumber(file.parts.length) : undefined],
    [names.architecture, file.architecture],
    [names.parameters, file.parameters === undefined ? undefined : names.billions(file.parameters.toFixed(2))],
    [names.quantisation, file.quantisation],
    [names.contextLength, file.contextLength?.toLocaleString()],
    [names.fillInTheMiddle, file.fillInTheMiddle ? names.yes : names.no],
    [names.chatTemplate, file.chatTemplate ? names.yes : names.no],
    [words.layout.title, file.fillInTheMiddle ? layoutDetail(features, model) : undefined],
  ];
  const head = element("div", { "aria-live": "polite" }, element("div", { class: "localcoder-quiet" }, words.head.reading));
  place.append(list(facts), head);
  features.engine.models.header({ model: model.id }).then(
    (found) => replaceChildren(head, ...headOf(found)),
    (error: unknown) => {
      replaceChildren(head);
      void showError(features.vscode, error);
    },
  );
  return place;
}

function list(facts: readonly Fact[]): HTMLElement {
  return element("dl", {}, ...facts.flatMap(([name, value]) => (value ? [element("dt", {}, name), element("dd", {}, value)] : [])));
}

function headOf({ specialTokens, checks, adapters, template, values }: ModelHeader): HTMLElement[] {
  const tokens = specialTokens.map(({ name, id, text }) => element("div", {}, `${name}: ${text ?? ""} (${id})`));
  const marks = (found: ModelHeader["checks"]) =>
    element(
      "div",
      {},
      ...found.map(({ passed, text }) =>
        element("div", { class: passed ? undefined : "localcoder-problem" }, `${passed ? "✓" : "✗"} ${text}`),
      ),
    );
  const more = (title: string, content: HTMLElement) => element("details", {}, element("summary", {}, title), content);
  return [
    list([
      [words.head.tokens, tokens.length > 0 ? element("div", {}, ...tokens) : undefined],
      [words.head.vocabulary, marks(checks)],
      [words.head.adapters, adapters.length > 0 ? marks(adapters) : undefined],
    ]),
    ...(template === undefined ? [] : [more(words.head.template, element("pre", { tabindex: 0 }, template))]),
    more(words.head.values(values.length), list(values.map(({ key, text }) => [key, text || " "] as const))),
  ];
}
