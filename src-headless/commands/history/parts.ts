import type { Command, Invocation } from "../../command.ts";
import { UsageError } from "../../command.ts";
import { archive, branch, changeOptions, forget, label, remove, rename, restore } from "./changing.ts";
import { filterOptions } from "./filters.ts";
import { backUp, exportThem, givingOptions, importThem, markdown, share } from "./giving.ts";
import { list, search } from "./listing.ts";
import type { Scope } from "./scope.ts";
import { show } from "./showing.ts";

/** A part of a command of the history: what stands after its name is given to it. */
export type Part = (invocation: Invocation, scope: Scope, words: readonly string[]) => Promise<number | undefined>;

/** What can be done with sessions as with threads. */
export const sharedParts: Readonly<Record<string, Part>> = {
  list,
  search,
  show,
  rename,
  archive: archive(true),
  unarchive: archive(false),
  label,
  delete: remove,
  restore,
  branch,
  export: exportThem,
  markdown,
  share,
  import: importThem,
};

/** What is done with the whole history. */
export const wholeParts: Readonly<Record<string, Part>> = { forget, "back-up": backUp };

/** The forms in which the shared parts are called. */
export function sharedUsage(name: string): string[] {
  return [
    `${name} [list] [FILTERS]`,
    `${name} search TEXT... [FILTERS]`,
    `${name} show ID`,
    `${name} rename ID NAME...`,
    `${name} archive|unarchive|delete|restore ID...`,
    `${name} label ID LABEL... [--remove]`,
    `${name} branch ID`,
    `${name} markdown ID`,
    `${name} share ID [--out FILE]`,
    `${name} export ID...|--all [--format FORMAT] [--out FILE]`,
    `${name} import FILE`,
  ];
}

/** The options of the shared parts. */
export const sharedOptions: Command["options"] = { ...filterOptions, ...givingOptions, remove: changeOptions.remove };

/** Runs the part that is named first, or lists. */
export function runPart(invocation: Invocation, scope: Scope, parts: Readonly<Record<string, Part>>): Promise<number | undefined> {
  const [name = "list", ...words] = invocation.positionals;
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (!part) throw new UsageError(`${scope.command} has no part called ${name}.`);
  return part(invocation, scope, words);
}
