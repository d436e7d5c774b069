import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { beginningOf, composeReadme, tidyIntroduction } from "#core/assist/readme";
import { factsOf, isTelling, type ProjectFacts } from "#core/assist/readme/facts";
import { UserError } from "#core/base/errors";
import type { Budget } from "#core/context/budget";
import type { AssistEvent, Doubt } from "#core/contracts/assist";
import type { Request } from "./assist.ts";
import { type Attempt, ask, type Run } from "./attempt.ts";
import { readTestedProject } from "./tests/project.ts";
import type { FileAttempt } from "./tests/write-tests.ts";

/** Where the README is, and what code found out of the project. */
export interface ReadmePlace {
  readonly path: string;
  readonly existing: string | null;
  readonly facts: ProjectFacts;
}

const mostTokens = 220;
const mostBytes = 500_000;

/** Reads the facts of a project. Throws where no folder is open. */
export async function findReadmePlace({ workspace }: Request, signal?: AbortSignal): Promise<ReadmePlace> {
  if (workspace === undefined) throw new UserError("BAD_INPUT", "A README is of a folder, and none is open.", "Open the folder.");
  const { files } = await readTestedProject(workspace, signal);
  const texts: Record<string, string> = {};
  for (const path of files.filter(isTelling)) {
    const found = await stat(join(workspace, path)).catch(() => undefined);
    if (found !== undefined && found.size <= mostBytes) texts[path] = await readFile(join(workspace, path), "utf8").catch(() => "");
  }
  const path = join(workspace, files.find((file) => /^readme(?:\.md)?$/i.test(file)) ?? "README.md");
  const existing = await readFile(path, "utf8").catch(() => null);
  return { path, existing, facts: factsOf({ folder: basename(workspace), files, texts, ...(existing !== null && { readme: existing }) }) };
}

/** Asks for the introduction and puts it between the facts. */
export async function* writeReadme(run: Run, { path, existing, facts }: ReadmePlace): AsyncGenerator<AssistEvent, FileAttempt, void> {
  const { action, request, settings, inference, model, loaded, recorder, signal } = run;
  const bare = { path: "", languageId: "markdown", selection: "", before: "", after: "", problems: [], references: [], purpose: "" };
  const prompt = action.prompt({ ...bare, instruction: request.instruction?.trim() ?? "", facts });
  const tokens = await inference.countTokens(model, action.role, prompt.messages.map(({ text }) => text).join("\n"), signal);
  const budget: Budget = {
    taken: [{ name: "facts of the project", tokens, reason: "found by code" }],
    leftOut: [],
    answer: mostTokens,
    window: loaded.contextSize,
  };
  for (const { role, text } of prompt.messages) recorder.add(role, text);
  const clean = (raw: string, final: boolean) =>
    final ? composeReadme(facts, raw.trim() === "" ? "" : tidyIntroduction(beginningOf(facts) + raw)) : "";
  const said = yield* ask(run, { prompt, budget, clean, maxTokens: mostTokens, temperature: settings["localcoder.inference.temperature"] });
  const text = said.text;
  return { ...said, doubts: doubtsOf(text, facts, said.stop), file: { path, original: existing, text } };
}

function doubtsOf(text: string, facts: ProjectFacts, stop: Attempt["stop"]): Doubt[] {
  if (text === composeReadme(facts, "")) return [{ kind: "empty", message: "The model wrote no introduction.", blocks: false }];
  return stop === "limit"
    ? [{ kind: "cut-off", message: "The introduction reached its longest length and ends there.", blocks: false }]
    : [];
}
