import { parseArgs } from "node:util";
import { commonOptions, type Option, UsageError } from "./command.ts";

/** What stood on the command line after the command's name. */
export interface CommandLine {
  readonly positionals: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
}

/** Reads the arguments of a command; throws UsageError for what it does not take. */
export function parseCommandLine(parameters: readonly string[], options: Readonly<Record<string, Option>>): CommandLine {
  const all: Readonly<Record<string, Option>> = { ...options, ...commonOptions };
  const parsed = read(parameters, all);
  const values = new Map<string, string>();
  const switches = new Set<string>();
  for (const [name, value] of Object.entries(parsed.values)) {
    const choices = all[name]?.choices;
    if (choices !== undefined && !choices.includes(String(value)))
      throw new UsageError(`--${name} is ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}.`);
    if (typeof value === "string") values.set(name, value);
    else if (value === true) switches.add(name);
  }
  return { positionals: parsed.positionals, values, switches };
}

function read(parameters: readonly string[], options: Readonly<Record<string, Option>>) {
  try {
    return parseArgs({
      args: [...parameters],
      options: Object.fromEntries(
        Object.entries(options).map(([name, { value, short }]) => [
          name,
          { type: value === undefined ? ("boolean" as const) : ("string" as const), ...(short !== undefined && { short }) },
        ]),
      ),
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(sentence(error));
  }
}

/** What Node says of the arguments, as one sentence: the rest of it explains "--", which is no help here. */
function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const needsValue = /Option '(--[\w-]+)[^']*' argument (?:is ambiguous|missing)/.exec(message)?.[1];
  if (needsValue !== undefined) return `${needsValue} needs a value: ${needsValue}=VALUE.`;
  return `${message.split(/\. To specify|\n/, 1)[0]?.replace(/\.$/, "")}.`;
}
