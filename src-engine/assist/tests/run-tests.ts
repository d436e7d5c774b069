import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { Framework } from "#core/assist/tests/framework";
import { aliasesIn } from "../compare/aliases.ts";
import { type ProgramEnd, runLimited } from "../limited-process.ts";
import { pythonRunner } from "./python-runner.ts";
import { scriptTestsCommand } from "./script/command.ts";
import { type ScriptReport, type ScriptTests, scriptReport } from "./script/question.ts";

/** A file of tests that is on no disk yet, and the code it is about as it stands in the editor. */
export interface UnsavedTests {
  readonly workspace: string;
  readonly framework: Framework;
  /** Absolute. */
  readonly sourcePath: string;
  readonly sourceText: string;
  readonly testName: string;
  readonly testText: string;
  /** Of processor time, after which they are ended. */
  readonly seconds?: number;
  /** What they test by name, where their text is wanted with the results that it gives in the place of those that it does not. */
  readonly corrects?: string;
}

/** What came of tests: by name, or why they could not be run. */
export type TestRun =
  | {
      readonly ran: true;
      readonly passed: readonly string[];
      readonly failed: readonly { readonly name: string; readonly reason: string }[];
      readonly corrected?: string;
    }
  | { readonly ran: false; readonly why: string };

/** Seconds of processor time after which tests are ended, where nothing else is said. */
const mostSeconds = 20;

const report = scriptReport.extend({ missing: z.string().nullable(), corrected: z.string().nullish() });

const inPython = (framework: Framework) => framework === "pytest" || framework === "unittest";

/** True for tests that can be run without the file being written: those whose loader takes a text in the place of a file. */
export function canRun(framework: Framework): boolean {
  return inPython(framework) || framework === "vitest" || framework === "jest" || framework === "mocha" || framework === "node";
}

/** Runs tests in a process of its own with limits, without a network where the system lets us take it away. It never throws for what the tests do. */
export async function runTests(tests: UnsavedTests, signal?: AbortSignal): Promise<TestRun> {
  if (!canRun(tests.framework)) return { ran: false, why: `${tests.framework} tests are run by you: they need their file.` };
  return inPython(tests.framework) ? runPython(tests, signal) : runScript(tests, signal);
}

async function runPython(tests: UnsavedTests, signal: AbortSignal | undefined): Promise<TestRun> {
  const folder = await mkdtemp(join(tmpdir(), "localcoder-tests-"));
  try {
    const file = join(folder, basename(tests.testName));
    const out = join(folder, "results.json");
    const runner = join(folder, "run.py");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, tests.testText);
    await writeFile(runner, pythonRunner);
    const paths = [dirname(tests.sourcePath), tests.workspace, join(tests.workspace, "src"), join(tests.workspace, "lib")];
    const { seconds = mostSeconds, corrects } = tests;
    const config = { file, out, paths, seconds, corrects, framework: tests.framework, texts: { [tests.sourcePath]: tests.sourceText } };
    const command = [python(tests.workspace), "-B", runner];
    const { how, why } = await runLimited({ command, cwd: tests.workspace, input: JSON.stringify(config) }, signal);
    signal?.throwIfAborted();
    const said = await readFile(out, "utf8").catch(() => undefined);
    if (said === undefined) return withoutReport(how, why);
    const { missing, results, corrected } = report.parse(JSON.parse(said));
    return missing === null ? outcomeOf(results, corrected) : { ran: false, why: missing };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

async function runScript(tests: UnsavedTests, signal: AbortSignal | undefined): Promise<TestRun> {
  const { workspace, sourcePath, sourceText, testName, testText, seconds = mostSeconds, corrects } = tests;
  const command = scriptTestsCommand(seconds);
  if (typeof command === "string") return { ran: false, why: command };
  const aliases = await aliasesIn(dirname(sourcePath), workspace);
  const question: ScriptTests = { path: join(workspace, testName), text: testText, sourcePath, sourceText, aliases, corrects };
  const { how, why, output } = await runLimited({ command, cwd: workspace, input: JSON.stringify(question), reads: true }, signal);
  signal?.throwIfAborted();
  if (output === "") return withoutReport(how, why);
  const { results, corrected } = scriptReport.parse(JSON.parse(output));
  return outcomeOf(results, corrected);
}

function withoutReport(how: ProgramEnd["how"], why: string): TestRun {
  if (how === "late" || how === "killed") return { ran: true, passed: [], failed: [{ name: "", reason: "The tests did not end." }] };
  return { ran: false, why: why || "it ended without a word." };
}

function outcomeOf(results: ScriptReport["results"], corrected: string | null | undefined): TestRun {
  const all = Object.entries(results);
  return {
    ran: true,
    passed: all.filter(([, { passed }]) => passed).map(([name]) => name),
    failed: all.filter(([, { passed }]) => !passed).map(([name, { reason }]) => ({ name, reason })),
    ...(corrected && { corrected }),
  };
}

/** The project's own interpreter, else the system's. */
function python(workspace: string): string {
  const windows = process.platform === "win32";
  const own = [".venv", "venv"].map((name) => join(workspace, name, windows ? "Scripts/python.exe" : "bin/python"));
  return own.find((path) => existsSync(path)) ?? (windows ? "python" : "python3");
}
