import { type Disposable, toDisposable } from "#core/base/disposable";
import type { HistoryKeeping } from "#core/contracts/sessions";
import { showError } from "../extension/errors.ts";
import { strings } from "../extension/strings.ts";
import { button, element, replaceChildren } from "./dom.ts";
import type { WizardStep } from "./wizard-page.ts";

const words = strings.wizard.done;

/** A function to complete, and where its body is missing. */
const sample = {
  language: "javascript",
  text: "// Adds the numbers of a list.\nfunction sum(numbers) {\n  let total = 0;\n  \n}\n",
  line: 3,
  column: 2,
};

/** The last step: what is there now, a place to try it, and what is kept of what one asks. */
export function fillDone(place: HTMLElement, { features, status, finish }: WizardStep): Disposable {
  const { vscode } = features;
  const state = element("p");
  const draw = () => {
    const used = status.models().find((model) => model.used.length > 0);
    state.textContent = used ? words.withModel(used.name) : words.withoutModel;
  };
  const settings = vscode.workspace.getConfiguration("localcoder.history");
  const kept = settings.get<HistoryKeeping>("keep") ?? "keep";
  const choice = (value: HistoryKeeping, label: string) =>
    element(
      "label",
      { class: "localcoder-radio" },
      element("input", {
        type: "radio",
        name: "localcoder-history",
        checked: value === kept,
        onchange: () =>
          void settings.update("keep", value, vscode.ConfigurationTarget.Global).then(undefined, (error) => showError(vscode, error)),
      }),
      label,
    );

  replaceChildren(
    place,
    element("h1", {}, words.heading),
    state,
    element(
      "div",
      { class: "localcoder-choice" },
      element(
        "div",
        { class: "row" },
        element("span", { class: "name" }, words.tryText),
        button(words.tryIt, () => void tryIt(), { id: "try" }),
      ),
    ),
    element(
      "fieldset",
      { class: "localcoder-choice" },
      element("legend", {}, words.history),
      choice("keep", words.keep),
      choice("session", words.session),
      choice("off", words.off),
    ),
    element("p", { class: "localcoder-quiet" }, words.again),
  );
  draw();
  const listening = status.changes.listen(draw);
  return toDisposable(() => listening.dispose());

  async function tryIt(): Promise<void> {
    finish();
    const document = await vscode.workspace.openTextDocument({ language: sample.language, content: sample.text });
    const at = new vscode.Position(sample.line, sample.column);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
    await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
  }
}
