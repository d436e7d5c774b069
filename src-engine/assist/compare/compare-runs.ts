import { tmpdir } from "node:os";
import { z } from "zod";
import { findNode } from "../../process/node.ts";
import { runLimited } from "../limited-process.ts";
import { javascriptCommand } from "./javascript/command.ts";
import type { Neighbours } from "./neighbours.ts";
import { pythonCompare } from "./python-compare.ts";
import { pythonInputs } from "./python-inputs.ts";
import { pythonOutcomes } from "./python-outcomes.ts";
import { pythonPrograms } from "./python-programs.ts";
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

const program = `${pythonPrograms}
${pythonInputs}
${pythonOutcomes}
${pythonCompare}
config = json.loads(sys.stdin.read())
verdicts = []
if resource is None:
    verdicts.append({"verdict": "unknown", "why": "this system sets no limits to a program"})
else:
    for what, most in ((resource.RLIMIT_CPU, config["seconds"]), (resource.RLIMIT_AS, 1 << 30), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
    neighbours.update(config["neighbours"])
    for text in config["texts"]:
        verdicts.append(judge(config["original"], text))
        if verdicts[-1].get("count", 0) > 0:
            break
os.write(1, json.dumps(verdicts).encode())
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
  // The system's own interpreter: one that lies in a folder is a program of that folder.
  const command =
    node === undefined
      ? [process.platform === "win32" ? "python" : "python3", "-I", "-S", "-B", "-c", program]
      : javascriptCommand(languageId, seconds, node);
  if (command === undefined) return [{ verdict: "unknown", why: "functions in this language are not compared" }];
  const input = JSON.stringify({ original, texts, seconds, languageId, neighbours });
  const { how, why, output } = await runLimited({ command, cwd: tmpdir(), input, reads: true }, signal);
  signal?.throwIfAborted();
  if (output !== "") return z.array(verdictShape).parse(JSON.parse(output));
  const ended = isPython ? "Python could not compare them" : "they could not be compared here";
  return [{ verdict: "unknown", why: how === "ended" ? ended : why || "it took too long" }];
}
