import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { Framework } from "#core/assist/tests/framework";
import { runLimited } from "../limited-process.ts";
import { pythonRunner } from "./python-runner.ts";

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

const report = z.object({
  missing: z.string().nullable(),
  results: z.record(z.string(), z.object({ passed: z.boolean(), reason: z.string() })),
  corrected: z.string().nullish(),
});

/** True for tests that can be run without the file being written: those whose loader takes a text in the place of a file. */
export function canRun(framework: Framework): boolean {
  return framework === "pytest" || framework === "unittest";
}

/** Runs tests in a process of its own with limits, without a network where the system lets us take it away. It never throws for what the tests do. */
export async function runTests(tests: UnsavedTests, signal?: AbortSignal): Promise<TestRun> {
  if (!canRun(tests.framework)) return { ran: false, why: `${tests.framework} tests are run by you: they need their file.` };
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
    if (said === undefined)
      return how === "late" || how === "killed"
        ? { ran: true, passed: [], failed: [{ name: "", reason: "The tests did not end." }] }
        : { ran: false, why: why || "it ended without a word." };
    const { missing, results, corrected } = report.parse(JSON.parse(said));
    if (missing !== null) return { ran: false, why: missing };
    const all = Object.entries(results);
    return {
      ran: true,
      passed: all.filter(([, { passed }]) => passed).map(([name]) => name),
      failed: all.filter(([, { passed }]) => !passed).map(([name, { reason }]) => ({ name, reason })),
      ...(corrected && { corrected }),
    };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The project's own interpreter, else the system's. */
function python(workspace: string): string {
  const windows = process.platform === "win32";
  const own = [".venv", "venv"].map((name) => join(workspace, name, windows ? "Scripts/python.exe" : "bin/python"));
  return own.find((path) => existsSync(path)) ?? (windows ? "python" : "python3");
}
