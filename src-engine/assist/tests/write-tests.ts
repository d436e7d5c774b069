import type { PromptContext } from "#core/assist/index";
import { type Companion, companionsOf } from "#core/assist/tests/companions";
import { testFileFor } from "#core/assist/tests/framework";
import { withMoreTests } from "#core/assist/tests/merge";
import { subjectOf } from "#core/assist/tests/subject";
import { UserError } from "#core/base/errors";
import { withCounted } from "#core/completion/counting";
import type { AssistEvent, Doubt, FileProposal } from "#core/contracts/assist";
import { withUnixLineEnds } from "#core/edits/lines";
import type { Request } from "../assist.ts";
import { type Attempt, ask, type Run, type Said, sum } from "../attempt.ts";
import type { Prepared } from "../prepare.ts";
import { type FurtherTests, withFurtherResults } from "./further-tests.ts";
import { type Mistakes, mistakesIn } from "./mistakes.ts";
import { type PlannedTests, planTestsOf } from "./place-tests.ts";
import { canRun } from "./run-tests.ts";
import { type SoundTests, soundTests } from "./sound-tests.ts";

/** Where tests go and what stands around them, found by code before a model is asked. */
export interface TestPlace extends PlannedTests {
  readonly tests: NonNullable<PromptContext["tests"]>;
}

/** An attempt whose text is that of a whole file. */
export interface FileAttempt extends Attempt {
  readonly file: FileProposal;
}

/** Quiet tries after the first one, and how random they are. */
const retryTemperatures = [0.6, 0.9];

/** Of tests that differ in their numbers alone, so many show what there is to show. */
const mostAlike = 3;

const countedOn: Doubt = {
  kind: "repetition",
  message: `The answer went on with the same test for one number after the other and was stopped; the first ones are kept.`,
  blocks: false,
};

const noneOfModel: Doubt = {
  kind: "failed",
  message: "No test of the model passes on the code. This one expects what the code gives now: see whether that is meant.",
  blocks: false,
};

/** Finds where the tests of a selection go. Throws where there is nothing to import, or no way to test we know. */
export async function findTestPlace(request: Request, signal?: AbortSignal): Promise<TestPlace> {
  const { languageId, selection } = request;
  const text = withUnixLineEnds(request.text);
  const unix = (offset: number) => withUnixLineEnds(request.text.slice(0, offset)).length;
  const meant = { start: unix(selection.start), end: unix(selection.end) };
  const subject = subjectOf(text, meant, languageId);
  const planned = await planTestsOf(request, signal);
  if (planned === undefined)
    throw new UserError(
      "UNSUPPORTED",
      `There is no way known to write tests for ${languageId}.`,
      "Write an action of your own for it: docs/actions.md says how.",
    );
  if (subject === undefined)
    throw new UserError("BAD_INPUT", "What is selected has no name that a test could call.", "Select a function or a class.");
  if (new RegExp(`^(?:export\\s+)?(?:declare\\s+)?(?:interface|type)\\s+${subject.name}\\b`, "m").test(text))
    throw new UserError("BAD_INPUT", `“${subject.name}” is a type, so there is nothing to run.`, "Select a function or a class.");
  if (!subject.reachable)
    throw new UserError(
      "BAD_INPUT",
      `“${subject.name}” is not exported, so a file of tests cannot reach it.`,
      "Export it, or test what calls it.",
    );
  const { framework, module, commonJs } = planned.plan;
  const companions = companionsOf(text, meant, languageId);
  const imported = { name: subject.name, others: companions.map(({ name }) => name), module, commonJs };
  return {
    ...planned,
    tests: { name: subject.name, framework, companions, file: testFileFor(framework, imported) },
  };
}

/** Asks for tests, leaves out what is none, runs them where that is wanted, and asks again where nothing good came, or too little. */
export async function* writeTests(run: Run, place: TestPlace, prepared: Prepared): AsyncGenerator<AssistEvent, FileAttempt, void> {
  const { recorder, settings, request } = run;
  const { head, opening, foot } = place.tests.file;
  const { prompt, maxTokens, budget } = prepared;
  const clean = (raw: string, final: boolean) => head + opening + (final ? raw.trimEnd() : raw);
  const mistakes = request.verify === true && canRun(place.tests.framework) ? mistakesIn(request) : undefined;
  let tests: SoundTests | undefined;
  let further: FurtherTests | undefined;
  let first: Said | undefined;
  let tokens: Said["tokens"] | undefined;
  const again = request.mode === "rush" ? [] : retryTemperatures;
  for (const temperature of [settings["localcoder.inference.temperature"], ...again]) {
    const said = yield* ask(run, { prompt, maxTokens, budget, temperature, clean, quiet: first !== undefined });
    if (request.verify) yield { type: "waiting", reason: "Running the tests." };
    first ??= said;
    tokens = tokens === undefined ? said.tokens : sum(tokens, said.tokens);
    const counted = withCounted(said.text, mostAlike, said.stop);
    if (counted !== said.text) recorder.add("note", countedOn.message);
    tests = await soundTests(run, place, counted + foot, mistakes, tests);
    if (mistakes !== undefined && further === undefined && tests.hasRun && tests.names.length > 0) {
      further = await withFurtherResults(run, place, mistakes, tests);
      tests = further?.tests ?? tests;
    }
    const reason = tests.doubts.find(({ blocks }) => blocks) ?? weakness(tests, mistakes);
    if (reason === undefined) break;
    recorder.add("note", `${reason.message} Another answer was asked for.`);
    yield { type: "waiting", reason: `${reason.message} Trying once more.` };
  }
  if (tests === undefined || first === undefined || tokens === undefined) throw new Error("No answer was asked for.");
  if (mistakes !== undefined && tests.names.length === 0) {
    further = await withFurtherResults(run, place, mistakes, { ...tests, doubts: [noneOfModel] });
    tests = further?.tests ?? tests;
  }
  if (further !== undefined) yield { type: "notice", code: "FURTHER_RESULTS", message: addition(further.count) };
  if (request.verify !== true) yield { type: "notice", code: "NOT_RUN", message: "These tests were not run." };
  const weak = weakness(tests, mistakes);
  const hasCounted = withCounted(first.text, mostAlike, first.stop) !== first.text;
  const { path, existing, plan } = place;
  const written = withUsedCompanions(tests.text, place.tests.companions);
  const text = existing === null ? written : withMoreTests(existing, written, plan.framework);
  // What was not finished is no part of it.
  const stop = first.stop === "limit" && tests.names.length > 0 ? "end" : first.stop;
  return {
    ...first,
    stop,
    text,
    tokens,
    doubts: [...tests.doubts, ...(weak ? [weak] : []), ...(hasCounted ? [countedOn] : [])],
    file: { path, original: existing, text },
  };
}

function addition(count: number): string {
  return `${count === 1 ? "1 result was" : `${count} results were`} added at which small mistakes show: what the code gives now.`;
}

/** The tests without the import of classes of which they make no object. */
function withUsedCompanions(text: string, companions: readonly Companion[]): string {
  const unused = companions.filter(({ name }) => text.split(new RegExp(`\\b${name}\\b`)).length <= 2);
  return unused.reduce((made, { name }) => made.replace(new RegExp(`, ${name}\\b`), ""), text);
}

/** What is to be said of tests that notice few of the mistakes made in the code. */
function weakness({ hasRun, names }: SoundTests, mistakes: Mistakes | undefined): Doubt | undefined {
  if (mistakes === undefined || !hasRun || names.length === 0 || mistakes.areEnough()) return undefined;
  const [noticed, all] = [mistakes.noticed(), mistakes.count];
  return {
    kind: "weak",
    message: `The tests pass on wrong code as well: of ${all} small mistakes made in it, they notice ${noticed === 0 ? "none" : noticed}.`,
    blocks: false,
  };
}
