import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describeError, UserError } from "#core/base/errors";
import type { ModelServer } from "#core/contracts/servers";
import { formatBytes } from "#core/models/format";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { table } from "../terminal.ts";

/** `localcoder servers`: model servers on this machine and beyond. */
export const servers: Command = {
  name: "servers",
  summary: "List, add and forget model servers",
  usage: ["servers [list]", "servers add ADDRESS [--permit] [--key]", "servers key ADDRESS", "servers remove ADDRESS"],
  options: {
    permit: { description: "With add: permit the connection to another machine" },
    key: { description: "With add: read the key that the server wants from the input" },
  },
  examples: [
    ["localcoder servers", "lists the servers found on this machine, and those that were added, with their models"],
    ["localcoder servers add http://gpu.example:11434 --permit", "adds the Ollama of another machine, and permits its host"],
    ["localcoder servers key https://gpu.example < key.txt", "keeps the key a server wants, for it alone; an empty one is forgotten"],
    ["localcoder models use http://127.0.0.1:11434/#qwen2.5-coder:7b", "uses a model of a server"],
  ],
  async run(invocation) {
    const [action = "list", address, ...rest] = invocation.positionals;
    if (rest.length > 0 || (action === "list") !== (address === undefined)) {
      throw new UsageError("servers takes an action, and add, key and remove take one address.");
    }
    switch (action) {
      case "list":
        return list(invocation);
      case "add":
        return add(invocation, address as string);
      case "key":
        return keep(invocation, address as string);
      case "remove":
        return remove(invocation, address as string);
      default:
        throw new UsageError(`servers has no part called ${action}.`);
    }
  },
};

async function list({ terminal, client, signal }: Invocation): Promise<undefined> {
  const found = await (await client()).servers.list(undefined, { signal });
  if (terminal.json) {
    terminal.printJson(found);
    return;
  }
  for (const server of found) show(server, { terminal });
  if (found.length === 0) terminal.note("No model server was found on this machine, and none was added.");
}

function show({ title, address, place, state, key, reason, models }: ModelServer, { terminal }: Pick<Invocation, "terminal">): void {
  const keyed = key === undefined || key === "none" ? "" : ` · ${keyWords[key]}`;
  terminal.print(`${title} · ${address} · ${place === "here" ? "on this machine" : "on another machine"}${keyed}`);
  if (state !== "ready") terminal.print(`  ${terminal.style("yellow", reason ?? "It does not answer.")}`);
  const rows = models.map(({ id, bytes, chats, fillsIn }) => [
    `  ${id}`,
    bytes === undefined ? "" : formatBytes(bytes),
    [fillsIn && "ghost text", chats && "answers"].filter(Boolean).join(", "),
  ]);
  for (const line of table(rows)) terminal.print(line.trimEnd());
}

const keyWords = {
  environment: "key of LOCALCODER_SERVER_KEYS",
  keyring: "key in the keyring",
  file: "key in a file",
  locked: "key locked by the window",
} as const;

/** A key from the input: one in an argument would stand in the list of processes and in the history of the shell. */
async function readKey({ terminal, input }: Invocation): Promise<string> {
  if (terminal.interactive) terminal.note("Paste the key, then press Enter and Ctrl+D.");
  return text(Readable.from(input));
}

async function keep(invocation: Invocation, address: string): Promise<undefined> {
  const { terminal, client, signal } = invocation;
  const kept = await (await client()).servers.setKey({ address, key: await readKey(invocation) }, { signal });
  if (terminal.json) terminal.printJson(kept);
  else terminal.note(kept.note ?? `There is no key for ${address}.`);
}

async function add(invocation: Invocation, address: string): Promise<undefined> {
  const { terminal, client, signal, has } = invocation;
  const { servers: engine } = await client();
  const key = has("key") ? await readKey(invocation) : undefined;
  try {
    const server = await engine.add({ address, permit: has("permit"), key }, { signal });
    if (terminal.json) terminal.printJson([server]);
    else show(server, { terminal });
  } catch (error) {
    const { code, message } = describeError(error);
    if (code === "KEY_WANTED") throw new UserError(code, message, "Add --key and give the key by the input: < key.txt.");
    if (code !== "NO_PERMISSION") throw error;
    throw new UserError(code, message, "Add --permit when that is what you want; the network page lists every connection.");
  }
}

async function remove({ terminal, client, signal }: Invocation, address: string): Promise<undefined> {
  await (await client()).servers.remove({ address }, { signal });
  if (terminal.json) terminal.printJson([]);
  else terminal.note(`${address} is forgotten.`);
}
