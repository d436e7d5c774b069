import { tmpdir } from "node:os";
import { z } from "zod";
import { findNode } from "../../process/node.ts";
import { runLimited } from "../limited-process.ts";
import { javascriptCommand } from "./javascript/command.ts";
import type { Neighbours } from "./neighbours.ts";
import { pythonCommand } from "./python-command.ts";
import { type Verdict, verdictShape } from "./verdict.ts";

/** A document and others that are to do the same. */
export interface Comparison {
  readonly languageId: string;
  readonly original: string;
  readonly texts: readonly string[];
  /** What it imports from other files; nothing where that is not said. */
  readonly neighbours?: Neighbours;
}

/** Seconds of processor time for all of it. */
const seconds = 40;

const program = `
verdicts = []
if limit():
    for text in config["texts"]:
        verdicts.append(judge(config["original"], text))
        if verdicts[-1].get("count", 0) > 0:
            break
else:
    verdicts.append({"verdict": "unknown", "why": "this system sets no limits to a program"})
answer(verdicts)
`;

/**
 * Runs the functions that differ, before and after, with the same arguments; functions that only compute, in a process with limits. The
 * verdicts of the texts in order, up to the first that is another and does the same.
 */
export async function compareRuns(
  { languageId, original, texts, neighbours = { imports: {}, files: {} } }: Comparison,
  signal?: AbortSignal,
): Promise<readonly Verdict[]> {
  const isPython = languageId === "python";
  const node = isPython ? undefined : findNode();
  if (!isPython && node === undefined) return [{ verdict: "unknown", why: "there is no Node on this machine to run them in" }];
  const command = node === undefined ? pythonCommand(program) : javascriptCommand(languageId, seconds, node);
  if (command === undefined) return [{ verdict: "unknown", why: "functions in this language are not compared" }];
  const input = JSON.stringify({ original, texts, seconds, languageId, neighbours });
  const { how, why, output } = await runLimited({ command, cwd: tmpdir(), input, reads: true }, signal);
  signal?.throwIfAborted();
  if (output !== "") return z.array(verdictShape).parse(JSON.parse(output));
  const ended = isPython ? "Python could not compare them" : "they could not be compared here";
  return [{ verdict: "unknown", why: how === "ended" ? ended : why || "it took too long" }];
}
