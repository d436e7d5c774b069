import { joinedTests, testNamesIn, withFreeNames } from "#core/assist/tests/merge";
import type { Run } from "../attempt.ts";
import { furtherResults, testOfResults } from "./further-results.ts";
import type { Mistakes } from "./mistakes.ts";
import { unsavedTests } from "./place-tests.ts";
import { runTests } from "./run-tests.ts";
import type { SoundTests } from "./sound-tests.ts";
import type { TestPlace } from "./write-tests.ts";

/** Tests with one more, and how many results that one holds. */
export interface FurtherTests {
  readonly tests: SoundTests;
  readonly count: number;
}

/** Of processor time: each of the few calls takes a tenth of a second at most. */
const mostSeconds = 4;

/** Adds a test of results at which small mistakes show; undefined where no call is found that the tests do not make yet. */
export async function withFurtherResults(
  { request, signal }: Run,
  place: TestPlace,
  mistakes: Mistakes,
  before: SoundTests,
): Promise<FurtherTests | undefined> {
  const { name, framework, file } = place.tests;
  const isFirst = before.names.length === 0;
  const results = await furtherResults(request, name, isFirst ? "" : before.text, signal);
  if (results.length === 0) return undefined;
  const test = testOfResults(framework, name, results);
  const text = file.head + withFreeNames(test, new Set([...testNamesIn(place.existing ?? ""), ...before.names])) + file.foot;
  const unsaved = unsavedTests(request, place, text);
  const came = await runTests(unsaved, signal);
  if (!came.ran || came.failed.length > 0 || came.passed.length === 0) return undefined;
  await mistakes.shownBy({ ...unsaved, seconds: mostSeconds }, came.passed, signal);
  const names = [...before.names, ...came.passed];
  const joined = isFirst ? text : joinedTests(before.text, text, framework);
  return { tests: { ...before, text: joined, names, hasRun: true }, count: results.length };
}
