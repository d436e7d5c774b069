import { tmpdir } from "node:os";
import { z } from "zod";
import type { Framework } from "#core/assist/tests/framework";
import { withUnixLineEnds } from "#core/edits/lines";
import type { Request } from "../assist.ts";
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
 * Finds calls of a function in Python that small mistakes in it show at and that its tests do not make: none where the function may do more
 * than compute, or where arguments for it can be neither found nor written out.
 */
export async function furtherResults(request: Request, name: string, tests: string, signal?: AbortSignal): Promise<readonly FoundResult[]> {
  if (request.languageId !== "python") return [];
  const text = withUnixLineEnds(request.text);
  const neighbours = await neighboursOf({ ...request, text }, signal);
  const input = JSON.stringify({ text, name, tests, seconds, neighbours });
  const { output } = await runLimited({ command: pythonCommand(program), cwd: tmpdir(), input, reads: true }, signal);
  signal?.throwIfAborted();
  return output === "" ? [] : resultShape.parse(JSON.parse(output));
}

/** A test of results in Python, as it stands in a file of its own behind `head`. */
export function testOfResults(framework: Framework, name: string, results: readonly FoundResult[]): string {
  const isMethod = framework === "unittest";
  const asserted = ({ call, result }: FoundResult) => {
    const isOne = /^(?:None|True|False)$/.test(result);
    if (isMethod) return isOne ? `self.assertIs(${call}, ${result})` : `self.assertEqual(${call}, ${result})`;
    return `assert ${call} ${isOne ? "is" : "=="} ${result}`;
  };
  const lines = [
    `def test_${name.replace(/^_+/, "")}_further_results(${isMethod ? "self" : ""}):`,
    "    # What the code gave when this was written, for arguments at which small mistakes show.",
    ...results.map((each) => `    ${asserted(each)}`),
  ];
  return `${lines.map((line) => (isMethod ? `    ${line}` : line)).join("\n")}\n`;
}
