import { describeError, UserError } from "#core/base/errors";
import type { Doubt } from "#core/contracts/assist";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { encode, readDocument } from "../document.ts";
import { type AssistRun, answerJson, noteAnswer, runAssist } from "./assist.ts";

/** `localcoder improve`: proposes better lines as a diff, and writes them when asked to. */
export const improve: Command = {
  name: "improve",
  summary: "Propose better lines as a diff",
  usage: ["improve FILE:FROM-TO [--instruction TEXT] [--write]"],
  options: {
    instruction: { description: "Say what you want", value: "TEXT" },
    write: { description: "Write the change to the file, unless there is reason to distrust it" },
  },
  examples: [
    ["localcoder improve src/cart.ts:10-24", "prints a diff and changes nothing"],
    ['localcoder improve src/cart.ts:10-24 --instruction "use early returns" --write', "changes the file"],
    ["localcoder improve src/cart.ts:10-24 | git apply", "applies the diff with git, at the top of the repository"],
  ],
  async run(invocation) {
    const { positionals, value, has, terminal } = invocation;
    const [place, ...rest] = positionals;
    if (place === undefined || rest.length > 0) throw new UsageError("Name the lines as FILE:FROM-TO.");
    const run = await runAssist(invocation, "improve", place, { instruction: value("instruction") });
    const blocking = run.answer.doubts.find((doubt) => doubt.blocks);
    const refusal = has("write") ? await tryToWrite(invocation, run, blocking) : undefined;
    if (terminal.json) {
      const { code, message, hint } = describeError(refusal);
      terminal.printJson({ ...answerJson(run.answer), ...(refusal !== undefined && { error: { code, message, hint: hint ?? null } }) });
      return refusal === undefined ? 0 : 1;
    }
    for (const line of run.answer.diff.split("\n").slice(0, -1)) terminal.print(colourLine(invocation, line));
    if (run.answer.diff === "" && blocking === undefined) terminal.note("The model changes nothing here.");
    noteAnswer(invocation, run.answer);
    if (refusal !== undefined) throw refusal;
    if (has("write") && run.answer.diff !== "") terminal.note(`${run.document.path} was changed.`);
    return undefined;
  },
};

/** Writes what deserves trust, and answers why nothing was written: the answer took its time and is shown all the same. */
async function tryToWrite(invocation: Invocation, run: AssistRun, blocking: Doubt | undefined): Promise<unknown> {
  if (blocking !== undefined) {
    return new UserError("NOT_APPLIED", `Nothing was written: ${blocking.message}`, "Try again, with other lines or an instruction.");
  }
  try {
    await write(invocation, run);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Writes the answer through the engine, which keeps mode and links and never leaves half a file. */
async function write({ client }: Invocation, { document, selection, answer }: AssistRun): Promise<void> {
  const now = await readDocument(document.path);
  if (now.text !== document.text) {
    throw new UserError("NOT_APPLIED", `${document.path} was changed meanwhile, so nothing was written.`, "Try again.");
  }
  const lineEnd = /\r\n|\n|\r/.exec(document.text)?.[0] ?? "\n";
  const text = answer.text.replace(/\r\n|\n|\r/g, lineEnd);
  const content = encode(document.text.slice(0, selection.start) + text + document.text.slice(selection.end), document.encoding);
  const engine = await client();
  await engine.workspace.open({ path: document.path });
  await engine.workspace.write({ path: document.path, content: new Blob([new Uint8Array(content)]), create: false, overwrite: true });
}

function colourLine({ terminal }: Invocation, line: string): string {
  if (/^(---|\+\+\+) /.test(line)) return terminal.style("bold", line);
  if (line.startsWith("@@")) return terminal.style("cyan", line);
  if (line.startsWith("+")) return terminal.style("green", line);
  if (line.startsWith("-")) return terminal.style("red", line);
  return line;
}
