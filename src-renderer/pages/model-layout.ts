import { isStopped } from "#core/base/errors";
import type { Calibration, Model } from "#core/contracts/models";
import { layoutName } from "#core/models/layout-name";
import { showError } from "../extension/errors.ts";
import type { Features } from "../extension/features.ts";
import { strings } from "../extension/strings.ts";
import { button, element, progressBar, redraw } from "./dom.ts";

const words = strings.models.layout;

/** How the model is asked for ghost text: what was found, and finding it. */
export function layoutDetail({ engine, vscode }: Features, model: Model): HTMLElement {
  const place = element("div", { "aria-live": "polite" });
  const input = { model: model.file?.path };

  /** Runs, and shows what is known afterwards, also when it failed or was stopped. */
  async function change(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!isStopped(error)) void showError(vscode, error);
    }
    draw(await engine.models.calibration(input).catch(() => null));
  }

  async function find(): Promise<void> {
    const search = new AbortController();
    const bar = progressBar(words.searching(0, 0), 0);
    const text = element("span", { class: "localcoder-quiet" });
    redraw(
      place,
      text,
      bar,
      element(
        "div",
        { class: "localcoder-actions" },
        act(words.stop, () => search.abort()),
      ),
    );
    await change(async () => {
      for await (const event of await engine.models.calibrate(input, { signal: search.signal })) {
        if (event.type !== "progress") continue;
        bar.value = event.done / event.total;
        text.textContent = words.searching(event.done, event.total);
      }
    });
  }

  function act(label: string, press: () => void): HTMLButtonElement {
    return button(label, press, { key: `${model.id} ${label}`, title: `${label}: ${model.name}` });
  }

  function draw(found: Calibration | null): void {
    const score = found?.scores.find(({ layout }) => layoutName(layout) === layoutName(found.layout));
    redraw(
      place,
      element("div", {}, found && score ? words.found(layoutName(found.layout), score.exact, found.holes) : words.usual),
      element(
        "div",
        { class: "localcoder-actions" },
        act(found ? words.findAgain : words.find, () => void find()),
        found !== null && act(words.reset, () => void change(() => engine.models.resetCalibration(input))),
      ),
    );
  }

  void change(async () => {});
  return place;
}
