import { resolve } from "node:path";
import { adapterUses } from "#core/models/adapter-file";
import { type Invocation, UsageError } from "../../command.ts";
import { modelNamed } from "./named.ts";

/** `models adapters`: shows, sets or takes out the adapters a model is loaded with, everywhere or in one folder. */
export async function adapters(invocation: Invocation, named: string, files: readonly string[]): Promise<undefined> {
  const { terminal, client, signal, has, value } = invocation;
  const use = useNamed(value("for"));
  const model = modelNamed(named);
  const { models } = await client();
  const folder = value("folder");
  const none = has("none");
  if ([files.length > 0, none, has("reset")].filter(Boolean).length > 1) {
    throw new UsageError("Name the adapters, or say --none or --reset: one of these.");
  }
  if (files.length > 0 || none || has("reset")) {
    const paths = files.map((file) => resolve(file));
    await models.setAdapters({ model, files: paths, none, use, ...(folder !== undefined && { folder: resolve(folder) }) }, { signal });
  }
  const found = await models.adapters({ model }, { signal });
  if (terminal.json) {
    terminal.printJson(found);
    return;
  }
  for (const list of found) {
    const place = [list.use && `for ${list.use}`, list.folder && `in ${list.folder}`].filter(Boolean).join(", ");
    if (list.files.length === 0) terminal.print(`No adapters${place && ` ${place}`}`);
    for (const { passed, text } of list.checks) terminal.print(`${passed ? "✓" : "✗"} ${text}${place && `, ${place}`}`);
  }
  if (found.length === 0) terminal.note(`${named} is loaded without adapters.`);
}

function useNamed(text: string | undefined): (typeof adapterUses)[number] | undefined {
  const use = adapterUses.find((each) => each === text);
  if (text !== undefined && use === undefined) throw new UsageError(`There is no use ${text}; there are ${adapterUses.join(", ")}.`);
  return use;
}
