import { tmpdir } from "node:os";
import { z } from "zod";
import { runLimited } from "../limited-process.ts";
import { pythonCompare } from "./python-compare.ts";
import { pythonInputs } from "./python-inputs.ts";
import { pythonPrograms } from "./python-programs.ts";

const verdict = z.discriminatedUnion("verdict", [
  z.object({ verdict: z.literal("same"), count: z.number() }),
  z.object({ verdict: z.literal("different"), why: z.string() }),
  z.object({ verdict: z.literal("unknown"), why: z.string() }),
]);
/** Whether a document still does what it did: the same for `count` arguments, something else, or nobody can say. */
export type Verdict = z.infer<typeof verdict>;

/** A document and others that are to do the same. */
export interface Comparison {
  readonly languageId: string;
  readonly original: string;
  readonly texts: readonly string[];
}

/** Seconds of processor time for all of it. */
const seconds = 40;

const program = `${pythonPrograms}
${pythonInputs}
${pythonCompare}
config = json.loads(sys.stdin.read())
verdicts = []
if resource is None:
    verdicts.append({"verdict": "unknown", "why": "this system sets no limits to a program"})
else:
    for what, most in ((resource.RLIMIT_CPU, config["seconds"]), (resource.RLIMIT_AS, 1 << 30), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))
    for text in config["texts"]:
        verdicts.append(judge(config["original"], text))
        if verdicts[-1].get("count", 0) > 0:
            break
os.write(1, json.dumps(verdicts).encode())
`;

/**
 * Runs the functions that differ, before and after, with the same arguments; functions that only compute, in Python, in a process with
 * limits. The verdicts of the texts in order, up to the first that is another and does the same.
 */
export async function compareRuns({ languageId, original, texts }: Comparison, signal?: AbortSignal): Promise<readonly Verdict[]> {
  if (languageId !== "python") return [{ verdict: "unknown", why: "only functions in Python are compared" }];
  const input = JSON.stringify({ original, texts, seconds });
  // The system's own interpreter: one that lies in a folder is a program of that folder.
  const command = [process.platform === "win32" ? "python" : "python3", "-I", "-S", "-B", "-c", program];
  const { how, why, output } = await runLimited({ command, cwd: tmpdir(), input, reads: true }, signal);
  signal?.throwIfAborted();
  if (output !== "") return z.array(verdict).parse(JSON.parse(output));
  return [{ verdict: "unknown", why: how === "ended" ? "Python could not compare them" : why || "it took too long" }];
}
