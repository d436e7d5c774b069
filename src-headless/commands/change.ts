import { join } from "node:path";
import { UserError } from "#core/base/errors";
import { type GitFailure, runGit } from "#engine/git";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { decodeText } from "../document.ts";
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
      const text = positionals.length === 1 ? await readInput(invocation) : await firstChange({ name, diffs }, invocation.signal);
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

async function firstChange({ name, diffs }: Pick<ChangeCommand, "name" | "diffs">, signal: AbortSignal): Promise<string> {
  const pipe = `pipe a diff in: git diff | localcoder ${name} -`;
  if ((await git(["rev-parse", "--is-inside-work-tree"], pipe, signal))?.trim() !== "true")
    throw new UserError("NOT_FOUND", `${process.cwd()} is not in a Git repository.`, `Go into one, or ${pipe}`);
  const isUnborn = (await git(["rev-parse", "--quiet", "--verify", "HEAD"], pipe, signal)) === undefined;
  for (const parameters of diffs) {
    // Before the first commit there is only what was staged.
    const meant = isUnborn ? ["--staged"] : parameters;
    const change = await git(["diff", "--no-color", "--no-ext-diff", "--no-textconv", ...meant], pipe, signal);
    if (change?.trim()) return change;
  }
  return "";
}

/** What Git says; undefined where there is no working tree, or no commit, to say it of. */
async function git(parameters: readonly string[], pipe: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await runGit(process.cwd(), parameters, { maxBuffer: mostBytes, signal });
  } catch (error) {
    signal.throwIfAborted();
    const { code, stderr = "" } = error as GitFailure;
    if (code === "ENOENT") throw new UserError("NOT_FOUND", "There is no git here.", `Install Git, or ${pipe}`);
    if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") throw tooLarge();
    if (stderr === "" || /not a git repository|must be run in a work tree/i.test(stderr)) return undefined;
    const reason = stderr
      .trim()
      .split("\n", 1)[0]
      ?.replace(/^(?:fatal|error): /, "");
    throw new UserError("GIT_FAILED", `Git tells no change: ${reason}`, `See what git status says, or ${pipe}`);
  }
}

async function readInput({ input }: Invocation): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of input) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > mostBytes) throw tooLarge();
  }
  // A change of a file that is not in UTF-8 has its bytes.
  const decoded = decodeText(Buffer.concat(pieces));
  if (decoded === undefined) throw new UserError("UNSUPPORTED", "What is piped in is no text.", "Pipe in what git diff prints.");
  return decoded.text;
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
