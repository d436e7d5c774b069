import type { AnswerDetails, Saw } from "#core/contracts/sessions";
import { formatNumber, strings } from "../extension/strings.ts";
import { element } from "./dom.ts";

const words = strings.seen;

/** The facts of an answer, as label and text; what is not known is left out. */
export function seenFacts(details: AnswerDetails): readonly (readonly [string, string])[] {
  const { model, provider, tokens, tokensPerSecond, milliseconds, temperature, seed } = details;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [words.facts.model, provider ? `${model} ${strings.providers[provider]}` : model],
    [words.facts.read, words.read(formatNumber(tokens.prompt), formatNumber(tokens.reused))],
    [
      words.facts.written,
      words.written(formatNumber(tokens.generated), formatSeconds(milliseconds), tokensPerSecond && formatNumber(tokensPerSecond)),
    ],
    [words.facts.chance, seed === undefined ? undefined : words.chance(formatNumber(temperature), String(seed))],
  ];
  return facts.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const]));
}

/** How the model's window is used: a bar with one part for each piece, one kept free for the answer, and what is empty. */
export function budgetBar({ taken, answer, window }: Saw): HTMLElement {
  const used = taken.reduce((sum, { tokens }) => sum + tokens, 0);
  const share = (tokens: number) => `${((100 * tokens) / Math.max(window, used + answer, 1)).toFixed(2)}%`;
  const text = words.budget(formatNumber(used), formatNumber(answer), formatNumber(window));
  return element(
    "div",
    { class: "localcoder-budget", role: "img", "aria-label": text },
    element(
      "div",
      { class: "bar", "aria-hidden": "true" },
      ...taken.map(({ name, tokens }) =>
        element("span", { class: "used", style: `width: ${share(tokens)}`, title: `${name}: ${formatNumber(tokens)}` }),
      ),
      element("span", { class: "free", style: `width: ${share(answer)}`, title: words.keptFree(formatNumber(answer)) }),
    ),
    element("p", { class: "localcoder-quiet", "aria-hidden": "true" }, text),
  );
}

/** Reads `path:from-to`; a path alone is all of its lines. */
export function placeOfSource(source: string): { readonly path: string; readonly from: number; readonly to: number } {
  const parts = /^(.*):(\d+)-(\d+)$/.exec(source);
  if (parts === null) return { path: source, from: 1, to: 1 };
  return { path: parts[1] ?? source, from: Number(parts[2]), to: Number(parts[3]) };
}

function formatSeconds(milliseconds: number): string {
  return formatNumber(Math.round(milliseconds / 100) / 10);
}
