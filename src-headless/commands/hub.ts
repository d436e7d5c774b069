import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type Command, UsageError } from "../command.ts";
import { table } from "../terminal.ts";

/** `localcoder hub`: where models come from, and the token for those that want a sign-in. */
export const hub: Command = {
  name: "hub",
  summary: "Show where models come from, and sign in there",
  usage: ["hub", "hub sign-in", "hub sign-out"],
  options: {},
  examples: [
    ["localcoder hub", "shows the address of the hub, the hosts of its files, and whether there is a token"],
    ["localcoder hub sign-in < token.txt", "keeps a token for models that want a sign-in; HF_TOKEN does it for one run"],
  ],
  async run({ positionals, terminal, client, input, signal }) {
    const [action, ...rest] = positionals;
    if (rest.length > 0) throw new UsageError("hub takes one action at most.");
    const { models } = await client();
    switch (action) {
      case undefined:
        break;
      case "sign-in":
        if (terminal.interactive) terminal.note("Paste the token, then press Enter and Ctrl+D.");
        await models.setHubToken({ token: await text(Readable.from(input)) }, { signal });
        break;
      case "sign-out":
        await models.setHubToken({ token: "" }, { signal });
        break;
      default:
        throw new UsageError(`hub has no part called ${action}.`);
    }
    const found = await models.hub(undefined, { signal });
    if (terminal.json) {
      terminal.printJson(found);
      return undefined;
    }
    const rows = [
      ["Address", found.address],
      ["Hosts", found.hosts.join(", ")],
      ["Proxy", found.proxy ?? "none"],
      ["Token", found.access.note ?? "none"],
    ];
    for (const line of table(rows)) terminal.print(line.trimEnd());
    return undefined;
  },
};
