import { readLicences } from "#engine/licences";
import { type Command, UsageError } from "../command.ts";

/** `localcoder licences`: under which terms the program may be used, and those of everything in it. */
export const licences: Command = {
  name: "licences",
  summary: "Print the licence, and those of the packages of others in it",
  usage: ["licences"],
  options: {},
  examples: [["localcoder licences | less", "shows the licence and the third-party notices"]],
  async run({ positionals, terminal }) {
    if (positionals.length > 0) throw new UsageError("licences takes no arguments.");
    const texts = await readLicences();
    if (terminal.json) terminal.printJson(texts);
    else for (const text of [texts.own, texts.others]) terminal.print(text);
    return undefined;
  },
};
