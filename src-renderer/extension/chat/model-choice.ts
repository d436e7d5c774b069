import type * as vscodeApi from "vscode";
import type { AnswerFacts, ChatMode, ModeExpectation } from "#core/contracts/chat";
import type { Engine } from "../../connection.ts";
import { strings } from "../strings.ts";
import type { Draft } from "./draft.ts";

const words = strings.chat;

/** Tokens of an answer of usual length. */
const usualAnswer = 250;

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

  function expectationText(expectation: ModeExpectation): string {
    const { model, place } = expectation;
    const seconds = expectation.seconds ?? secondsAsBefore(expectation);
    return [nameOf(model), place, seconds === undefined ? words.notMeasured : words.expected(seconds)].join(" · ");
  }

  /** Before a model is measured its last answer tells; not of what is looked up as well. */
  function secondsAsBefore({ mode, model }: ModeExpectation): number | undefined {
    const last = lastFacts();
    if (mode === "smart" || last?.model !== model || last.tokensPerSecond <= 0) return undefined;
    return last.firstMilliseconds / 1000 + usualAnswer / last.tokensPerSecond;
  }

  function modeNow(): ModeExpectation["mode"] | undefined {
    return choice.model === undefined ? (choice.mode ?? lastFacts()?.mode ?? "auto") : undefined;
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
      const lines = expected.map((one) => {
        const line = `${words.modes[one.mode]}: ${expectationText(one)}`;
        return one.mode === modeNow() ? words.chosenHere(line) : line;
      });
      if (choice.model !== undefined) lines.unshift(words.chosenHere(nameOf(choice.model)));
      return lines.join("\n") || words.noModel;
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
      return words.modes[modeNow() ?? "auto"];
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
