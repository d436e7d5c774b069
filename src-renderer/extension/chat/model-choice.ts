import type * as vscodeApi from "vscode";
import type { AnswerFacts, ChatMode, ModeExpectation } from "#core/contracts/chat";
import type { Engine } from "../../connection.ts";
import { strings } from "../strings.ts";
import type { Draft } from "./draft.ts";

const words = strings.chat;

/** What the next messages are to be answered with. */
export interface Choice {
  readonly mode?: ChatMode | "auto";
  readonly model?: string;
}

/** What {@link createModelChoice} needs. */
export interface ModelChoiceOptions {
  readonly engine: Pick<Engine, "chat">;
  readonly vscode: typeof vscodeApi;
  readonly workspace: () => string | undefined;
  /** Of the last answer from which the thread goes on. */
  readonly lastFacts: () => AnswerFacts | undefined;
  readonly nameOf: (model: string) => string;
  /** Shows the models; undefined when the user goes back. */
  readonly pickModel: () => Promise<string | undefined>;
  readonly changed: () => void;
  /** The user has chosen, or gone back. */
  readonly picked: () => void;
  /** Shows a line in the chat; always false. */
  readonly tell: (text: string) => false;
}

/** Which mode or model answers the next messages of the thread that is shown: what the user chose, and what each mode would take. */
export interface ModelChoice {
  choose(choice: Choice): void;
  /** Forgets what was chosen: another thread is shown. */
  forget(): void;
  /** What is sent of the choice. */
  sent(): Pick<Draft, "mode" | "model">;
  /** Asks the engine what each mode is answered by and takes. */
  expect(): Promise<void>;
  /** The same in words, a line for each. */
  status(): Promise<string>;
  /** Lets the user choose a mode; false when nothing was chosen. */
  pickMode(): Promise<boolean>;
  /** Lets the user choose a model; false when nothing was chosen. */
  pickModel(): Promise<boolean>;
  modeText(): string;
  modelText(): string;
}

/** Creates a {@link ModelChoice}. */
export function createModelChoice(options: ModelChoiceOptions): ModelChoice {
  const { engine, vscode, workspace, lastFacts, nameOf, changed, picked, tell } = options;
  /** What the user chose here since the thread was opened; the engine remembers what was chosen before. */
  let choice: Choice = {};
  let expected: readonly ModeExpectation[] = [];

  function choose(next: Choice): void {
    choice = next;
    changed();
  }

  async function expect(): Promise<void> {
    const promptTokens = lastFacts()?.tokens.prompt;
    expected = await engine.chat.expectations({ workspace: workspace(), promptTokens }).catch(() => []);
    changed();
  }

  function expectationText({ model, place, seconds }: ModeExpectation): string {
    return [nameOf(model), place, seconds === undefined ? words.notMeasured : words.expected(seconds)].join(" · ");
  }

  return {
    choose,
    forget() {
      choice = {};
    },
    sent() {
      const { mode, model } = choice;
      if (model !== undefined) return { model };
      // "auto" is said once, so that the thread forgets what was chosen before.
      if (mode === "auto") return { model: "auto" };
      return mode === undefined ? {} : { mode };
    },
    expect,
    async status() {
      await expect();
      return expected.map((one) => `${words.modes[one.mode]}: ${expectationText(one)}`).join("\n") || words.noModel;
    },
    async pickMode() {
      await expect();
      const items = expected.map((one) => ({
        label: words.modes[one.mode],
        description: expectationText(one),
        detail: words.modeDetails[one.mode],
        mode: one.mode,
      }));
      if (items.length === 0) return tell(words.noModel);
      const chosen = await vscode.window.showQuickPick(items, { placeHolder: words.modeHint });
      if (chosen) choose({ mode: chosen.mode });
      picked();
      return chosen !== undefined;
    },
    async pickModel() {
      const model = await options.pickModel();
      if (model !== undefined) choose(model === "auto" ? { mode: "auto" } : { model });
      picked();
      return model !== undefined;
    },
    modeText() {
      const asked = choice.model !== undefined ? undefined : choice.mode;
      const before = lastFacts()?.mode;
      return words.modes[asked ?? (choice.model !== undefined ? "auto" : (before ?? "auto"))];
    },
    modelText() {
      if (choice.model !== undefined) return nameOf(choice.model);
      const before = lastFacts()?.model;
      const mode = choice.mode ?? "auto";
      const next = choice.mode === undefined && before !== undefined ? before : expected.find((one) => one.mode === mode)?.model;
      return next === undefined ? "" : nameOf(next);
    },
  };
}
