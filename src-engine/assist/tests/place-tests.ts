import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { withMoreTests } from "#core/assist/tests/merge";
import { planTests, type TestPlan } from "#core/assist/tests/plan";
import type { PlacedTests, TestsToPlace } from "#core/contracts/assist";
import { withUnixLineEnds } from "#core/edits/lines";
import { readTestedProject } from "./project.ts";
import type { UnsavedTests } from "./run-tests.ts";

/** What is tested. */
type TestsSource = Omit<TestsToPlace, "tests">;

/** A test file of a source file, and what stands in it. */
export interface PlannedTests {
  readonly plan: TestPlan;
  readonly workspace: string;
  /** The test file, absolute. */
  readonly path: string;
  readonly existing: string | null;
}

/** Finds where tests of a file go; undefined for a language that we know no way for. */
export async function planTestsOf(source: TestsSource, signal: AbortSignal | undefined): Promise<PlannedTests | undefined> {
  const { path, languageId } = source;
  const workspace = source.workspace ?? dirname(path);
  const inside = relative(workspace, path).replaceAll("\\", "/");
  const project = await readTestedProject(workspace, signal);
  const plan = planTests({ path: inside, languageId, text: withUnixLineEnds(source.text) }, project);
  if (plan === undefined) return undefined;
  const file = join(workspace, plan.path);
  return { plan, workspace, path: file, existing: await readFile(file, "utf8").catch(() => null) };
}

/** Tests of a document as it stands in the editor, where those that are planned go. */
export function unsavedTests({ path, text }: TestsSource, { workspace, plan }: PlannedTests, testText: string): UnsavedTests {
  const sourceText = withUnixLineEnds(text);
  return { workspace, framework: plan.framework, sourcePath: path, sourceText, testName: plan.path, testText };
}

/** The file of tests as it is with tests that are written already. */
export async function placeTests({ tests, ...source }: TestsToPlace, signal?: AbortSignal): Promise<PlacedTests | undefined> {
  const planned = await planTestsOf(source, signal);
  if (planned === undefined) return undefined;
  const { path, existing, plan } = planned;
  const written = `${withUnixLineEnds(tests).trimEnd()}\n`;
  return { path, exists: existing !== null, text: existing?.trim() ? withMoreTests(existing, written, plan.framework) : written };
}
