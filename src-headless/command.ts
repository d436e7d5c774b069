import { logLevels } from "#core/log";
import type { OpenProcess } from "#core/processes";
import type { OwnCommandLine } from "#engine/audit";
import type { Engine, EngineClient } from "#engine/open";
import type { Terminal } from "./terminal.ts";

/** The command line itself was not understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** An option of a command; one without `value` is a switch. */
export interface Option {
  readonly description: string;
  /** What stands for the value in the help. */
  readonly value?: string;
  /** The values there are; any text without. */
  readonly choices?: readonly string[];
  /** One letter that stands for the option, as in -x. */
  readonly short?: string;
}

/** A person at a terminal, who reads and types. */
export interface Person {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** How this program starts others of ours. */
export interface Start {
  readonly openProcess: OpenProcess;
  /** How the command line is started once more. */
  readonly commandLine: OwnCommandLine;
}

/** What a command runs with. */
export interface Invocation {
  readonly positionals: readonly string[];
  /** The value of an option, when it was given. */
  value(option: string): string | undefined;
  /** True when a switch was given. */
  has(option: string): boolean;
  readonly terminal: Terminal;
  /** What is piped in. */
  readonly input: AsyncIterable<Uint8Array>;
  /** True when something may be piped in: nobody types there. */
  readonly inputIsPiped: boolean;
  /** Missing where nobody both types and reads. */
  readonly person?: Person;
  /** Aborts when the user stops the command. */
  readonly signal: AbortSignal;
  readonly start: Start;
  /** The engine, opened at the first call; closed when the command ends. */
  engine(): Promise<Engine>;
  /** This command's own view of the engine. */
  client(): Promise<EngineClient["client"]>;
}

/** A command of the command line: everything about it in one place. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Each form in which it may be called, without the program's name. */
  readonly usage: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** Commands that can be copied, each with what it does. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  /** Resolves to an exit code where it is not 0; failures are thrown. */
  run(invocation: Invocation): Promise<number | undefined>;
}

/** The options that every command takes. */
export const commonOptions: Readonly<Record<string, Option>> = {
  json: { description: "Print one JSON value, also for a failure" },
  "log-level": { value: "LEVEL", description: `What goes into the log: ${logLevels.join(", ")}` },
  "log-file": { value: "FILE", description: "Write the log there" },
  "settings-file": { value: "FILE", description: "Read your settings from there" },
  help: { description: "Show how the command is used", short: "h" },
};

/** Exit codes: promises to scripts. */
export const exitCodes = { done: 0, failed: 1, usage: 2, stopped: 130 } as const;
