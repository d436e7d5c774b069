import { relative } from "node:path";
import { UserError } from "#core/base/errors";
import type { OwnAction } from "#core/contracts/assist";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { readDocument, workspaceAround } from "../document.ts";
import { parseLineRange } from "../place.ts";
import { answerJson, noteAnswer, runAssist } from "./assist.ts";
import { proposalOptions, proposeRun } from "./rewrite.ts";

/** `localcoder actions`: the actions that the user and a folder have as Markdown files. */
export const actions: Command = {
  name: "actions",
  summary: "List your own actions, and what is wrong with them",
  usage: ["actions [FOLDER]"],
  options: {},
  examples: [["localcoder actions", "lists those of this folder and yours; fails where one has mistakes"]],
  async run(invocation) {
    const { positionals, terminal } = invocation;
    const [folder, ...rest] = positionals;
    if (rest.length > 0) throw new UsageError("Name one folder.");
    const workspace = await workspaceAround(folder ?? process.cwd());
    const all = await ownActions(invocation, workspace);
    if (terminal.json) terminal.printJson(all);
    else {
      for (const { name, title, from, trusted, file, problems } of all) {
        terminal.print(
          `${name.padEnd(20)}  ${title}  ${from === "user" ? "yours" : trusted ? "of this folder" : "of this folder, not trusted"}`,
        );
        for (const { line, message } of problems) terminal.print(`  ${relative(process.cwd(), file)}:${line}: ${message}`);
      }
      if (all.length === 0) terminal.note("There are none. Put one into .localcoder/actions/NAME.md; docs/actions.md says how.");
    }
    return all.some(({ problems }) => problems.length > 0) ? 1 : 0;
  },
};

/** `localcoder action NAME`: runs one of them. */
export const action: Command = {
  name: "action",
  summary: "Run one of your own actions on lines of a file",
  usage: ["action NAME FILE:FROM-TO [--instruction TEXT] [-m MODE] [--diff] [--write]"],
  options: {
    instruction: { description: "Say what you want, where the action asks for it", value: "TEXT" },
    ...proposalOptions,
  },
  examples: [["localcoder action log src/cart.ts:10-24", "runs .localcoder/actions/log.md, or your own log.md"]],
  async run(invocation) {
    const { positionals, value, terminal } = invocation;
    const [name, place, ...rest] = positionals;
    if (name === undefined || place === undefined || rest.length > 0) throw new UsageError("Name an action, and lines as FILE:FROM-TO.");
    const { workspace } = await readDocument(parseLineRange(place).file);
    const all = await ownActions(invocation, workspace);
    // The user's own comes first: a folder must not put another in its place.
    const found = all.find((one) => one.from === "user" && one.name === name) ?? all.find((one) => one.name === name || one.id === name);
    if (found === undefined) throw new UserError("NOT_FOUND", `There is no action ${name}.`, "localcoder actions lists them.");
    const run = await runAssist(invocation, found.id, place, { instruction: value("instruction") });
    if (found.shows === "diff") return proposeRun(invocation, run);
    if (terminal.json) terminal.printJson(answerJson(run.answer));
    else {
      terminal.print(run.answer.text);
      noteAnswer(invocation, run.answer);
    }
    return undefined;
  },
};

async function ownActions(invocation: Invocation, workspace: string): Promise<OwnAction[]> {
  const engine = await invocation.client();
  for await (const all of await engine.assist.ownActions({ workspace }, { signal: invocation.signal })) return all;
  return [];
}
