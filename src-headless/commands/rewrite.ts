import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import { shownPath } from "#core/assist/title";
import { describeError, UserError } from "#core/base/errors";
import type { Doubt } from "#core/contracts/assist";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { encode, readDocument, workspaceAround } from "../document.ts";
import { offsetsOf } from "../place.ts";
import { answeredByOptions } from "./answered-by.ts";
import { type AskOptions, type AssistRun, answerJson, ask, noteAnswer, runAssist } from "./assist.ts";
import { namesLines } from "./named-files.ts";
import { overFiles, overFilesOptions } from "./over-files.ts";
import { patchOf, printDiff } from "./print-diff.ts";
import { reportKept, writeDocument } from "./write-document.ts";

/** What tells the commands apart that propose new lines. */
interface RewriteCommand {
  readonly name: string;
  readonly summary: string;
  /** How the user may, or must, say what they want. */
  readonly option?: { readonly name: string; readonly description: string; readonly required?: boolean };
  /** True where a stack trace in the option may say which lines are meant. */
  readonly findsPlace?: true;
  /** True where functions may be run to see whether they still do the same. */
  readonly compares?: true;
  readonly examples: Command["examples"];
}

/** `localcoder improve` and its like: proposes other lines as a diff, and writes them when asked to. */
function rewriteCommand({ name, summary, option, findsPlace, compares, examples }: RewriteCommand): Command {
  const told = option === undefined ? "" : option.required ? ` --${option.name} TEXT` : ` [--${option.name} TEXT]`;
  const runs = compares ? " [--run]" : "";
  return {
    name,
    summary,
    usage: [
      `${name} FILE:FROM-TO${told}${runs} [-m MODE] [--diff] [--write]`,
      `${name} FILE|FOLDER...${told}${runs} [-m MODE] [--diff] [--write] [--all]`,
      ...(findsPlace && option ? [`${name} --${option.name} TEXT [-m MODE] [--diff] [--write]`] : []),
    ],
    options: {
      ...(option && { [option.name]: { description: option.description, value: "TEXT" } }),
      ...(compares && {
        run: {
          description:
            "Run functions that only compute, before and after, to see whether they do the same (Python, JavaScript, TypeScript)",
        },
      }),
      ...proposalOptions,
      ...overFilesOptions,
    },
    examples,
    async run(invocation) {
      const { positionals, value, has } = invocation;
      const [place, ...rest] = positionals;
      const instruction = option && value(option.name);
      if (place === undefined && !(findsPlace && instruction?.trim()))
        throw new UsageError("Name the lines as FILE:FROM-TO, one as FILE:LINE, or whole files and folders.");
      if (option?.required && !instruction?.trim()) throw new UsageError(`Say what should change with --${option.name} TEXT.`);
      if (place !== undefined && (rest.length > 0 || !namesLines(place)))
        return overFiles(invocation, { id: name, instruction, ...(compares && { verify: has("run") }) }, positionals);
      const run =
        place === undefined
          ? await runAtSuspect(invocation, name, instruction ?? "", { ...(compares && { verify: has("run") }) })
          : await runAssist(invocation, name, place, { instruction, ...(compares && { verify: has("run") }) });
      return proposeRun(invocation, run);
    },
  };
}

/** The options of everything that proposes a change. */
export const proposalOptions = {
  ...answeredByOptions,
  diff: { description: "Print the change as a patch that git apply takes, as happens without it" },
  write: { description: "Write the change to the file, unless there is reason to distrust it" },
} as const satisfies Command["options"];

/** Prints what was proposed as a diff, and writes it where that is wanted. */
export async function proposeRun(invocation: Invocation, run: AssistRun): Promise<number | undefined> {
  const { has, terminal } = invocation;
  const blocking = run.answer.doubts.find((doubt) => doubt.blocks);
  const refusal = has("write") ? await tryToWrite(invocation, run, blocking) : undefined;
  const diff = patchOfRun(run);
  if (terminal.json) {
    const { code, message, hint } = describeError(refusal);
    terminal.printJson({
      ...answerJson({ ...run.answer, diff }),
      ...(refusal !== undefined && { error: { code, message, hint: hint ?? null } }),
    });
    return refusal === undefined ? 0 : 1;
  }
  // What cannot be kept is shown to a person, and is no patch for what reads the output.
  const show = blocking === undefined || terminal.interactive ? terminal.print : terminal.note;
  printDiff(terminal, diff, run.answer.file === undefined ? run.document.encoding : "utf8", show);
  const isSaid = run.answer.doubts.some(({ kind }) => kind === "unchanged");
  if (run.answer.diff === "" && blocking === undefined && !isSaid) terminal.note("The model changes nothing here.");
  noteAnswer(invocation, run.answer);
  if (refusal !== undefined) throw refusal;
  if (blocking !== undefined) return 1;
  if (has("write") && run.answer.diff !== "") terminal.note(`${run.answer.file?.path ?? run.document.path} was changed.`);
  return undefined;
}

const instruction = { name: "instruction", description: "Say what you want" };

/** The commands that propose other lines. */
export const rewriteCommands: readonly Command[] = [
  rewriteCommand({
    name: "improve",
    summary: "Propose better lines as a diff",
    option: instruction,
    compares: true,
    examples: [
      ["localcoder improve src/cart.ts:10-24", "prints a diff and changes nothing"],
      ['localcoder improve src/cart.ts:10-24 --instruction "use early returns" --write', "changes the file"],
      ["localcoder improve src/cart.py:10-24 --run", "offers what does the same for some hundred inputs"],
      ["localcoder improve src/cart.ts:10-24 | git apply", "applies the diff with git, at the top of the repository"],
      ["localcoder improve src/cart.ts src/till", "asks about each function of the file and the folder, and prints one patch"],
    ],
  }),
  rewriteCommand({
    name: "refactor",
    summary: "Restructure lines as you say",
    option: { ...instruction, required: true },
    compares: true,
    examples: [['localcoder refactor src/cart.ts:10-24 --instruction "extract the discount into a function"', "prints a diff"]],
  }),
  rewriteCommand({
    name: "fix",
    summary: "Repair lines, knowing what went wrong",
    option: { name: "problem", description: "What is wrong: a message, or a stack trace, which also says where" },
    findsPlace: true,
    compares: true,
    examples: [
      ["localcoder fix src/cart.ts:10-24", "lets the model find the mistake; prints a diff"],
      ["localcoder fix src", "repairs what cannot be parsed, or what the TypeScript compiler says is wrong"],
      ['localcoder fix src/cart.ts:10-24 --problem "$(npm test 2>&1 | tail -20)"', "tells it what the tests say"],
      ['localcoder fix --problem "$(python3 app.py 2>&1)"', "finds the lines that the stack trace names, and repairs the function there"],
    ],
  }),
  rewriteCommand({
    name: "document",
    summary: "Write the documentation comment of a declaration",
    examples: [
      ["localcoder document src/cart.ts:10-24 --write", "writes the comment into the file; the code stays as it is"],
      ["localcoder document src --write", "writes one for all that others can use and that has none"],
    ],
  }),
];

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
  const engine = await client();
  if (answer.file !== undefined) {
    const { path, original, text } = answer.file;
    const there = original === null ? undefined : await readDocument(path);
    if (there === undefined ? existsSync(path) : there.text !== original)
      throw new UserError("NOT_APPLIED", `${path} was changed meanwhile, so nothing was written.`, "Try again.");
    await engine.workspace.open({ path: document.workspace });
    const content = new Blob([new Uint8Array(encode(text, there?.encoding ?? "utf8"))]);
    const missing: string[] = [];
    for (let parent = dirname(path); !existsSync(parent); parent = dirname(parent)) missing.unshift(parent);
    for (const parent of missing) await engine.workspace.createDirectory({ path: parent });
    await engine.workspace.write({ path, content, create: true, overwrite: original !== null });
    return;
  }
  await writeDocument(engine, document, changedText({ document, selection, answer }));
  await reportKept(engine, answer);
}

/** The document as the answer would have it. */
function changedText({ document, selection, answer }: AssistRun): string {
  const lineEnd = /\r\n|\n|\r/.exec(document.text)?.[0] ?? "\n";
  const text = answer.text.replace(/\r\n|\n|\r/g, lineEnd);
  return document.text.slice(0, selection.start) + text + document.text.slice(selection.end);
}

/** The patch of a run; the engine knows nothing of a byte order mark. */
function patchOfRun(run: AssistRun): string {
  const { document, answer } = run;
  if (document.encoding !== "utf8-with-mark" || answer.file !== undefined || answer.diff === "") return answer.diff;
  return patchOf(document, shownPath(document.path, document.workspace), changedText(run));
}

/** Runs an action on the function that a stack trace makes suspect, and says why it is. */
async function runAtSuspect(invocation: Invocation, action: string, trace: string, options: AskOptions): Promise<AssistRun> {
  const engine = await invocation.client();
  const workspace = await workspaceAround(process.cwd());
  const suspects = await engine.assist.suspects({ trace, workspace });
  const [first] = suspects;
  if (first === undefined) {
    throw new UserError(
      "NOT_FOUND",
      "No line of this project is named in that.",
      `Name the lines yourself: localcoder ${action} FILE:FROM-TO --problem TEXT.`,
    );
  }
  for (const { path, line, symbol, why, text } of suspects.slice(0, 5))
    invocation.terminal.note(`${relative(process.cwd(), path)}:${line}${symbol === undefined ? "" : ` in ${symbol}`}  ${why}\n    ${text}`);
  const document = await readDocument(first.path);
  const { start } = offsetsOf(document.text, { from: first.line, to: first.line });
  const around = await engine.assist.definitionAround({ languageId: document.languageId, text: document.text, offset: start });
  const selection = around ?? offsetsOf(document.text, { from: first.line, to: first.line });
  const problems = [{ line: first.line, message: first.why.slice(0, 2000) }];
  return {
    document,
    selection,
    answer: await ask(invocation, action, document, selection, { ...options, instruction: trace.slice(0, 20_000), problems }),
  };
}
