import { type Command, UsageError } from "../command.ts";
import { workspaceAround } from "../document.ts";

/** `localcoder trust`: which folders may use settings, actions, instructions and tests of their own. */
export const trust: Command = {
  name: "trust",
  summary: "Trust a folder, or see which ones you trust",
  usage: ["trust [FOLDER]", "trust --remove [FOLDER]", "trust --list"],
  options: {
    remove: { description: "Trust the folder no longer" },
    list: { description: "List the folders you trust" },
  },
  examples: [
    ["localcoder trust", "trusts the project around here, with everything below it"],
    ["localcoder trust --list", "lists all of them; they stand in your settings as localcoder.trust.folders"],
  ],
  async run(invocation) {
    const { positionals, terminal } = invocation;
    if (positionals.length > 1 || (invocation.has("list") && (positionals.length > 0 || invocation.has("remove"))))
      throw new UsageError("Name one folder, or say --list.");
    const engine = await invocation.client();
    if (!invocation.has("list")) {
      const workspace = await workspaceAround(positionals[0] ?? process.cwd());
      const trusted = !invocation.has("remove");
      await engine.settings.trustFolder({ workspace, trusted });
      terminal.note(trusted ? `${workspace} is trusted, with everything below it.` : `${workspace} is no longer trusted.`);
      return undefined;
    }
    const { settings } = await engine.settings.read({});
    const folders = settings["localcoder.trust.folders"];
    if (terminal.json) terminal.printJson(folders);
    else for (const folder of folders) terminal.print(folder);
    if (folders.length === 0) terminal.note("You have trusted no folder yet.");
    return undefined;
  },
};
