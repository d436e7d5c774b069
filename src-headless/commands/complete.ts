import type { HiddenReason } from "#core/contracts/completion";
import { type Command, UsageError } from "../command.ts";
import { readDocument } from "../document.ts";
import { offsetOf, parsePosition } from "../place.ts";

/** Text on each side of the position that is sent to the engine, in UTF-16 units: far more than a model reads. */
const window = 200_000;

const hidden: Readonly<Record<HiddenReason, string>> = {
  uncertain: "The model is too uncertain to show its suggestion.",
  empty: "The model suggests nothing here.",
  "switched-off": "Suggestions are switched off for this language.",
  paused: "Suggestions pause.",
  excluded: "This file is left out by the setting localcoder.completion.exclude.",
  "in-comment": "Suggestions are switched off in comments.",
  "in-string": "Suggestions are switched off in strings.",
  broken: "The suggestion would not fit the code.",
  "mid-word": "No suggestion is shown inside a word.",
  "no-model": "There is no model.",
  "repeats-suffix": "The suggestion only repeats what follows.",
};

/** `localcoder complete`: what ghost text would insert at a position. */
export const complete: Command = {
  name: "complete",
  summary: "Suggest what to insert at a position",
  usage: ["complete FILE:LINE:COLUMN [--as-shown] [--max-tokens N]"],
  options: {
    "as-shown": { description: "Apply the thresholds of the editor: print nothing where it would show nothing" },
    "max-tokens": { description: "Write at most N tokens", value: "N" },
  },
  examples: [
    ["localcoder complete src/cart.ts:12:5", "suggests what to insert before column 5 of line 12"],
    ["localcoder complete src/cart.ts:12:5 --json", "the same with model, confidence and tokens"],
  ],
  async run({ positionals, value, has, terminal, signal, client }) {
    const [place, ...rest] = positionals;
    if (place === undefined || rest.length > 0) throw new UsageError("Name one place as FILE:LINE:COLUMN.");
    const position = parsePosition(place);
    const tokens = value("max-tokens");
    if (tokens !== undefined && !/^[1-9]\d{0,2}$/.test(tokens)) throw new UsageError("--max-tokens takes a number from 1 to 512.");
    const document = await readDocument(position.file);
    const offset = offsetOf(document.text, position);

    const engine = await client();
    terminal.progress("Thinking…");
    const result = await engine.completion.complete(
      {
        path: document.path,
        languageId: document.languageId,
        workspace: document.workspace,
        prefix: document.text.slice(Math.max(0, offset - window), offset),
        suffix: document.text.slice(offset, offset + window),
        trigger: "manual",
        asShown: has("as-shown"),
        ...(tokens !== undefined && { maxTokens: Number(tokens) }),
      },
      { signal },
    );
    terminal.progress("");
    if (terminal.json) {
      const { text, model, confidence, tokens, milliseconds, stop } = result;
      terminal.printJson({ text, model, confidence, tokens, milliseconds, stop });
      return;
    }
    if (result.text === "") terminal.note(hidden[result.hidden ?? "empty"]);
    else terminal.write(result.text.endsWith("\n") || !terminal.interactive ? result.text : `${result.text}\n`);
    return undefined;
  },
};
