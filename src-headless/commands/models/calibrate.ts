import type { Calibration } from "#core/contracts/models";
import { layoutName } from "#core/models/layout-name";
import type { Invocation } from "../../command.ts";
import { bar, table } from "../../terminal.ts";
import { modelNamed } from "./named.ts";

/** `models calibrate`: finds, shows or forgets the layout of prompts that suits a model best. */
export async function calibrate(invocation: Invocation, named: string | undefined): Promise<undefined> {
  const { terminal, client, signal, has } = invocation;
  const { models } = await client();
  const input = named === undefined ? {} : { model: modelNamed(named) };
  if (has("reset")) {
    await models.resetCalibration(input, { signal });
    show(invocation, null);
    return;
  }
  if (has("show")) {
    show(invocation, await models.calibration(input, { signal }));
    return;
  }
  terminal.note("This tries each way to ask the model on some dozen holes, behind all other work. Ctrl+C stops it and changes nothing.");
  for await (const event of await models.calibrate(input, { signal })) {
    if (event.type === "done") show(invocation, event.calibration);
    else terminal.progress(`${bar(event.done / event.total)} · ${event.done} of ${event.total} · ${layoutName(event.layout)}`);
  }
}

function show({ terminal }: Invocation, found: Calibration | null): void {
  terminal.progress("");
  if (terminal.json) {
    terminal.printJson(found);
    return;
  }
  if (found === null) {
    terminal.note("Nobody has looked for the best layout of this model: the usual one is used.");
    return;
  }
  const rows = found.scores.map(({ layout, exact, similarity }) => [
    layoutName(layout) === layoutName(found.layout) ? "●" : " ",
    layoutName(layout),
    `${exact} of ${found.holes} lines exactly right`,
    `${Math.round(similarity * 100)} % alike`,
  ]);
  for (const line of table(rows)) terminal.print(line.trimEnd());
}
