import type { Model, ModelSpeed } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import type { Invocation } from "../../command.ts";
import { table } from "../../terminal.ts";

/** `models list`: every model there is, with what is known of it. */
export async function list({ terminal, client, signal }: Invocation): Promise<undefined> {
  const found = await (await client()).models.list(undefined, { signal });
  if (terminal.json) {
    terminal.printJson(found);
    return;
  }
  print(terminal, found);
  if (found.length === 0) terminal.note("No models were found.");
}

/** `models search`: those of the list that have all the words, wherever they stand. */
export async function search({ terminal, client, signal }: Invocation, words: readonly string[]): Promise<undefined> {
  const wanted = words.flatMap((word) => word.toLowerCase().split(/\s+/)).filter(Boolean);
  const all = await (await client()).models.list(undefined, { signal });
  const found = all.filter((model) => wanted.every((word) => textOf(model).includes(word)));
  if (terminal.json) {
    terminal.printJson(found);
    return;
  }
  print(terminal, found);
  if (found.length === 0) terminal.note(`No model has "${words.join(" ")}". localcoder models lists all there are.`);
}

function textOf({ id, name, catalogue, file, roles, source }: Model): string {
  const { family, quantisation, repository, licence, kind } = catalogue ?? {};
  const parts = [
    id,
    name,
    family,
    quantisation ?? file?.quantisation,
    repository,
    licence?.name,
    kind,
    file?.architecture,
    source,
    ...roles,
  ];
  return parts.filter(Boolean).join(" ").toLowerCase();
}

function print(terminal: Invocation["terminal"], models: readonly Model[]): void {
  const rows = models.map((model) => [
    model.used.length > 0 ? "●" : model.recommended ? "○" : " ",
    model.id,
    formatBytes(model.file?.bytes ?? model.catalogue?.bytes ?? 0),
    model.state,
    model.speed ? speedText(model.speed) : "",
    model.used.length > 0 ? `used for ${model.used.join(", ")}` : (model.reason ?? (model.recommended ? "recommended" : "")),
  ]);
  for (const line of table(rows)) terminal.print(line.trimEnd());
}

/** How quick a model was measured to be here. */
export function speedText({ writing, backend }: ModelSpeed): string {
  return `${writing.toFixed(1)} tokens/s on ${backend}`;
}
