import type { NetworkAttempt, NetworkPurpose } from "#core/contracts/network";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { table } from "../terminal.ts";

const purposes: Readonly<Record<string, NetworkPurpose>> = { downloads: "model-download", server: "model-server" };

/** `localcoder network`: every attempt to reach a host, and what was permitted. */
export const network: Command = {
  name: "network",
  summary: "Show every attempt to reach a host, and permissions",
  usage: [
    "network",
    "network permissions",
    "network allow HOST --for downloads|server",
    "network revoke HOST --for downloads|server",
    "network never HOST --for downloads|server",
  ],
  options: {
    for: { description: "What the host may be used for", value: "PURPOSE" },
    loopback: { description: "List attempts within this machine as well" },
  },
  examples: [
    ["localcoder network", "lists attempts that were to leave this machine; none is the usual state"],
    ["localcoder network --loopback --json > ledger.json", "exports the whole ledger"],
    ["localcoder network never files.example.com --for downloads", "refuses a host without asking, until it is revoked"],
    ["localcoder network revoke models.example.com --for downloads", "takes a permission back"],
  ],
  async run(invocation) {
    const [action, host, ...rest] = invocation.positionals;
    if (rest.length > 0) throw new UsageError("network takes one host at most.");
    switch (action) {
      case undefined:
      case "list":
        return list(invocation);
      case "permissions":
        return permissions(invocation);
      case "allow":
      case "revoke":
      case "never":
        if (host === undefined) throw new UsageError(`network ${action} takes the name of a host.`);
        return change(invocation, action, host);
      default:
        throw new UsageError(`network has no part called ${action}.`);
    }
  },
};

async function list({ terminal, client, has, signal }: Invocation): Promise<undefined> {
  const attempts: NetworkAttempt[] = [];
  for await (const piece of await (await client()).network.everything(undefined, { signal }))
    attempts.push(...piece.filter(({ purpose }) => has("loopback") || purpose !== "loopback"));
  if (terminal.json) {
    terminal.printJson(attempts);
    return;
  }
  if (attempts.length === 0) terminal.note("Nothing tried to leave this machine.");
  const rows = attempts.map(({ time, process, host, port, purpose, allowed, sent, received, reason }) => [
    new Date(time).toISOString(),
    process,
    port === undefined ? host : `${host}:${port}`,
    purpose,
    allowed ? "allowed" : "refused",
    sent === undefined ? "" : `${sent} bytes out, ${received} in`,
    reason,
  ]);
  for (const line of table(rows)) terminal.print(line.trimEnd());
}

async function permissions({ terminal, client, signal }: Invocation): Promise<undefined> {
  const given = await (await client()).network.permissions(undefined, { signal });
  if (terminal.json) terminal.printJson(given);
  else if (given.length === 0) terminal.note("No host was permitted.");
  else
    for (const line of table(given.map(({ host, purpose, verdict, granted }) => [host, purpose, verdict, new Date(granted).toISOString()])))
      terminal.print(line.trimEnd());
}

async function change(invocation: Invocation, action: "allow" | "revoke" | "never", host: string): Promise<undefined> {
  const { client, value, signal } = invocation;
  const purpose = purposes[value("for") ?? ""];
  if (purpose === undefined) throw new UsageError("Say what for: --for downloads or --for server.");
  await (await client()).network[action === "never" ? "forbid" : action]({ host, purpose }, { signal });
  return permissions(invocation);
}
