import { resolve } from "node:path";
import type { Invocation } from "../../command.ts";
import { modelNamed } from "./named.ts";

/** `models adapters`: shows, sets or takes out the adapters a model is loaded with. */
export async function adapters(invocation: Invocation, named: string, files: readonly string[]): Promise<undefined> {
  const { terminal, client, signal, has } = invocation;
  const { models } = await client();
  const model = modelNamed(named);
  if (files.length > 0 || has("reset")) await models.setAdapters({ model, files: files.map((file) => resolve(file)) }, { signal });
  const found = await models.adapters({ model }, { signal });
  if (terminal.json) {
    terminal.printJson(found);
    return;
  }
  for (const { passed, text } of found.checks) terminal.print(`${passed ? "✓" : "✗"} ${text}`);
  if (found.checks.length === 0) terminal.note(`${named} is loaded without adapters.`);
}
