import { UserError } from "#core/base/errors";
import { storedParts } from "#core/settings/stored";
import { openFolders } from "#engine/folders";
import { type StoredAmount, storedData, wipeData } from "#engine/stored-data";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { count, table } from "../terminal.ts";

/** `localcoder data`: everything that is stored on this machine, and how to be rid of it. */
export const data: Command = {
  name: "data",
  summary: "List what is stored on this machine, check it, and delete it",
  usage: ["data", "data wipe PART... --yes", "data verify"],
  options: { yes: { description: "Delete without asking again" } },
  examples: [
    ["localcoder data", "lists every part with its place, size and how long it is kept"],
    ["localcoder data wipe history window --yes", "deletes two parts for good"],
    ["localcoder data verify", "checks that the network ledger is as it was written"],
  ],
  async run(invocation) {
    const [action, ...rest] = invocation.positionals;
    switch (action) {
      case undefined:
      case "list":
        if (rest.length > 0) throw new UsageError("data list takes no arguments.");
        return list(invocation);
      case "wipe":
        return wipe(invocation, rest);
      case "verify":
        if (rest.length > 0) throw new UsageError("data verify takes no arguments.");
        return verify(invocation);
      default:
        throw new UsageError(`data has no part called ${action}.`);
    }
  },
};

async function list({ terminal }: Invocation): Promise<undefined> {
  const amounts = await storedData(await openFolders());
  if (terminal.json) {
    terminal.printJson(amounts.map(amountJson));
    return;
  }
  const rows = amounts.map(({ part, files, bytes }) => [part.id, megabytes(bytes), count(files, "file"), part.what]);
  for (const line of table(rows)) terminal.print(line.trimEnd());
  terminal.print("");
  for (const { part, place } of amounts)
    terminal.print(`${terminal.style("bold", part.id)}: ${place}\n  kept ${part.kept}; see ${part.see}`);
  for (const { open } of amounts) for (const path of open) terminal.note(`Others on this machine can read ${path}.`);
}

function amountJson({ part: { id, what, kept, see }, place, files, bytes, open }: StoredAmount) {
  return { id, what, place, files, bytes, kept, see, readableByOthers: open };
}

async function wipe({ terminal, has }: Invocation, ids: readonly string[]): Promise<undefined> {
  const parts = ids.map((id) => {
    const part = storedParts.find((each) => each.id === id);
    if (part === undefined) throw new UsageError(`There is no part ${id}. Known are ${storedParts.map((each) => each.id).join(", ")}.`);
    return part;
  });
  if (parts.length === 0) throw new UsageError("Name the parts to delete.");
  if (!has("yes"))
    throw new UserError("NOT_APPLIED", `This would delete for good: ${parts.map(({ what }) => what).join("; ")}.`, "Add --yes to do it.");
  const folders = await openFolders();
  const before = await storedData(folders);
  await wipeData(parts, folders);
  const deleted = before.filter(({ part }) => parts.includes(part));
  const bytes = deleted.reduce((sum, amount) => sum + amount.bytes, 0);
  if (terminal.json) terminal.printJson({ deleted: deleted.map(amountJson) });
  else terminal.note(`Deleted ${megabytes(bytes)}.`);
}

async function verify({ terminal, client, signal }: Invocation): Promise<number | undefined> {
  const { rows, broken, missing = 0 } = await (await client()).network.verify(undefined, { signal });
  const changed = broken !== undefined || missing > 0;
  if (terminal.json) terminal.printJson({ rows, broken: broken ?? null, missing });
  else if (broken !== undefined)
    terminal.note(`The network ledger was changed: row ${rows} (${new Date(broken.time).toISOString()}, ${broken.host}) does not follow.`);
  else if (missing > 0) terminal.note(`The network ledger was changed: it lacks ${count(missing, "row")} at its beginning or its end.`);
  else terminal.print(`The network ledger is as it was written: ${count(rows, "row")}.`);
  return changed ? 1 : undefined;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
