import { join } from "node:path";
import { type Command, UsageError } from "../command.ts";
import { workspaceAround } from "../document.ts";
import { ask } from "./assist.ts";
import { proposalOptions, proposeRun } from "./rewrite.ts";

/** `localcoder readme`: writes a README whose facts are found by code. */
export const readme: Command = {
  name: "readme",
  summary: "Write a README of a project",
  usage: ["readme [FOLDER] [--instruction TEXT] [-m MODE] [--diff] [--write]"],
  options: {
    instruction: { description: "Say what the introduction is to say", value: "TEXT" },
    ...proposalOptions,
  },
  examples: [["localcoder readme", "prints the README as a diff, and writes nothing"]],
  async run(invocation) {
    const { positionals, value } = invocation;
    const [folder = process.cwd(), ...rest] = positionals;
    if (rest.length > 0) throw new UsageError("Name one folder.");
    const workspace = positionals.length === 0 ? await workspaceAround(folder) : folder;
    const document = { path: join(workspace, "README.md"), languageId: "markdown", workspace, text: "", encoding: "utf8" as const };
    const selection = { start: 0, end: 0 };
    const answer = await ask(invocation, "readme", document, selection, { instruction: value("instruction") });
    return proposeRun(invocation, { document, selection, answer });
  },
};
