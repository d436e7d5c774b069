import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileAt } from "../ghost-text/git.ts";
import { endsWell } from "../ghost-text/run-program.ts";
import { pytest } from "./pytest.ts";

/** The commit whose programs are meant. */
const commit = "4257f44b0ff1181dedaedee6a447e133219fcebf";

/** A program of QuixBugs with its own tests. */
export interface Program {
  readonly name: string;
  /** The file with its mistake, and without. Behind the code it says what it should do. */
  readonly wrong: string;
  readonly right: string;
  /** True when a file in the place of the program passes the program's own tests. */
  passes(text: string): Promise<boolean>;
}

/** The programs of QuixBugs in Python that have tests, from a clone or its git directory alone. */
export function quixBugs(folder: string): readonly Program[] {
  const clone = join(folder, "QuixBugs");
  if (!existsSync(clone)) throw new Error(`${clone} is not there: a clone of jkoppel/QuixBugs.`);
  const read = (path: string) => fileAt(clone, commit, path).toString("utf8");
  const list = (path: string) =>
    execFileSync("git", ["-C", clone, "ls-tree", "--name-only", commit, `${path}/`], { encoding: "utf8" })
      .trim()
      .split("\n");
  const data = new Set(list("json_testcases"));
  const names = list("python_testcases").flatMap((path) => /\/test_(\w+)\.py$/.exec(path)?.[1] ?? []);
  return names.map((name) => {
    const tests = read(`python_testcases/test_${name}.py`);
    const file = `json_testcases/${name}.json`;
    const around = {
      "pytest.py": pytest,
      "node.py": read("python_testcases/node.py"),
      [`python_testcases/test_${name}.py`]: tests,
      "python_testcases/load_testdata.py": read("python_testcases/load_testdata.py"),
      ...(data.has(file) && { [file]: read(file) }),
    };
    return {
      name,
      wrong: read(`python_programs/${name}.py`).trimStart(),
      right: read(`correct_python_programs/${name}.py`).trimStart(),
      passes: (text) =>
        endsWell(`import sys\nsys.path[:0] = [".", "python_testcases"]\nimport pytest, test_${name}\npytest.run(test_${name})\n`, {
          ...around,
          [`python_programs/${name}.py`]: text,
        }),
    };
  });
}
