import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describeError, isStopped } from "#core/base/errors";
import { isLogLevel, logLevels } from "#core/log";
import { openForkedProcess, scriptFile } from "#engine/forked-process";
import { type Engine, type EngineClient, openEngine } from "#engine/open";
import { type RunOptions, runOptions } from "#engine/run-options";
import { version } from "#engine/version";
import { parseCommandLine } from "./arguments.ts";
import { type Command, commonOptions, exitCodes, type Invocation, type Person, type Start, UsageError } from "./command.ts";
import { action, actions } from "./commands/actions.ts";
import { audit } from "./commands/audit.ts";
import { changeCommands } from "./commands/change.ts";
import { chat } from "./commands/chat/chat.ts";
import { complete } from "./commands/complete.ts";
import { context } from "./commands/context.ts";
import { data } from "./commands/data.ts";
import { doctor } from "./commands/doctor.ts";
import { explain } from "./commands/explain.ts";
import { find, map } from "./commands/find.ts";
import { hub } from "./commands/hub.ts";
import { licences } from "./commands/licences.ts";
import { memory } from "./commands/memory.ts";
import { models } from "./commands/models/models.ts";
import { network } from "./commands/network.ts";
import { readme } from "./commands/readme.ts";
import { rewriteCommands } from "./commands/rewrite.ts";
import { serve } from "./commands/serve.ts";
import { servers } from "./commands/servers.ts";
import { sessions } from "./commands/sessions.ts";
import { test } from "./commands/test.ts";
import { threads } from "./commands/threads.ts";
import { trust } from "./commands/trust.ts";
import { update } from "./commands/update.ts";
import { commandHelp, overview } from "./help.ts";
import { ownCommandLine } from "./own-command-line.ts";
import { createTerminal, type Output, type Terminal } from "./terminal.ts";

const commands: readonly Command[] = [
  doctor,
  models,
  servers,
  hub,
  complete,
  explain,
  ...rewriteCommands,
  test,
  readme,
  action,
  actions,
  ...changeCommands,
  context,
  chat,
  threads,
  find,
  map,
  sessions,
  memory,
  trust,
  network,
  audit,
  data,
  update,
  licences,
  serve,
];

/** Commands as others call them, and what they are here. */
const aliases: readonly (readonly [others: readonly string[], ours: readonly string[]])[] = [
  [["bench"], ["models", "bench"]],
  [["runtime", "doctor"], ["doctor"]],
];

function withoutAlias(parameters: readonly string[]): readonly string[] {
  const alias = aliases.find(([others]) => others.every((word, index) => parameters[index] === word));
  return alias ? [...alias[1], ...parameters.slice(alias[0].length)] : parameters;
}

/** The command's name first: options that every command takes may stand before it, as in `localcoder --json doctor`. */
function withNameFirst(parameters: readonly string[]): readonly string[] {
  let before = 0;
  while (before < parameters.length) {
    const [, name = "", value] = /^--([a-z-]+)(=.*)?$/s.exec(parameters[before] ?? "") ?? [];
    const option = name === "help" ? undefined : commonOptions[name];
    if (option === undefined) break;
    before += option.value === undefined || value !== undefined ? 1 : 2;
  }
  const [name, ...rest] = withoutAlias(parameters.slice(before));
  return name === undefined || name.startsWith("-") ? parameters : [name, ...parameters.slice(0, before), ...rest];
}

/** What stands before all commands asks: `localcoder -x "question"`. */
function withCommand(parameters: readonly string[]): readonly string[] {
  const [first] = parameters;
  const isOption = first?.startsWith("-") === true && !["--help", "-h", "--version", "--json"].includes(first);
  return isOption ? [chat.name, ...parameters] : parameters;
}

/** The file of the inference process. Tests name one of their own. */
function inferenceEntry(): string {
  return process.env.LOCALCODER_INFERENCE_PROCESS || scriptFile("inference");
}

async function run(
  command: Command,
  line: ReturnType<typeof parseCommandLine>,
  {
    terminal,
    stdin: input,
    person,
    signal,
    start,
  }: Pick<ProgramOptions, "stdin" | "person" | "signal" | "start"> & { readonly terminal: Terminal },
) {
  const told = runOf(line);
  const { openProcess, commandLine } = start ?? { openProcess: openForkedProcess, commandLine: ownCommandLine() };
  let opening: Promise<Engine> | undefined;
  let attached: EngineClient | undefined;
  const engine = () => {
    opening ??= openEngine({
      processName: "command line",
      openProcess,
      ...(start === undefined && { openInference: inferenceEntry() }),
      commandLine,
      run: told,
      onUnexpected: (error) => terminal.note(describeError(error).message),
    });
    return opening;
  };
  const invocation: Invocation = {
    positionals: line.positionals,
    value: (option) => line.values.get(option),
    has: (option) => line.switches.has(option),
    terminal,
    input,
    inputIsPiped: input.isTTY !== true,
    ...(person && !terminal.json && { person }),
    signal,
    start: { openProcess, commandLine },
    engine,
    async client() {
      attached ??= (await engine()).attach();
      return attached.client;
    },
  };
  try {
    return (await command.run(invocation)) ?? exitCodes.done;
  } finally {
    terminal.progress("");
    await attached?.dispose();
    await (await opening?.catch(() => undefined))?.dispose();
  }
}

/** What the options that every command takes say of this run, over what the environment says. */
function runOf({ values }: ReturnType<typeof parseCommandLine>): RunOptions {
  const level = values.get("log-level");
  if (level !== undefined && !isLogLevel(level)) throw new UsageError(`There is no log level ${level}. There are ${logLevels.join(", ")}.`);
  const [logFile, settingsFile] = ["log-file", "settings-file"].map((name) => {
    const path = values.get(name);
    return path === undefined ? undefined : resolve(path);
  });
  // Others than those that were meant would be used without a word: a history kept that was not to be.
  if (settingsFile !== undefined && !existsSync(settingsFile)) throw new UsageError(`There is no settings file ${settingsFile}.`);
  const found = runOptions(process.env);
  return { logLevel: level ?? found.logLevel, logFile: logFile ?? found.logFile, settingsFile: settingsFile ?? found.settingsFile };
}

/** Reports a failure the way it was asked for and answers the exit code. */
export function report(error: unknown, terminal: Terminal, command?: Command): number {
  const isUsage = error instanceof UsageError;
  const { code, message, hint } = isUsage
    ? { code: "BAD_INPUT", message: error.message, hint: `See localcoder ${command ? `${command.name} ` : ""}--help.` }
    : describeError(error);
  if (terminal.json) terminal.printJson({ error: { code, message, hint: hint ?? null } });
  else {
    terminal.note(isStopped(error) || code === "STOPPED" ? message : `localcoder: ${message}`);
    if (hint !== undefined) terminal.note(`  ${hint}`);
  }
  if (isUsage) return exitCodes.usage;
  return code === "STOPPED" ? exitCodes.stopped : exitCodes.failed;
}

/** What the program has of its process. */
export interface ProgramOptions {
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  /** Who is there, where both stdin and stdout are a terminal. */
  readonly person?: Person;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Aborts when the user stops the program. */
  readonly signal: AbortSignal;
  /** How processes are started, where this one is not a Node that can fork. */
  readonly start?: Start | undefined;
}

/** Runs the command line and answers its exit code; it never throws. */
export async function runProgram(parameters: readonly string[], options: ProgramOptions): Promise<number> {
  const { stdout, stderr, env, signal } = options;
  const terminal = createTerminal({ json: parameters.includes("--json"), stdout, stderr, env });
  let command: Command | undefined;
  try {
    const [name, ...rest] = withCommand(withNameFirst(parameters));
    if (name === "--version" || name === "version") {
      terminal.print(version);
      return exitCodes.done;
    }
    if (name === "--help" || name === "-h" || name === "help") {
      const about = commands.find((candidate) => candidate.name === rest[0]);
      terminal.print(about ? commandHelp(about) : overview(commands));
      return exitCodes.done;
    }
    if (name === undefined) {
      terminal.note(overview(commands));
      return exitCodes.usage;
    }
    command = commands.find((candidate) => candidate.name === name);
    if (command === undefined) throw new UsageError(`There is no command ${name}.`);
    const line = parseCommandLine(rest, command.options);
    if (line.switches.has("help")) {
      terminal.print(commandHelp(command));
      return exitCodes.done;
    }
    return await run(command, line, { ...options, terminal });
  } catch (error) {
    return report(signal.aborted ? stoppedError(error) : error, terminal, command);
  }
}

/** After a stop, whatever fails because of it counts as stopped. */
function stoppedError(error: unknown): unknown {
  return isStopped(error) || describeError(error).code === "STOPPED" ? error : Object.assign(new Error("Stopped."), { name: "AbortError" });
}
