import { type Command, commonOptions } from "./command.ts";
import { table } from "./terminal.ts";

/** The help of the whole program. */
export function overview(commands: readonly Command[]): string {
  return [
    "LocalCoder: AI for code that runs on this machine.",
    "",
    "Usage: localcoder COMMAND [ARGUMENTS] [--json]",
    "",
    ...table(commands.map(({ name, summary }) => [`  ${name}`, summary])),
    "",
    "Examples:",
    ...commands.flatMap(({ examples }) => examples.slice(0, 1).map(([command]) => `  ${command}`)),
    "",
    "localcoder COMMAND --help tells more. Lines and columns count from 1.",
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped.",
  ].join("\n");
}

/** The help of one command. */
export function commandHelp({ summary, usage, options, examples }: Command): string {
  const rows = Object.entries({ ...options, ...commonOptions }).map(([name, { description, value, short }]) => [
    `  ${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`,
    description,
  ]);
  return [
    `${summary}.`,
    "",
    ...usage.map((line, index) => `${index === 0 ? "Usage: " : "       "}localcoder ${line} [--json]`),
    "",
    "Options:",
    ...table(rows),
    "",
    "Examples:",
    ...examples.flatMap(([command, does]) => [`  ${command}`, `      ${does}`]),
  ].join("\n");
}
