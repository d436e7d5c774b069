import { json } from "node:stream/consumers";
import { furtherCalls, type TestedFunction } from "../../tests/script/further.ts";
import type { Neighbours } from "../neighbours.ts";
import type { Verdict } from "../verdict.ts";
import { createJudge } from "./judge.ts";
import { Unknown } from "./source.ts";

/**
 * The entry of the process that calls functions in JavaScript and TypeScript, to compare them or to find results for tests: a question in its
 * input, an answer in its output.
 */

interface Comparison {
  readonly original: string;
  readonly texts: readonly string[];
  readonly languageId: string;
  readonly neighbours: Neighbours;
}

const question = (await json(process.stdin)) as Comparison | TestedFunction;
// What a process may is said where it is started, and looked at before anything is run.
const isLimited = process.permission !== undefined && !process.permission.has("fs.write");
process.stdout.write(JSON.stringify("tests" in question ? find(question) : compare(question)));

function compare({ original, texts, languageId, neighbours }: Comparison): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  try {
    if (!isLimited) throw new Error("It may do more than compute.");
    const judge = createJudge(original, languageId, neighbours);
    for (const text of texts) {
      const verdict = judge(text);
      verdicts.push(verdict);
      if (verdict.verdict === "same" && verdict.count > 0) break;
    }
  } catch (error) {
    verdicts.push({ verdict: "unknown", why: error instanceof Error ? error.message : String(error) });
  }
  return verdicts;
}

function find(tested: TestedFunction): ReturnType<typeof furtherCalls> {
  if (!isLimited) return [];
  try {
    return furtherCalls(tested);
  } catch (reason) {
    if (reason instanceof Unknown) return [];
    throw reason;
  }
}
