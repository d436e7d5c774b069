import { join } from "node:path";
import { UserError } from "#core/base/errors";
import { runGit } from "#engine/git";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { answeredByOptions } from "./answered-by.ts";
import { answerJson, ask, noteAnswer } from "./assist.ts";

/** A larger change fits into no model's window by far. */
const mostBytes = 4_000_000;

/** What tells the commands apart that are about a change. */
interface ChangeCommand {
  readonly name: string;
  readonly summary: string;
  /** Which changes are meant where none is piped in: the first of these that has any. */
  readonly diffs: readonly (readonly string[])[];
  readonly missing: string;
  readonly examples: Command["examples"];
}

/** A command on a change: what Git says, or a diff that is piped in. */
function changeCommand({ name, summary, diffs, missing, examples }: ChangeCommand): Command {
  return {
    name,
    summary,
    usage: [`${name} [-m MODE]`, `${name} - [-m MODE]`],
    options: answeredByOptions,
    examples,
    async run(invocation) {
      const { positionals, terminal } = invocation;
      if (positionals.length > 1 || (positionals[0] ?? "-") !== "-")
        throw new UsageError("Name nothing, or - to read a diff from the input.");
      const text = positionals.length === 1 ? await readInput(invocation) : await firstChange(diffs, invocation.signal);
      if (text.trim() === "")
        throw new UserError("NOT_FOUND", missing, `Change something first, or pipe a diff in: git diff | localcoder ${name} -`);
      const document = { path: join(process.cwd(), "change.diff"), languageId: "diff", workspace: process.cwd(), text };
      const answer = await ask(invocation, name, document, { start: 0, end: text.length });
      if (terminal.json) terminal.printJson(answerJson(answer));
      else {
        terminal.print(answer.text);
        noteAnswer(invocation, answer);
      }
      return undefined;
    },
  };
}

async function firstChange(diffs: ChangeCommand["diffs"], signal: AbortSignal): Promise<string> {
  for (const parameters of diffs) {
    const change = await gitDiff(parameters, signal);
    if (change.trim() !== "") return change;
  }
  return "";
}

async function gitDiff(parameters: readonly string[], signal: AbortSignal): Promise<string> {
  // Before the first commit there is only what was staged.
  if (parameters.includes("HEAD") && (await isUnborn(signal))) return gitDiff(["--staged"], signal);
  try {
    const quiet = ["--no-color", "--no-ext-diff", "--no-textconv"];
    return await runGit(process.cwd(), ["diff", ...quiet, ...parameters], { maxBuffer: mostBytes, signal });
  } catch (error) {
    signal.throwIfAborted();
    const { code, stderr = "" } = error as { readonly code?: unknown; readonly stderr?: string };
    if (code === "ENOENT") throw new UserError("NOT_FOUND", "There is no git here.", "Install Git, or pipe a diff in.");
    if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") throw tooLarge();
    const [reason = ""] = stderr.trim().split("\n");
    throw new UserError("NOT_FOUND", `Git tells no change: ${reason}`, "Go into a repository with a commit, or pipe a diff in.");
  }
}

/** True in a repository that has no commit yet. */
function isUnborn(signal: AbortSignal): Promise<boolean> {
  const options = { maxBuffer: 10_000, signal };
  const asked = (...parameters: string[]) => runGit(process.cwd(), ["rev-parse", "--quiet", ...parameters], options);
  const fails = (question: Promise<string>) => question.then(() => false).catch(() => true);
  return asked("--git-dir")
    .then(() => fails(asked("--verify", "HEAD")))
    .catch(() => false);
}

async function readInput({ input }: Invocation): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of input) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > mostBytes) throw tooLarge();
  }
  return Buffer.concat(pieces).toString("utf8");
}

function tooLarge(): UserError {
  return new UserError(
    "TOO_LARGE",
    `The change has more than ${mostBytes / 1e6} MB.`,
    "Name fewer files, for example with git diff -- FILE.",
  );
}

/** The commands about a change. */
export const changeCommands: readonly Command[] = [
  changeCommand({
    name: "review",
    summary: "Review a change before it is committed",
    diffs: [["HEAD"]],
    missing: "Nothing has changed since the last commit.",
    examples: [
      ["localcoder review", "reviews what changed since the last commit"],
      ["git diff main... | localcoder review -", "reviews a branch"],
    ],
  }),
  changeCommand({
    name: "commit-message",
    summary: "Write the message of a commit",
    diffs: [["--staged"], ["HEAD"]],
    missing: "Nothing is staged, and nothing has changed.",
    examples: [["localcoder commit-message", "writes it for what is staged, else for all changes"]],
  }),
];
