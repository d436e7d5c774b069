import type { AssistPreview } from "#core/contracts/assist";
import type { SeenPiece } from "#core/contracts/sessions";
import { type Command, UsageError } from "../command.ts";
import { readDocument } from "../document.ts";
import { parseLineRange } from "../place.ts";
import { count, type Terminal, table } from "../terminal.ts";
import { selectionOf } from "./assist.ts";

/** `localcoder context`: what the model would see, before it is asked. */
export const context: Command = {
  name: "context",
  summary: "Show what the model would be given for lines of a file",
  usage: ["context FILE:FROM-TO [--action NAME] [--prompt]"],
  options: {
    action: { description: "For which action; explain by default", value: "NAME" },
    instruction: { description: "What the action is told, where it takes that", value: "TEXT" },
    without: { description: "Ids of parts to leave out, with commas between", value: "IDS" },
    pin: { description: "Files of the folder to show as well, with commas between", value: "FILES" },
    prompt: { description: "Print the exact prompt as well" },
  },
  examples: [
    ["localcoder context src/cart.ts:10-24 --action improve", "lists the parts with tokens and reasons; asks nothing"],
    ["localcoder context src/cart.ts:10-24 --prompt", "prints the prompt to the letter as well"],
  ],
  async run(invocation) {
    const { positionals, value, has, terminal, client, signal } = invocation;
    const [place, ...rest] = positionals;
    if (place === undefined || rest.length > 0) throw new UsageError("Name the lines as FILE:FROM-TO, or one as FILE:LINE.");
    const range = parseLineRange(place);
    const document = await readDocument(range.file);
    const preview = await (await client()).assist.preview(
      {
        action: value("action") ?? "explain",
        path: document.path,
        languageId: document.languageId,
        workspace: document.workspace,
        text: document.text,
        selection: await selectionOf(invocation, document, range),
        instruction: value("instruction"),
        context: { exclude: listOf(value("without")), pin: listOf(value("pin")).map((path) => ({ path })) },
      },
      { signal },
    );
    if (terminal.json) terminal.printJson(preview);
    else print(terminal, preview, has("prompt"));
    return undefined;
  },
};

function listOf(text = ""): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function print(terminal: Terminal, { model, saw, messages, answerPrefix }: AssistPreview, withPrompt: boolean): void {
  const used = saw.taken.reduce((sum, { tokens }) => sum + tokens, 0);
  terminal.print(terminal.style("bold", `${model} would be given ${count(used, "token")}:`));
  for (const line of table(saw.taken.map(row))) terminal.print(line);
  if (saw.leftOut.length > 0) {
    terminal.print(terminal.style("bold", "Left out:"));
    for (const line of table(saw.leftOut.map(row))) terminal.print(line);
  }
  terminal.print(`${saw.answer} of its ${saw.window} tokens are kept free for the answer.`);
  if (!withPrompt) return;
  for (const { role, text } of messages) terminal.print(`\n${terminal.style("bold", `[${role}]`)}\n${text}`);
  if (answerPrefix !== "") terminal.print(`\n${terminal.style("bold", "[the answer begins with]")}\n${answerPrefix.trimEnd()}`);
}

function row({ id = "", name, source = "", tokens, reason }: SeenPiece): string[] {
  return [name, source, String(tokens), reason, id];
}
