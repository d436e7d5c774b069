import type { MemoryItem, MemoryScope } from "#core/contracts/memory";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { workspaceAround } from "../document.ts";
import { table } from "../terminal.ts";

/** `localcoder memory`: what is to be known in every thread. */
export const memory: Command = {
  name: "memory",
  summary: "What threads know from the beginning: list, add, edit, remove",
  usage: [
    "memory [list]",
    "memory add TEXT... [--user]",
    "memory edit N TEXT...",
    "memory remove N",
    "memory proposals",
    "memory accept|dismiss N [--user]",
  ],
  options: { user: { description: "For yourself in all projects, not for this one" } },
  examples: [
    ["localcoder memory add tests run with npm test", "adds it to .localcoder/memory.md of this project"],
    ["localcoder memory", "lists what is known, numbered, and the files it stands in"],
    ["localcoder memory proposals", "lists what was said in threads and might be worth knowing"],
  ],
  async run(invocation) {
    const [action = "list", ...words] = invocation.positionals;
    const run = actions[action];
    if (!run) throw new UsageError(`memory has no part called ${action}.`);
    const workspace = await workspaceAround(process.cwd());
    return run(invocation, workspace, words);
  },
};

type Action = (invocation: Invocation, workspace: string, words: readonly string[]) => Promise<undefined>;

const actions: Readonly<Record<string, Action | undefined>> = { list, add, edit, remove, proposals, accept, dismiss };

const notUsed = "It is not used: switch localcoder.memory.enabled on in your settings.";

async function list({ client, signal, terminal }: Invocation, workspace: string): Promise<undefined> {
  const { memory: service } = await client();
  const found = await service.list({ workspace }, { signal });
  if (terminal.json) {
    terminal.printJson(found);
    return;
  }
  for (const line of table(found.items.map(({ scope, text }, index) => [String(index + 1), scope, text]))) terminal.print(line);
  if (found.items.length === 0) terminal.note("Nothing is remembered.");
  for (const { scope, path } of found.files) terminal.note(terminal.style("dim", `${scope}: ${path}`));
  if (!found.enabled) terminal.note(notUsed);
}

async function add(invocation: Invocation, workspace: string, words: readonly string[]): Promise<undefined> {
  const text = words.join(" ").trim();
  if (text === "") throw new UsageError("memory add takes what is to be known.");
  const { memory: service } = await invocation.client();
  done(invocation, await service.add({ workspace, scope: scopeOf(invocation), text }, { signal: invocation.signal }));
  const { enabled } = await service.list({ workspace }, { signal: invocation.signal });
  if (!enabled) invocation.terminal.note(notUsed);
}

async function edit(invocation: Invocation, workspace: string, [number, ...words]: readonly string[]): Promise<undefined> {
  const text = words.join(" ").trim();
  if (number === undefined || text === "") throw new UsageError("memory edit takes a number of the list and the new text.");
  const { memory: service } = await invocation.client();
  const { scope, line, text: before } = await numbered(invocation, workspace, number);
  done(invocation, await service.edit({ workspace, scope, line, before, text }, { signal: invocation.signal }));
}

async function remove(invocation: Invocation, workspace: string, [number, ...rest]: readonly string[]): Promise<undefined> {
  if (number === undefined || rest.length > 0) throw new UsageError("memory remove takes a number of the list.");
  const { memory: service } = await invocation.client();
  const item = await numbered(invocation, workspace, number);
  await service.remove({ workspace, scope: item.scope, line: item.line, before: item.text }, { signal: invocation.signal });
  if (invocation.terminal.json) invocation.terminal.printJson([item]);
  else invocation.terminal.print(`Removed: ${item.text}`);
}

async function proposals({ client, signal, terminal }: Invocation, workspace: string): Promise<undefined> {
  const found = await (await client()).memory.proposals({ workspace }, { signal });
  if (terminal.json) terminal.printJson(found);
  else if (found.length === 0) terminal.note("Nothing that was said in threads asks to be remembered.");
  else
    for (const line of table(found.map(({ text, title }, index) => [String(index + 1), text, terminal.style("dim", title)])))
      terminal.print(line);
}

async function accept(invocation: Invocation, workspace: string, words: readonly string[]): Promise<undefined> {
  const { memory: service } = await invocation.client();
  const text = await proposed(invocation, workspace, words, "accept");
  done(invocation, await service.add({ workspace, scope: scopeOf(invocation), text }, { signal: invocation.signal }));
}

async function dismiss(invocation: Invocation, workspace: string, words: readonly string[]): Promise<undefined> {
  const { memory: service } = await invocation.client();
  const text = await proposed(invocation, workspace, words, "dismiss");
  await service.dismiss({ text }, { signal: invocation.signal });
  if (invocation.terminal.json) invocation.terminal.printJson({ text });
  else invocation.terminal.print(`Not proposed again: ${text}`);
}

function scopeOf({ has }: Invocation): MemoryScope {
  return has("user") ? "user" : "project";
}

async function numbered({ client, signal }: Invocation, workspace: string, number: string): Promise<MemoryItem> {
  const { items } = await (await client()).memory.list({ workspace }, { signal });
  const item = items[Number(number) - 1];
  if (!/^\d+$/.test(number) || !item) throw new UsageError(`There is no number ${number}: localcoder memory lists what there is.`);
  return item;
}

async function proposed(
  { client, signal }: Invocation,
  workspace: string,
  [number, ...rest]: readonly string[],
  verb: string,
): Promise<string> {
  if (number === undefined || rest.length > 0) throw new UsageError(`memory ${verb} takes a number of the proposals.`);
  const found = (await (await client()).memory.proposals({ workspace }, { signal }))[Number(number) - 1];
  if (!/^\d+$/.test(number) || !found) throw new UsageError(`There is no proposal ${number}: localcoder memory proposals lists them.`);
  return found.text;
}

function done({ terminal }: Invocation, item: MemoryItem): void {
  if (terminal.json) terminal.printJson([item]);
  else terminal.print(`${item.path}:${item.line}  ${item.text}`);
}
