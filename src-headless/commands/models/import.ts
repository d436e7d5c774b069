import { resolve } from "node:path";
import type { ImportEvent } from "#core/contracts/models";
import { formatBytes } from "#core/models/format";
import type { Invocation } from "../../command.ts";
import { bar } from "../../terminal.ts";

/** `models import`: takes models over from a file, a folder or a stick, for machines without a network. */
export async function importModels({ terminal, client, signal }: Invocation, path: string): Promise<undefined> {
  const { models } = await client();
  const taken: Extract<ImportEvent, { type: "done" }>[] = [];
  for await (const event of await models.import({ path: resolve(path) }, { signal })) {
    if (event.type === "progress") {
      terminal.progress(`${bar(event.read / event.bytes)} · ${formatBytes(event.read)} of ${formatBytes(event.bytes)} · ${event.file}`);
      continue;
    }
    terminal.progress("");
    if (event.type === "refused") terminal.note(event.message);
    else {
      taken.push(event);
      if (!terminal.json) terminal.print(`${event.path}  ${sayChecked(event)}`);
    }
  }
  if (terminal.json) terminal.printJson(taken.map(({ type: _type, ...event }) => event));
}

function sayChecked({ present, expectedFrom }: Extract<ImportEvent, { type: "done" }>): string {
  if (present) return "was here already";
  return expectedFrom === "nobody" ? "copied; no checksum came with it" : "copied and checked";
}
