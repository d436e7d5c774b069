import { doubtsOfBehaviour } from "#core/assist/checks/behaviour";
import { comparedByRunning, lexiconOf } from "#core/assist/checks/languages";
import type { Doubt } from "#core/contracts/assist";
import { type Frame, restoreFrame } from "#core/edits/frame";
import { applyHunks, type Hunk, hunks } from "#core/edits/hunks";
import type { Attempt, Run } from "./attempt.ts";
import { compareRuns } from "./compare/compare-runs.ts";
import { neighboursOf } from "./compare/neighbours.ts";
import type { Verdict } from "./compare/verdict.ts";
import { leastBytesForSurroundings } from "./prepare.ts";

/** Of so many changes, all ways to keep some of them are tried. */
const mostHunks = 5;
/** Of so many, each is left out, and each is kept alone; with more, which of them are good is not tried out. */
const mostSingleHunks = 12;

/** True where functions may be run to see whether they do the same. */
export function mayCompare({ action, request }: Run): boolean {
  return action.keepsBehaviour === true && mayRun(request);
}

function mayRun({ verify, languageId }: Run["request"]): boolean {
  return verify === true && comparedByRunning(languageId);
}

/** Makes what compares the code as it was with texts in place of the selection. */
async function comparison({ request, signal }: Run, frame: Frame): Promise<(bodies: readonly string[]) => ReturnType<typeof compareRuns>> {
  const { text: original, selection, languageId } = request;
  const whole = (body: string) => original.slice(0, selection.start) + restoreFrame(frame, body) + original.slice(selection.end);
  const neighbours = await neighboursOf(request, signal);
  return (bodies) => compareRuns({ languageId, original, texts: bodies.map(whole), neighbours }, signal);
}

/**
 * An attempt with what speaks against it doing the same as before. Where functions may be run, both are, and of an answer that does
 * something else the changes are kept that do not; else its words and signs are compared.
 */
export async function withBehaviour(run: Run, frame: Frame, attempt: Attempt): Promise<Attempt> {
  const guessed = doubtsOfBehaviour(frame.body, attempt.text, run.request.languageId);
  const other = (doubts: readonly Doubt[]): Attempt => ({ ...attempt, doubts: [...attempt.doubts, ...doubts] });
  if (!mayCompare(run)) return other(guessed.length > 0 ? guessed : unproven(run, ""));
  const compare = await comparison(run, frame);
  const [verdict] = await compare([attempt.text]);
  if (verdict === undefined) return other(guessed);
  if (verdict.verdict === "same" && verdict.count === 0)
    return other([{ kind: "unchanged", message: "Only the layout and comments would change.", blocks: false }]);
  if (verdict.verdict === "same") return compared(attempt, verdict);
  if (verdict.verdict === "unknown") return other([...guessed, ...unproven(run, `: ${verdict.why}`)]);
  const parts = partsOf(frame.body, attempt.text);
  const verdicts = parts.length === 0 ? [] : await compare(parts);
  const sound = verdicts.findIndex((each) => each.verdict === "same" && each.count > 0);
  if (sound >= 0) return compared({ ...attempt, text: parts[sound] ?? "", doubts: [] }, verdicts[sound]);
  return other([{ kind: "behaviour", message: verdict.why, blocks: false }]);
}

/** True where an action looks for a mistake that nobody named. */
export function findsMistakes({ action, request }: Pick<Run, "action" | "request">): boolean {
  return action.looksAtLines === true && (request.problems?.length ?? 0) === 0 && (request.instruction?.trim() ?? "") === "";
}

/** A repair with that against it that it does what the code did before: of a mistake that nobody named, where functions may be run. */
export async function withRepair(run: Run, frame: Frame, attempt: Attempt): Promise<Attempt> {
  if (!mayRun(run.request)) return attempt;
  const compare = await comparison(run, frame);
  const [verdict] = await compare([attempt.text]);
  if (verdict?.verdict !== "same") return attempt;
  const message = `It does what the code did before${verdict.count > 0 ? `, for ${verdict.count} inputs` : ""}: that repairs nothing.`;
  return { ...attempt, doubts: [...attempt.doubts, { kind: "unchanged", message, blocks: false }] };
}

/** Where both did the same, that lines are gone is no doubt. */
function compared(attempt: Attempt, verdict: Verdict | undefined): Attempt {
  const count = verdict?.verdict === "same" ? verdict.count : 0;
  return { ...attempt, doubts: attempt.doubts.filter(({ kind }) => kind !== "shrunk"), compared: count };
}

/** The original with some of the changes of an answer, those with most changes first. */
function partsOf(original: string, answer: string): readonly string[] {
  const all = hunks(`${original}\n`, `${answer}\n`);
  if (all.length < 2 || all.length > mostSingleHunks) return [];
  const some = (kept: readonly Hunk[]) => applyHunks(`${original}\n`, kept).slice(0, -1);
  if (all.length > mostHunks) return [...all.map((one) => some(all.filter((each) => each !== one))), ...all.map((one) => some([one]))];
  const sets = Array.from({ length: 2 ** all.length - 2 }, (_, index) => all.filter((_hunk, bit) => ((index + 1) >> bit) & 1));
  return sets.sort((one, another) => another.length - one.length).map(some);
}

/** Small models change what code does more often than not. */
function unproven({ request, loaded }: Run, why: string): Doubt[] {
  // Of a model on a server the size may not be known.
  const small = loaded.bytes > 0 && loaded.bytes < leastBytesForSurroundings;
  if (!small || lexiconOf(request.languageId) === undefined) return [];
  return [{ kind: "unproven", message: `It is not shown that this still does the same${why}.`, blocks: false }];
}
