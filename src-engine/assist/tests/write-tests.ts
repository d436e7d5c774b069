import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { PromptContext } from "#core/assist/index";
import { testFileFor } from "#core/assist/tests/framework";
import { testNamesIn, withMoreTests } from "#core/assist/tests/merge";
import { mutantsOf } from "#core/assist/tests/mutants";
import { planTests, type TestPlan } from "#core/assist/tests/plan";
import { subjectOf } from "#core/assist/tests/subject";
import { UserError } from "#core/base/errors";
import type { AssistEvent, Doubt, FileProposal } from "#core/contracts/assist";
import { withUnixLineEnds } from "#core/edits/lines";
import type { Request } from "../assist.ts";
import { type Attempt, ask, badness, type Run, sum } from "../attempt.ts";
import type { Prepared } from "../prepare.ts";
import { readTestedProject } from "./project.ts";
import { runTests, type TestRun, type UnsavedTests } from "./run-tests.ts";
import { tidyTests } from "./tidy.ts";

/** Where tests go and what stands around them, found by code before a model is asked. */
export interface TestPlace {
  readonly plan: TestPlan;
  readonly workspace: string;
  /** The test file, absolute, and what stands in it. */
  readonly path: string;
  readonly existing: string | null;
  readonly tests: NonNullable<PromptContext["tests"]>;
}

/** An attempt whose text is that of a whole file. */
export interface FileAttempt extends Attempt {
  readonly file: FileProposal;
}

/** Quiet tries after the first one, and how random they are. */
const retryTemperatures = [0.6, 0.9];

/** Small mistakes that are made in the code to see whether the tests notice. */
const mostMutants = 4;

/** Finds where the tests of a selection go. Throws where there is nothing to import, or no way to test we know. */
export async function findTestPlace(request: Request, signal?: AbortSignal): Promise<TestPlace> {
  const { path, languageId, selection } = request;
  const workspace = request.workspace ?? dirname(path);
  const text = withUnixLineEnds(request.text);
  const unix = (offset: number) => withUnixLineEnds(request.text.slice(0, offset)).length;
  const subject = subjectOf(text, { start: unix(selection.start), end: unix(selection.end) }, languageId);
  const inside = relative(workspace, path).replaceAll("\\", "/");
  const plan = planTests({ path: inside, languageId, text }, await readTestedProject(workspace, signal));
  if (plan === undefined)
    throw new UserError(
      "UNSUPPORTED",
      `There is no way known to write tests for ${languageId}.`,
      "Write an action of your own for it: docs/actions.md says how.",
    );
  if (subject === undefined)
    throw new UserError("BAD_INPUT", "What is selected has no name that a test could call.", "Select a function or a class.");
  if (!subject.reachable)
    throw new UserError(
      "BAD_INPUT",
      `“${subject.name}” is not exported, so a file of tests cannot reach it.`,
      "Export it, or test what calls it.",
    );
  const file = join(workspace, plan.path);
  const existing = await readFile(file, "utf8").catch(() => null);
  const { framework, module, commonJs } = plan;
  return {
    plan,
    workspace,
    path: file,
    existing,
    tests: { name: subject.name, framework, file: testFileFor(framework, { name: subject.name, module, commonJs }) },
  };
}

/** Asks for tests, leaves out what is none, runs them where that is wanted, and asks again where nothing good came. */
export async function* writeTests(run: Run, place: TestPlace, prepared: Prepared): AsyncGenerator<AssistEvent, FileAttempt, void> {
  const { recorder, settings } = run;
  const { head, opening, foot } = place.tests.file;
  const { prompt, maxTokens, budget } = prepared;
  const clean = (raw: string, final: boolean) => head + opening + (final ? raw.trimEnd() : raw);
  let best: FileAttempt | undefined;
  let tokens: Attempt["tokens"] | undefined;
  for (const temperature of [settings["localcoder.inference.temperature"], ...retryTemperatures]) {
    const quiet = best !== undefined;
    const said = yield* ask(run, { prompt, maxTokens, budget, temperature, clean, quiet });
    if (run.request.verify) yield { type: "waiting", reason: "Running the tests." };
    const attempt = await judge(run, place, said.text + foot, said);
    tokens = tokens === undefined ? said.tokens : sum(tokens, said.tokens);
    if (best === undefined || badness(attempt) < badness(best)) best = attempt;
    const [reason] = best.doubts;
    if (reason === undefined || (!reason.blocks && !isWeak(reason))) break;
    recorder.add("note", `${reason.message} Another answer was asked for.`);
    yield { type: "waiting", reason: `${reason.message} Trying once more.` };
  }
  if (best === undefined || tokens === undefined) throw new Error("No answer was asked for.");
  if (run.request.verify !== true) yield { type: "notice", code: "NOT_RUN", message: "These tests were not run." };
  return { ...best, tokens };
}

const weak = "The tests pass on wrong code as well, so they show little.";

function isWeak({ message }: Doubt): boolean {
  return message === weak;
}

async function judge(run: Run, place: TestPlace, text: string, said: Omit<Attempt, "doubts" | "text">): Promise<FileAttempt> {
  const { parsers, request, signal } = run;
  const { tests, plan, existing } = place;
  const taken = existing === null ? new Set<string>() : testNamesIn(existing);
  const written = { languageId: request.languageId, framework: tests.framework, subject: tests.name, text };
  let tidied = await tidyTests(parsers, { ...written, allowed: (name) => !taken.has(name) });
  const doubts: Doubt[] = [];
  if (tidied.names.length > 0 && request.verify) {
    const unsaved = (testText: string, sourceText = withUnixLineEnds(request.text)): UnsavedTests => ({
      workspace: place.workspace,
      framework: tests.framework,
      sourcePath: request.path,
      sourceText,
      testName: plan.path,
      testText,
    });
    const came = await runTests(unsaved(tidied.text), signal);
    if (!came.ran) doubts.push({ kind: "failed", message: `The tests could not be run: ${came.why}`, blocks: false });
    else {
      const passed = new Set(came.passed);
      tidied = await tidyTests(parsers, { ...written, allowed: (name) => passed.has(name) && !taken.has(name) });
      if (came.failed.length > 0) doubts.push(failure(came, passed.size));
      if (passed.size > 0 && !(await noticeMistakes(unsaved, tidied.text, request, signal)))
        doubts.push({ kind: "failed", message: weak, blocks: false });
    }
  }
  if (tidied.names.length === 0 && doubts.length === 0)
    doubts.push({ kind: "empty", message: `The model gave no whole test of ${tests.name}.`, blocks: true });
  const whole = existing === null ? tidied.text : withMoreTests(existing, tidied.text, tests.framework);
  return { ...said, text: whole, doubts, file: { path: place.path, original: existing, text: whole } };
}

function failure({ failed }: Extract<TestRun, { ran: true }>, passed: number): Doubt {
  const [first] = failed;
  const why = first === undefined ? "" : ` ${[first.name, first.reason].filter((part) => part !== "").join(": ")}`;
  if (passed === 0) return { kind: "failed", message: `None of the tests passes on the code:${why}`, blocks: true };
  const left = failed.length === 1 ? "1 test was left out because it fails" : `${failed.length} tests were left out because they fail`;
  return { kind: "failed", message: `${left} on the code:${why}`, blocks: false };
}

/** True when the tests fail on code with a mistake in it. */
async function noticeMistakes(
  unsaved: (testText: string, sourceText: string) => UnsavedTests,
  testText: string,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { start, end } = request.selection;
  const [before, selected, after] = [request.text.slice(0, start), request.text.slice(start, end), request.text.slice(end)];
  const mutants = mutantsOf(selected, request.languageId, mostMutants);
  for (const mutant of mutants) {
    const came = await runTests(unsaved(testText, withUnixLineEnds(before + mutant + after)), signal);
    if (came.ran && came.failed.length > 0) return true;
  }
  // Code in which no mistake can be made is not held against its tests.
  return mutants.length === 0;
}
