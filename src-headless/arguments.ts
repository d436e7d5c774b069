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
  const all = { ...options, ...commonOptions };
  const parsed = read(parameters, all);
  const values = new Map<string, string>();
  const switches = new Set<string>();
  for (const [name, value] of Object.entries(parsed.values)) {
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
        Object.entries(options).map(([name, { value }]) => [
          name,
          { type: value === undefined ? ("boolean" as const) : ("string" as const) },
        ]),
      ),
      allowPositionals: true,
    });
  } catch (error) {
    // The rest of Node's message explains "--", which is no help here.
    throw new UsageError((error instanceof Error ? error.message : String(error)).replace(/\. To specify.*$/s, "."));
  }
}
