import { relative } from "node:path";
import { UserError } from "#core/base/errors";
import type { OwnAction } from "#core/contracts/assist";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { readDocument, workspaceAround } from "../document.ts";
import { parseLineRange } from "../place.ts";
import { answerJson, noteAnswer, runAssist } from "./assist.ts";
import { isFolder, namesLines } from "./named-files.ts";
import { overFiles, overFilesOptions } from "./over-files.ts";
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
  usage: [
    "action NAME FILE:FROM-TO [--instruction TEXT] [-m MODE] [--diff] [--write]",
    "action NAME FILE|FOLDER... [--instruction TEXT] [-m MODE] [--diff] [--write] [--all]",
  ],
  options: {
    instruction: { description: "Say what you want, where the action asks for it", value: "TEXT" },
    ...proposalOptions,
    ...overFilesOptions,
  },
  examples: [["localcoder action log src/cart.ts:10-24", "runs .localcoder/actions/log.md, or your own log.md"]],
  async run(invocation) {
    const { positionals, value, terminal } = invocation;
    const [name, place, ...rest] = positionals;
    if (name === undefined || place === undefined)
      throw new UsageError("Name an action, and lines as FILE:FROM-TO, or whole files and folders.");
    const areFiles = rest.length > 0 || !namesLines(place);
    const workspace = isFolder(place)
      ? await workspaceAround(place)
      : (await readDocument(areFiles ? place : parseLineRange(place).file)).workspace;
    const all = await ownActions(invocation, workspace);
    // The user's own comes first: a folder must not put another in its place.
    const found = all.find((one) => one.from === "user" && one.name === name) ?? all.find((one) => one.name === name || one.id === name);
    if (found === undefined) throw new UserError("NOT_FOUND", `There is no action ${name}.`, "localcoder actions lists them.");
    if (areFiles) {
      const { id, role, languages } = found;
      if (found.shows === "card") throw new UsageError(`${name} answers with a text. Name lines as FILE:FROM-TO.`);
      return overFiles(invocation, { id, role, languages, instruction: value("instruction") }, [place, ...rest]);
    }
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
