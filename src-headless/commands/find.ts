import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "#core/base/errors";
import { answerByCalculation } from "#core/calculation/answer";
import type { ProjectFindings } from "#core/contracts/project";
import { type Command, type Invocation, UsageError } from "../command.ts";
import { workspaceAround } from "../document.ts";
import { count } from "../terminal.ts";

/** A new index may take as long as it does: nobody is kept from anything. */
const patience = 600_000;

/** `localcoder find`: the places of a project that answer a question, without asking a model. */
export const find: Command = {
  name: "find",
  summary: "Find the places of a project that answer a question",
  usage: ["find QUESTION"],
  options: {
    folder: { value: "FOLDER", description: "The project; by default the repository around the current folder" },
    tokens: { value: "NUMBER", description: "Room for the places together; 3000 by default" },
    rebuild: { description: "Read the whole project again first" },
  },
  examples: [
    ['localcoder find "where are retries counted"', "prints places as path:line, the best first, with their lines"],
    ['localcoder find "open_url" --json', "prints them as one JSON value"],
  ],
  async run(invocation) {
    const { positionals, terminal, client, signal, has } = invocation;
    const question = positionals.join(" ").trim();
    if (question === "") throw new UsageError("Say what to find.");
    const calculated = answerByCalculation(question);
    if (calculated !== undefined) {
      if (terminal.json) terminal.printJson({ answer: calculated.text, provider: "local-tool", pieces: [] });
      else terminal.print(calculated.text);
      return undefined;
    }
    const workspace = await projectFolder(invocation);
    const engine = await client();
    if (has("rebuild")) await engine.project.rebuild({ workspace }, { signal });
    const stop = watchIndex(invocation, engine, workspace);
    const findings = await engine.project
      .find({ workspace, question, tokens: numberOf(invocation, "tokens", 3000), wait: patience }, { signal })
      .finally(stop);
    print(invocation, findings);
    return undefined;
  },
};

/** `localcoder map`: the most important files of a project with their signatures. */
export const map: Command = {
  name: "map",
  summary: "Show the most important files of a project with the signatures of what they define",
  usage: ["map [NAME ...]"],
  options: {
    folder: { value: "FOLDER", description: "The project; by default the repository around the current folder" },
    tokens: { value: "NUMBER", description: "Room for the map; 1000 by default" },
  },
  examples: [
    ["localcoder map", "prints what a model is shown of a project it does not know"],
    ["localcoder map Session close", "prints what hangs together with these names"],
  ],
  async run(invocation) {
    const { positionals, terminal, client, signal } = invocation;
    const workspace = await projectFolder(invocation);
    const engine = await client();
    const stop = watchIndex(invocation, engine, workspace);
    const found = await engine.project
      .map({ workspace, tokens: numberOf(invocation, "tokens", 1000), mentioned: [...positionals], wait: patience }, { signal })
      .finally(stop);
    if (terminal.json) {
      terminal.printJson(found);
      return undefined;
    }
    terminal.write(found.text);
    terminal.note(`${found.shown} of ${count(found.files, "file")} of code, about ${found.tokens} tokens.`);
    return undefined;
  },
};

function print({ terminal }: Invocation, { pieces, leftOut, complete }: ProjectFindings): void {
  if (terminal.json) {
    terminal.printJson({ pieces, leftOut, complete });
    return;
  }
  if (pieces.length === 0) terminal.note("Nothing in the project has any of these words.");
  for (const { path, from, to, reason, text } of pieces) {
    terminal.print(`${terminal.style("bold", `${path}:${from}-${to}`)}  ${terminal.style("dim", reason)}`);
    if (terminal.interactive) terminal.print(`${text.replace(/^/gm, "    ")}\n`);
  }
  if (leftOut.length > 0) terminal.note(`${count(leftOut.length, "further place")} found no room; more have it with --tokens.`);
  if (!complete) terminal.note("The index is not finished: ask again for more.");
}

async function projectFolder({ value }: Invocation): Promise<string> {
  const named = value("folder");
  try {
    return named === undefined ? await workspaceAround(process.cwd()) : await realpath(resolve(named));
  } catch {
    throw new UserError("NOT_FOUND", `There is no folder ${named}.`, `It was looked for from ${process.cwd()}.`);
  }
}

function numberOf({ value }: Invocation, option: string, usual: number): number {
  const text = value(option);
  if (text === undefined) return usual;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 50 || number > 200_000) throw new UsageError(`--${option} takes a number from 50 to 200000.`);
  return number;
}

/** Shows how far a new index is, where somebody looks. */
function watchIndex({ terminal }: Invocation, engine: Awaited<ReturnType<Invocation["client"]>>, workspace: string): () => void {
  const timer = setInterval(() => {
    engine.project.status({ workspace }).then(
      ({ state, files, waiting }) => {
        if (state === "indexing" && waiting > 0) terminal.progress(`Reading the project: ${files} of ${files + waiting} files`);
      },
      () => {
        // The question itself tells what is wrong.
      },
    );
  }, 500);
  return () => {
    clearInterval(timer);
    terminal.progress("");
  };
}
