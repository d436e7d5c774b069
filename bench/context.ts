import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { completionRequest } from "#core/contracts/completion";
import { defaultSettings } from "#core/settings/schema";
import { createSuggestionCheck } from "#engine/completion/check/check";
import { createCompletion } from "#engine/completion/completion";
import { createProjectContext } from "#engine/completion/context/project-context";
import { createRequestJournal } from "#engine/completion/journal";
import { createLayouts } from "#engine/completion/layouts";
import { createPause } from "#engine/completion/pause";
import { createStatistics } from "#engine/completion/statistics";
import { createCompletionSyntax } from "#engine/completion/syntax/syntax";
import { openInMemory } from "#engine/sessions/database";
import { createParsers } from "#engine/syntax/parser";
import { type LittleProject, littleProjects } from "./context-projects.ts";
import { median, percentile } from "./figures.ts";
import { modelFile, openInference } from "./model.ts";

// Ghost text with and without what it knows of the project, in little projects of our own making: how many lines are exactly right,
// and what reading the context costs. Usage: node bench/context.ts [MODEL.gguf] [--show]

const [named] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const path = modelFile(named);
const show = process.argv.includes("--show");
const { inference } = openInference(4096);
const model = { id: "bench", name: "bench", path };
await inference.ensure(model, "completion");

const settings = { current: () => ({ ...defaultSettings, "localcoder.completion.maxTokens": 48 }) };
const parsers = createParsers();
const syntax = createCompletionSyntax(parsers);
const context = createProjectContext({ parsers, settings, pauses: { first: 0, again: 60_000, afterEdit: 0 } });
const sqlite = openInMemory();
const journal = createRequestJournal();
const services = {
  inference,
  models: { forRole: async () => model },
  settings,
  layouts: createLayouts({ sqlite }),
  journal,
  pause: createPause(),
  statistics: createStatistics({ sqlite }),
  check: createSuggestionCheck({ syntax }),
  syntax,
};

interface Hole {
  readonly project: LittleProject;
  readonly document: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly wanted: string;
  /** True where another file says what is wanted. */
  readonly across: boolean;
}

function holesOf(project: LittleProject): Hole[] {
  return Object.entries(project.documents).flatMap(([document, marked]) =>
    [...marked.matchAll(/«(!?)([^»]*)»/g)].map(({ index, 0: all, 1: local, 2: wanted = "" }) => ({
      project,
      document,
      prefix: plain(marked.slice(0, index)),
      suffix: plain(marked.slice(index + all.length)),
      wanted,
      across: local === "",
    })),
  );
}

function plain(marked: string): string {
  return marked.replace(/«!?|»/g, "");
}

const chunkTimes: number[] = [];
const results: { hole: Hole; without: Answer; with: Answer }[] = [];

interface Answer {
  readonly right: boolean;
  readonly text: string;
  readonly evaluated: number;
  readonly milliseconds: number;
  readonly contextTokens: number;
}

let requests = 0;
async function ask(hole: Hole, folder: string, chunksFor: typeof context.chunksFor): Promise<Answer> {
  const completion = createCompletion({ ...services, context: { chunksFor } });
  const request = completionRequest.parse({
    path: join(folder, hole.document),
    workspace: folder,
    languageId: hole.project.languageId,
    prefix: hole.prefix,
    suffix: hole.suffix,
  });
  // Each hole is one of its own, as after a jump: all sequences read something else in between.
  for (let sequence = 0; sequence < 3; sequence += 1) {
    requests += 1;
    const prefix = `${requests} `;
    await inference.infill(model, {
      document: `/${requests}`,
      path: "other",
      prefix,
      suffix: "",
      shape: "line",
      maxTokens: 1,
      blockMilliseconds: 0,
      priority: "ghost-text",
    });
  }
  const result = await completion.complete(request);
  const [record] = journal.requests();
  const contextTokens = record?.prompt.filter(({ name }) => name === "context").reduce((sum, { tokens }) => sum + tokens, 0) ?? 0;
  const text = result.text.split("\n", 1)[0] ?? "";
  const rest = hole.suffix.split("\n", 1)[0] ?? "";
  // The line as it would stand there, whoever wrote the closers.
  const line = (text + rest.slice(result.replaces)).trim();
  const right = line === (hole.wanted + rest).trim();
  const { evaluating } = record?.milliseconds ?? { evaluating: 0 };
  return { right, text, evaluated: result.tokens.evaluated, milliseconds: evaluating, contextTokens };
}

for (const project of littleProjects) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "localcoder-bench-")));
  // Not the documents: what is wanted there is not known yet.
  for (const [name, text] of Object.entries(project.files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const place = (hole: Hole, cursor: "typing" | "resting") => ({
    path: join(folder, hole.document),
    workspace: folder,
    languageId: project.languageId,
    prefix: hole.prefix,
    suffix: hole.suffix,
    graphics: false,
    cursor,
  });
  const holes = holesOf(project);
  // Until the files were read; the first hole of each project has something to learn from them.
  const [first] = holes;
  for (const until = performance.now() + 30_000; first !== undefined && context.chunksFor(place(first, "resting")).length === 0; ) {
    if (performance.now() > until) throw new Error(`Nothing was found for ${first.document}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  for (const hole of holes) {
    const without = await ask(hole, folder, () => []);
    const from = performance.now();
    context.chunksFor(place(hole, "resting"));
    chunkTimes.push(performance.now() - from);
    const withContext = await ask(hole, folder, context.chunksFor);
    results.push({ hole, without, with: withContext });
    if (show && without.right !== withContext.right) {
      console.log(`\n${hole.document} ${hole.across ? "" : "(local) "}wanted ${hole.wanted}`);
      console.log(
        `  without ${without.right ? "right" : "wrong"}: ${without.text}\n  with    ${withContext.right ? "right" : "wrong"}: ${withContext.text}`,
      );
    }
  }
  rmSync(folder, { recursive: true, force: true });
}

function print(what: string, chosen: typeof results): void {
  const count = (pick: (result: (typeof results)[number]) => Answer) => chosen.filter((result) => pick(result).right).length;
  const middle = (pick: (result: (typeof results)[number]) => number) => median(chosen.map(pick)).toFixed(0);
  console.log(`${what}: ${chosen.length} holes`);
  console.log(`  exact first line: with ${count((one) => one.with)}, without ${count((one) => one.without)}`);
  console.log(
    `  tokens read: with ${middle((one) => one.with.evaluated)}, without ${middle((one) => one.without.evaluated)} (of context ${middle((one) => one.with.contextTokens)})`,
  );
  console.log(
    `  milliseconds of reading: with ${middle((one) => one.with.milliseconds)}, without ${middle((one) => one.without.milliseconds)}`,
  );
}
print(
  "What another file says",
  results.filter(({ hole }) => hole.across),
);
print(
  "What needs no other file",
  results.filter(({ hole }) => !hole.across),
);
console.log(`Choosing the context: ${median(chunkTimes).toFixed(2)} ms in the middle, p95 ${percentile(chunkTimes, 0.95).toFixed(2)} ms`);
context.dispose();
await services.check.dispose();
syntax.dispose();
await inference.dispose();
