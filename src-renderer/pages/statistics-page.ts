import { disposableStack } from "#core/base/disposable";
import type { CompletionStatistics } from "#core/contracts/completion";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { formatNumber, formatPercent, strings } from "../extension/strings.ts";
import { button, element, redraw, replaceChildren } from "./dom.ts";
import type { Page } from "./page.ts";

const words = strings.statistics;

/** Fills the page that says how suggestions fared. */
export function fillStatisticsPage(page: Page, features: Features): void {
  page.fillWith((body) => fill(body, features));
}

function fill(page: HTMLElement, { engine, vscode }: Features) {
  const opened = disposableStack();
  const numbers = element("div", { "aria-live": "polite" });
  page.classList.add("narrow");
  replaceChildren(
    page,
    element("h1", {}, words.title),
    element("p", { class: "localcoder-quiet" }, words.intro),
    numbers,
    element(
      "div",
      { class: "localcoder-bar" },
      button(words.refresh, () => void load(), { icon: "refresh" }),
      button(words.reset, () => void reset(), { icon: "trash" }),
    ),
  );

  async function load(): Promise<void> {
    try {
      draw(await engine.completion.statistics());
    } catch (error) {
      void showError(vscode, error);
    }
  }

  function draw(statistics: CompletionStatistics): void {
    const rows = rowsOf(statistics).flatMap(([label, text]) => [element("dt", {}, label), element("dd", {}, text)]);
    redraw(numbers, statistics.shown === 0 ? element("p", {}, words.none) : element("dl", {}, ...rows));
  }

  async function reset(): Promise<void> {
    const options = { modal: true, detail: words.confirmResetDetail };
    if ((await vscode.window.showWarningMessage(words.confirmReset, options, words.reset)) !== words.reset) return;
    try {
      await engine.completion.resetStatistics();
    } catch (error) {
      void showError(vscode, error);
    }
    await load();
  }

  void load();
  // Others may write in another window; whoever comes back to this one sees what holds now.
  const refresh = () => void load();
  window.addEventListener("focus", refresh);
  opened.add({ dispose: () => window.removeEventListener("focus", refresh) });
  return opened;
}

function rowsOf({ since, shown, accepted, partly, rejected, unchecked, retained }: CompletionStatistics): [string, string][] {
  const share = (count: number) => words.share(formatNumber(count), formatPercent(Math.min(1, count / shown)));
  return [
    [words.since, new Date(since).toLocaleString()],
    [words.shown, formatNumber(shown)],
    [words.accepted, share(accepted)],
    [words.partly, share(partly)],
    [words.rejected, share(rejected)],
    [words.unchecked, share(unchecked)],
    ...retained.map(({ seconds, characters, of }): [string, string] => [
      words.retained[seconds],
      of === 0 ? words.nothingYet : words.ofCharacters(formatPercent(characters / of), formatNumber(of)),
    ]),
  ];
}
