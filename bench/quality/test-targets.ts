import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mutantsOf } from "#core/assist/tests/mutants";
import { endsWell } from "../ghost-text/run-program.ts";
import type { TestedFunction } from "./functions.ts";
import { pytest } from "./pytest.ts";
import { onePress, outcome, plainOutcome, type Target } from "./targets.ts";

/** A small project with one module, in which tests are written with pytest. */
export function testTarget({ id, name, path, text, wrong, passes }: TestedFunction): Target {
  const module = path.replace(/\.py$/, "");

  /** Right where the tests pass on the code and fail on the same code with a mistake in it. */
  async function judge(tests: string): Promise<boolean> {
    if (!(await run(tests, text))) return false;
    return !(await run(tests, wrong ?? (await mistaken()) ?? text));
  }
  const run = (tests: string, code: string) =>
    endsWell('import sys\nsys.path[:0] = ["."]\nimport pytest, test_written\npytest.run(test_written)\n', {
      "pytest.py": pytest,
      [path]: code,
      "test_written.py": tests,
    });
  /** A mistake that the function's own tests see; others may be none. */
  async function mistaken(): Promise<string | undefined> {
    for (const mutant of mutantsOf(text, "python", 12)) if (!(await passes(mutant))) return mutant;
    return undefined;
  }

  return {
    id,
    async ours(ours) {
      const workspace = mkdtempSync(join(tmpdir(), "localcoder-bench-project-"));
      mkdirSync(join(workspace, "tests"));
      writeFileSync(join(workspace, "requirements.txt"), "pytest\n");
      writeFileSync(join(workspace, path), text);
      try {
        const selection = await onePress(ours, text, name);
        const request = {
          action: "test",
          path: join(workspace, path),
          languageId: "python",
          workspace,
          text,
          selection,
          verify: ours.verify,
        };
        const answer = await ours.run(request);
        const { offered, ...rest } = outcome(answer, true, await judge(answer.text));
        return { ...rest, offered: offered && answer.text !== "" };
      } finally {
        rmSync(workspace, { recursive: true, force: true });
      }
    },
    async plain(plain) {
      const answer = await plain.ask("test", text.replace(/\n\n+"""[\s\S]*$/, "\n"), "python", module);
      return plainOutcome(answer, true, await judge(answer.code));
    },
  };
}
