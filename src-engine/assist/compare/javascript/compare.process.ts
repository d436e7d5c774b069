import { json } from "node:stream/consumers";
import type { Neighbours } from "../neighbours.ts";
import type { Verdict } from "../verdict.ts";
import { createJudge } from "./judge.ts";

/** The entry of the process that compares functions in JavaScript and TypeScript: a question in its input, an answer in its output. */

const { original, texts, languageId, neighbours } = (await json(process.stdin)) as {
  readonly original: string;
  readonly texts: readonly string[];
  readonly languageId: string;
  readonly neighbours: Neighbours;
};
const verdicts: Verdict[] = [];
try {
  // What a process may is said where it is started, and looked at before anything is run.
  if (process.permission === undefined || process.permission.has("fs.write")) throw new Error("It may do more than compute.");
  const judge = createJudge(original, languageId, neighbours);
  for (const text of texts) {
    const verdict = judge(text);
    verdicts.push(verdict);
    if (verdict.verdict === "same" && verdict.count > 0) break;
  }
} catch (error) {
  verdicts.push({ verdict: "unknown", why: error instanceof Error ? error.message : String(error) });
}
process.stdout.write(JSON.stringify(verdicts));
