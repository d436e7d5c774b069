import { isStopped } from "#core/base/errors";
import type { Model } from "#core/contracts/models";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import type { ModelStatus } from "../extension/status/model-status.ts";
import { formatNumber, strings } from "../extension/strings.ts";
import { button, element, replaceChildren } from "./dom.ts";

const words = strings.models.comparison;

/** The part of the page where two models answer the same question. */
export interface Comparison {
  readonly section: HTMLElement;
  /** Opens it with a model chosen already. */
  open(model: Model): void;
  /** Offers the models that are here now. */
  update(): void;
  dispose(): void;
}

/** Makes the {@link Comparison} of a page. */
export function createComparison({ engine, vscode }: Features, status: ModelStatus): Comparison {
  let running: AbortController | undefined;
  let offered = "";
  const selects = [words.first, words.second].map((label) => element("select", { class: "localcoder-input", "aria-label": label }));
  const prompt = element("textarea", { class: "localcoder-input", rows: 3, "aria-label": words.prompt });
  prompt.value = words.example;
  const start = button(words.start, () => (running ? running.abort() : void run()), { primary: true });
  const state = element("span", { class: "localcoder-quiet", role: "status" });
  const results = element("div", { class: "localcoder-columns" });
  const form = element(
    "div",
    {},
    element("div", { class: "localcoder-bar" }, ...selects),
    prompt,
    element("div", { class: "localcoder-bar" }, start, state),
    results,
  );
  const few = element("p", { class: "localcoder-quiet" }, words.tooFew);
  const section = element(
    "details",
    { class: "localcoder-section" },
    element("summary", {}, element("h2", {}, words.title)),
    element("p", { class: "localcoder-quiet" }, words.intro),
    few,
    form,
  );

  const here = () => status.models().filter(({ state, file, roles }) => state === "ready" && file && !roles.includes("embedding"));

  function update(): void {
    const models = here();
    few.hidden = models.length > 1;
    form.hidden = models.length < 2;
    const now = models.map(({ id }) => id).join("\n");
    if (now === offered) return;
    offered = now;
    for (const [index, select] of selects.entries()) {
      const before = select.value;
      replaceChildren(select, ...models.map(({ id, name }) => element("option", { value: id }, name)));
      select.value = models.some(({ id }) => id === before) ? before : (models[index]?.id ?? "");
    }
  }

  async function run(): Promise<void> {
    const controller = new AbortController();
    running = controller;
    label(words.stop);
    const answers = selects.map(({ value }) => {
      const name = status.names().get(value) ?? value;
      const text = element("pre", { tabindex: 0 });
      const about = element("div", { class: "localcoder-quiet" });
      return { id: value, name, text, about, article: element("article", { "aria-label": name }, element("h3", {}, name), about, text) };
    });
    replaceChildren(results, ...answers.map(({ article }) => article));
    try {
      for (const { id, name, text, about } of answers) {
        state.textContent = words.asking(name);
        const from = performance.now();
        for await (const event of await engine.models.ask({ model: id, prompt: prompt.value }, { signal: controller.signal })) {
          if (event.type === "text") text.append(event.text);
          if (event.type === "done") {
            const seconds = (performance.now() - from) / 1000;
            about.textContent = words.result(
              formatNumber(event.tokens.generated),
              formatNumber(event.tokensPerSecond),
              formatNumber(seconds),
            );
          }
        }
      }
      state.textContent = words.done;
    } catch (error) {
      state.textContent = words.stopped;
      if (!isStopped(error) && !controller.signal.aborted) void showError(vscode, error);
    } finally {
      running = undefined;
      label(words.start);
      void status.refresh();
    }
  }

  function label(text: string): void {
    const span = start.querySelector("span");
    if (span) span.textContent = text;
  }

  update();
  return {
    section,
    update,
    open(model) {
      section.open = true;
      const [first, second] = selects;
      if (first && second) {
        if (second.value === model.id) second.value = first.value;
        first.value = model.id;
      }
      section.scrollIntoView({ block: "start" });
      (second ?? section).focus();
    },
    dispose: () => running?.abort(),
  };
}
