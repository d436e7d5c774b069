import { testNamesIn, withFreeNames, withMoreTests } from "#core/assist/tests/merge";
import type { Doubt } from "#core/contracts/assist";
import { withUnixLineEnds } from "#core/edits/lines";
import type { Run } from "../attempt.ts";
import type { Mistakes } from "./mistakes.ts";
import { runTests, type TestRun } from "./run-tests.ts";
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
  const { tests, plan, existing } = place;
  const isMore = before !== undefined && before.names.length > 0;
  const taken = testNamesIn(existing ?? "");
  const text = isMore ? withFreeNames(answer, new Set([...taken, ...before.names])) : answer;
  const written = { languageId: request.languageId, framework: tests.framework, subject: tests.name, text };
  const tidied = await tidyTests(parsers, { ...written, allowed: (name) => !taken.has(name) });
  if (tidied.names.length === 0) return before?.names.length ? before : { ...tidied, hasRun: false, doubts: [none(tests.name)] };
  if (!request.verify) return { ...tidied, hasRun: false, doubts: [] };
  const file = {
    workspace: place.workspace,
    framework: tests.framework,
    sourcePath: request.path,
    testName: plan.path,
  };
  const began = performance.now();
  const came = await runTests({ ...file, testText: tidied.text, sourceText: withUnixLineEnds(request.text) }, signal);
  if (!came.ran)
    return { ...tidied, hasRun: false, doubts: [{ kind: "failed", message: `The tests could not be run: ${came.why}`, blocks: false }] };
  const passed = new Set(came.passed);
  const good = await tidyTests(parsers, { ...written, allowed: (name) => passed.has(name) && !taken.has(name) });
  // With a mistake in the code they may take longer, and need not come to an end.
  const seconds = 2 + Math.ceil((3 * (performance.now() - began)) / 1000);
  const showing = await mistakes?.shownBy({ ...file, testText: good.text, seconds }, good.names, signal);
  if (!isMore) return { ...good, hasRun: true, doubts: came.failed.length === 0 ? [] : [failure(came, passed.size)] };
  if (showing === undefined || showing.size === 0) return before;
  const more = await tidyTests(parsers, { ...written, allowed: (name) => passed.has(name) && showing.has(name) });
  return { ...before, text: withMoreTests(before.text, more.text, tests.framework), names: [...before.names, ...more.names] };
}

function none(name: string): Doubt {
  return { kind: "empty", message: `The model gave no whole test of ${name}.`, blocks: true };
}

function failure({ failed }: Extract<TestRun, { ran: true }>, passed: number): Doubt {
  const [first] = failed;
  const why = first === undefined ? "" : ` ${[first.name, first.reason].filter((part) => part !== "").join(": ")}`;
  if (passed === 0) return { kind: "failed", message: `None of the tests passes on the code:${why}`, blocks: true };
  const left = failed.length === 1 ? "1 test was left out because it fails" : `${failed.length} tests were left out because they fail`;
  return { kind: "failed", message: `${left} on the code:${why}`, blocks: false };
}
