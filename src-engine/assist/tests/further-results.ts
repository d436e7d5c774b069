import { tmpdir } from "node:os";
import { z } from "zod";
import type { Framework } from "#core/assist/tests/framework";
import { withUnixLineEnds } from "#core/edits/lines";
import { findNode } from "../../process/node.ts";
import type { Request } from "../assist.ts";
import { javascriptCommand } from "../compare/javascript/command.ts";
import { neighboursOf } from "../compare/neighbours.ts";
import { pythonCommand } from "../compare/python-command.ts";
import { runLimited } from "../limited-process.ts";
import { pythonFurther } from "./python-further.ts";

/** A call as it is written in a test, and what the code gives for it. */
export interface FoundResult {
  readonly call: string;
  readonly result: string;
}

const resultShape = z.array(z.object({ call: z.string(), result: z.string() }));

/** Seconds of processor time. */
const seconds = 25;

const program = `${pythonFurther}
try:
    answer(further(config["text"], config["name"], config["tests"]) if limit() else [])
except (Unknown, SyntaxError, RecursionError, MemoryError):
    answer([])
`;

/**
 * Finds calls of a function that small mistakes in it show at and that its tests do not make: none where the function may do more than
 * compute, where arguments for it can be neither found nor written out, and in languages whose functions are not called.
 */
export async function furtherResults(request: Request, name: string, tests: string, signal?: AbortSignal): Promise<readonly FoundResult[]> {
  const { languageId } = request;
  const command = commandFor(languageId);
  if (command === undefined) return [];
  const text = withUnixLineEnds(request.text);
  const neighbours = await neighboursOf({ ...request, text }, signal);
  const input = JSON.stringify({ text, languageId, name, tests, seconds, neighbours });
  const { output } = await runLimited({ command, cwd: tmpdir(), input, reads: true }, signal);
  signal?.throwIfAborted();
  return output === "" ? [] : resultShape.parse(JSON.parse(output));
}

function commandFor(languageId: string): readonly string[] | undefined {
  if (languageId === "python") return pythonCommand(program);
  const node = findNode();
  return node && javascriptCommand(languageId, seconds, node);
}

const comment = "What the code gives where small mistakes show.";

/** A test of results, as it stands in a file of its own behind `head`. */
export function testOfResults(framework: Framework, name: string, results: readonly FoundResult[]): string {
  switch (framework) {
    case "pytest":
      return `def ${pythonName(name)}():\n    # ${comment}\n${lines(results, "    ", asserted)}`;
    case "unittest":
      return `    def ${pythonName(name)}(self):\n        # ${comment}\n${lines(results, "        ", assertedByMethod)}`;
    default: {
      const declare = framework === "mocha" ? "it" : "test";
      const expects = framework === "vitest" || framework === "jest" ? expected : assertedByFunction;
      return `${declare}("${name}: further results", () => {\n  // ${comment}\n${lines(results, "  ", expects)}});\n`;
    }
  }
}

function lines(results: readonly FoundResult[], indent: string, written: (result: FoundResult) => string): string {
  return results.map((each) => `${indent}${written(each)}\n`).join("");
}

const pythonName = (name: string) => `test_${name.replace(/^_+/, "")}_further_results`;
const isSingle = (result: string) => /^(?:None|True|False)$/.test(result);
const isDeep = (result: string) => /^[[{]/.test(result);
const asserted = ({ call, result }: FoundResult) => `assert ${call} ${isSingle(result) ? "is" : "=="} ${result}`;
const assertedByMethod = ({ call, result }: FoundResult) => `self.${isSingle(result) ? "assertIs" : "assertEqual"}(${call}, ${result})`;
const expected = ({ call, result }: FoundResult) => `expect(${call}).${isDeep(result) ? "toEqual" : "toBe"}(${result});`;
const assertedByFunction = ({ call, result }: FoundResult) =>
  `assert.${isDeep(result) ? "deepStrictEqual" : "strictEqual"}(${call}, ${result});`;
