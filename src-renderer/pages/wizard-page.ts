import { type Disposable, disposableStack } from "#core/base/disposable";
import type { Features } from "../extension/features.ts";
import type { ModelStatus } from "../extension/status/model-status.ts";
import { strings } from "../extension/strings.ts";
import { button, element, replaceChildren } from "./dom.ts";
import type { ModelActions } from "./model-actions.ts";
import type { Page, PageTab } from "./page.ts";
import { fillDone } from "./wizard-done.ts";
import { fillMachine } from "./wizard-machine.ts";
import { fillModel } from "./wizard-model.ts";

const words = strings.wizard;

/** What each step of the wizard gets. */
export interface WizardStep {
  readonly features: Features;
  readonly status: ModelStatus;
  readonly actions: ModelActions;
  readonly finish: () => void;
}

const steps: readonly ((place: HTMLElement, step: WizardStep) => Disposable)[] = [fillMachine, fillModel, fillDone];

/** Fills the wizard of the first run: this machine, the model, done. Every step can be skipped, and all of it found again. */
export function fillWizard(page: Page, features: Features, status: ModelStatus, actions: ModelActions): void {
  // Where the user is, kept while another tab is looked at.
  const place = { step: 0 };
  page.fillWith((body, _subject, tab) => fill(body, tab, place, { features, status, actions }));
}

function fill(page: HTMLElement, tab: PageTab, at: { step: number }, parts: Omit<WizardStep, "finish">): Disposable {
  const opened = disposableStack();
  let current: Disposable | undefined;
  page.classList.add("narrow");

  const list = element("ol", { class: "localcoder-steps" });
  const place = element("div", { "aria-live": "off" });
  const bar = element("div", { class: "localcoder-bar bottom" });
  replaceChildren(page, list, place, bar);

  function finish(): void {
    at.step = 0;
    void parts.features.desktop.finishFirstRun().catch(() => undefined);
    tab.close();
  }

  function go(to: number, focus: boolean): void {
    at.step = to;
    const index = to;
    current?.dispose();
    replaceChildren(
      list,
      ...words.steps.map((name, step) => element("li", step === index ? { "aria-current": "step" } : {}, `${step + 1}. ${name}`)),
    );
    place.replaceChildren();
    current = steps[index]?.(place, { ...parts, finish });
    const last = index === steps.length - 1;
    replaceChildren(
      bar,
      index > 0 && button(words.back, () => go(index - 1, true), { id: "back" }),
      button(last ? words.finish : words.next, () => (last ? finish() : go(index + 1, true)), { primary: true, id: "next" }),
      element("span", { class: "space" }),
      !last && button(words.skip, finish, { id: "skip" }),
    );
    // A screen reader hears where it is now.
    const heading = place.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    if (focus) heading?.focus();
  }

  go(at.step, false);
  opened.add({ dispose: () => current?.dispose() });
  return opened;
}
