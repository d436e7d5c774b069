import { joinedTests, testNamesIn, withFreeNames } from "#core/assist/tests/merge";
import type { Doubt } from "#core/contracts/assist";
import type { Run } from "../attempt.ts";
import type { Mistakes } from "./mistakes.ts";
import { unsavedTests } from "./place-tests.ts";
import { runTests, type TestRun, type UnsavedTests } from "./run-tests.ts";
import { tidyTests } from "./tidy.ts";
import type { TestPlace } from "./write-tests.ts";

/** Tests out of one answer or several, as a file of their own. */
export interface SoundTests {
  readonly text: string;
  readonly names: readonly string[];
  readonly doubts: readonly Doubt[];
  /** True for tests that were run, and pass. */
  readonly hasRun: boolean;
}

/**
 * What is sound of an answer: whole tests that ask something, and pass where they may be run. Where there are tests already, those are
 * added that notice a mistake which the others do not.
 */
export async function soundTests(
  run: Run,
  place: TestPlace,
  answer: string,
  mistakes: Mistakes | undefined,
  before: SoundTests | undefined,
): Promise<SoundTests> {
  const { parsers, request, signal } = run;
  const { tests, existing } = place;
  const isMore = before !== undefined && before.names.length > 0;
  const taken = testNamesIn(existing ?? "");
  const text = isMore ? withFreeNames(answer, new Set([...taken, ...before.names])) : answer;
  const written = { languageId: request.languageId, framework: tests.framework, subject: tests.name, text };
  const tidied = await tidyTests(parsers, { ...written, allowed: (name) => !taken.has(name) });
  if (tidied.names.length === 0) return before?.names.length ? before : { ...tidied, hasRun: false, doubts: [none(tests.name)] };
  if (!request.verify) return { ...tidied, hasRun: false, doubts: [] };
  const file = unsavedTests(request, place, tidied.text);
  const began = performance.now();
  const first = await runTests(file, signal);
  if (!first.ran)
    return { ...tidied, hasRun: false, doubts: [{ kind: "failed", message: `The tests could not be run: ${first.why}`, blocks: false }] };
  // With a mistake in the code they may take longer, and need not come to an end.
  const seconds = 2 + Math.ceil((3 * (performance.now() - began)) / 1000);
  const { testText, came, corrected } = await withGivenResults(file, first, tests.name, signal);
  const passed = new Set(came.passed);
  const those = { ...written, text: testText };
  const good = await tidyTests(parsers, { ...those, allowed: (name) => passed.has(name) && !taken.has(name) });
  const showing = await mistakes?.shownBy({ ...file, testText: good.text, seconds }, good.names, signal);
  if (!isMore) {
    const left = came.failed.length === 0 ? [] : [failure(came, passed.size)];
    return { ...good, hasRun: true, doubts: [...left, ...correction(corrected)] };
  }
  if (showing === undefined || showing.size === 0) return before;
  const more = await tidyTests(parsers, { ...those, allowed: (name) => passed.has(name) && showing.has(name) });
  return {
    ...before,
    text: joinedTests(before.text, more.text, tests.framework),
    names: [...before.names, ...more.names],
    doubts: [...before.doubts, ...correction(corrected.filter((name) => more.names.includes(name)))],
  };
}

type Ran = Extract<TestRun, { ran: true }>;

/** Tests with what the code gives in the place of results that it does not, and which of them pass because of that. */
async function withGivenResults(tests: UnsavedTests, first: Ran, subject: string, signal: AbortSignal | undefined) {
  const unchanged = { testText: tests.testText, came: first, corrected: [] as readonly string[] };
  const seen = first.failed.length === 0 ? undefined : await runTests({ ...tests, corrects: subject }, signal);
  const testText = seen?.ran ? seen.corrected : undefined;
  if (testText === undefined || testText === tests.testText) return unchanged;
  const came = await runTests({ ...tests, testText }, signal);
  if (!came.ran) return unchanged;
  const corrected = came.passed.filter((name) => !first.passed.includes(name));
  return corrected.length === 0 ? unchanged : { testText, came, corrected };
}

/** That the code does what it should is not said by tests that expect what it does. */
function correction(names: readonly string[]): Doubt[] {
  if (names.length === 0) return [];
  const quoted = names.map((name) => `“${name}”`).join(", ");
  const what = names.length === 1 ? `${quoted} expected another result. It expects` : `${quoted} expected other results. They expect`;
  return [{ kind: "failed", message: `${what} what the code gives now: see whether that is meant.`, blocks: false }];
}

function none(name: string): Doubt {
  return { kind: "empty", message: `The model gave no whole test of ${name}.`, blocks: true };
}

function failure({ failed }: Ran, passed: number): Doubt {
  const [first] = failed;
  const why = first === undefined ? "" : ` ${[first.name && `“${first.name}”`, first.reason].filter((part) => part !== "").join(": ")}`;
  if (passed === 0) return { kind: "failed", message: `None of the tests passes on the code:${why}`, blocks: true };
  const left = failed.length === 1 ? "1 test was left out because it fails" : `${failed.length} tests were left out because they fail`;
  return { kind: "failed", message: `${left} on the code:${why}`, blocks: false };
}
