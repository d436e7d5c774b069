import type { HiddenReason } from "#core/contracts/completion";
import { type Command, UsageError } from "../command.ts";
import { readDocument } from "../document.ts";
import { insertionOf } from "../insertion.ts";
import { offsetOf, parsePosition } from "../place.ts";
import { completeLines } from "./complete-lines.ts";

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
  usage: ["complete FILE:LINE:COLUMN [--as-shown] [--max-tokens N]", "complete --jsonl [--as-shown] [--max-tokens N]"],
  options: {
    "as-shown": { description: "Apply the thresholds of the editor: print nothing where it would show nothing" },
    jsonl: { description: "Answer requests from standard input, one JSON object a line" },
    "max-tokens": { description: "Write at most N tokens", value: "N" },
  },
  examples: [
    ["localcoder complete src/cart.ts:12:5", "suggests what to insert before column 5 of line 12"],
    ["localcoder complete src/cart.ts:12:5 --json", "the same with model, confidence and tokens"],
    ["localcoder complete --jsonl < holes.jsonl", 'answers {"id", "path", "prefix", "suffix"} line by line'],
  ],
  async run(invocation) {
    const { positionals, value, has, terminal, signal, client } = invocation;
    const tokens = value("max-tokens");
    if (tokens !== undefined && !(/^[1-9]\d{0,2}$/.test(tokens) && Number(tokens) <= 512)) {
      throw new UsageError("--max-tokens takes a number from 1 to 512.");
    }
    const maxTokens = tokens === undefined ? undefined : Number(tokens);
    const [place, ...rest] = positionals;
    if (has("jsonl")) {
      if (place !== undefined) throw new UsageError("With --jsonl the places come from standard input.");
      await completeLines(invocation, maxTokens);
      return undefined;
    }
    if (place === undefined || rest.length > 0) throw new UsageError("Name one place as FILE:LINE:COLUMN.");
    const position = parsePosition(place);
    const document = await readDocument(position.file);
    const offset = offsetOf(document.text, position);

    const engine = await client();
    terminal.progress("Thinking…");
    const suffix = document.text.slice(offset, offset + window);
    const result = await engine.completion.complete(
      {
        path: document.path,
        languageId: document.languageId,
        workspace: document.workspace,
        prefix: document.text.slice(Math.max(0, offset - window), offset),
        suffix,
        trigger: "manual",
        asShown: has("as-shown"),
        ...(maxTokens !== undefined && { maxTokens }),
      },
      { signal },
    );
    terminal.progress("");
    const text = insertionOf(result, suffix);
    if (terminal.json) {
      const { model, provider, confidence, tokens, milliseconds, stop } = result;
      terminal.printJson({ text, model, provider, confidence, tokens, milliseconds, stop });
      return undefined;
    }
    if (text === "") terminal.note(hidden[result.hidden ?? "empty"]);
    else terminal.write(text.endsWith("\n") || !terminal.interactive ? text : `${text}\n`);
    return undefined;
  },
};
