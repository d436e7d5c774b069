import { formatBytes } from "#core/models/format";
import type { Invocation } from "../../command.ts";
import { table } from "../../terminal.ts";
import { modelNamed } from "./named.ts";

/** `models inspect`: what a file says of itself, without loading it. */
export async function inspect({ terminal, client, signal, has }: Invocation, named: string): Promise<undefined> {
  const { models } = await client();
  const model = modelNamed(named);
  const path = model === named ? ((await models.list(undefined, { signal })).find(({ id }) => id === named)?.file?.path ?? model) : model;
  const header = await models.header({ model }, { signal });
  const found = await models.inspect({ path }, { signal });
  if (terminal.json) {
    terminal.printJson([{ ...found, header }]);
    return;
  }
  if (has("template")) {
    if (header.template === undefined) terminal.note("The file has no chat template.");
    else terminal.print(header.template);
    return;
  }
  const rows = [
    ["Name", found.name],
    ["Architecture", found.architecture],
    ["Size", formatBytes(found.bytes)],
    ["Parameters", found.parameters === undefined ? "not stated" : `${found.parameters.toFixed(2)} billion`],
    ["Quantisation", found.quantisation ?? "not stated"],
    ["Context", found.contextLength === undefined ? "not stated" : `${found.contextLength} tokens`],
    ["Ghost text", found.fillInTheMiddle ? "yes" : "no: the vocabulary has no fill-in-the-middle tokens"],
    ["Chat template", found.chatTemplate ? "yes" : "no"],
    ...header.specialTokens.map(({ name, id, text }) => [`Token: ${name}`, text === undefined ? String(id) : `${id} ${text}`]),
    ...header.checks.map(({ passed, text }, index) => [index === 0 ? "Vocabulary" : "", `${passed ? "✓" : "✗"} ${text}`]),
    ...header.adapters.map(({ passed, text }, index) => [index === 0 ? "Adapters" : "", `${passed ? "✓" : "✗"} ${text}`]),
  ];
  for (const line of table(rows)) terminal.print(line);
  if (!has("header")) return;
  terminal.print("");
  for (const line of table(header.values.map(({ key, text }) => [key, text]))) terminal.print(line);
}
