import { doubtsOfExplanation, doubtsOfRewrite, saysTheSame } from "#core/assist/checks/doubts";
import { withExports } from "#core/assist/checks/names";
import { linesOf } from "#core/assist/title";
import { withCounted } from "#core/completion/counting";
import type { Doubt } from "#core/contracts/assist";
import { withoutKnownImports } from "#core/edits/clean";
import { type Frame, restoreFrame } from "#core/edits/frame";
import type { Attempt, Run, Said } from "./attempt.ts";
import { findsMistakes, mayCompare, withBehaviour, withRepair } from "./kept-behaviour.ts";
import { newFaults } from "./new-faults.ts";

/** What a model, or code, wrote in the place of a selection, with all that speaks against it. */
export async function judge(run: Run, frame: Frame, said: Said): Promise<Attempt> {
  const { action, request, parsers, signal } = run;
  const { text: cleaned, stop } = said;
  if (action.shows === "card") return { ...said, doubts: doubtsOfExplanation(cleaned, stop) };
  const counted = withCounted(cleaned, 0, stop);
  if (counted !== cleaned && counted !== "") {
    const sound = await judge(run, frame, { ...said, text: counted, stop: "end" });
    if (!sound.doubts.some(({ blocks }) => blocks)) return { ...sound, doubts: [...sound.doubts, countedOn] };
  }
  const { text, selection, languageId } = request;
  const [before, after] = [text.slice(0, selection.start), text.slice(selection.end)];
  const elsewhere = `${before}\n${after}`;
  const kept = withExports(withoutKnownImports(cleaned, frame.body, elsewhere), frame.body);
  // What differs only in what is restored anyway is no change.
  const restored = kept === "" ? "" : restoreFrame(frame, kept);
  const answer = restored === text.slice(selection.start, selection.end) ? frame.body : kept;
  const instruction = request.instruction?.trim() ?? "";
  const doubts = doubtsOfRewrite({ languageId, original: frame.body, answer, stop, instruction, elsewhere });
  if (
    (action.keepsBehaviour || findsMistakes(run)) &&
    instruction === "" &&
    answer !== frame.body &&
    saysTheSame(frame.body, answer, languageId)
  )
    doubts.push({ kind: "unchanged", message: "Only blanks and comments would change.", blocks: false });
  const attempt = { ...said, text: answer, doubts };
  // From cheap to dear: what cannot be used anyway is not parsed, and what is not sound is not run.
  const isUseless = ({ kind, blocks }: Doubt) => kind === "unchanged" || (blocks && !(kind === "shrunk" && mayCompare(run)));
  if (answer === "" || doubts.some(isUseless)) return attempt;
  const faults = await newFaults(parsers, { languageId, before: text, after: before + restored + after, start: selection.start }, signal);
  if (faults !== undefined) return { ...attempt, doubts: [faults, ...doubts] };
  const problem = (await newProblem(run, restored)) ?? (await unsolvedProblem(run, restored));
  const judged = problem === undefined ? attempt : { ...attempt, doubts: [problem, ...doubts] };
  if (action.keepsBehaviour) return withBehaviour(run, frame, judged);
  return findsMistakes(run) ? withRepair(run, frame, judged) : judged;
}

const countedOn: Doubt = {
  kind: "repetition",
  message: "The answer went on with the same for one number after the other and was stopped; what came before that is kept.",
  blocks: false,
};

/** What the compiler says of the document with the answer in it, and did not say before. */
async function newProblem({ request, compiler }: Run, answer: string): Promise<Doubt | undefined> {
  const { text, selection, path, languageId, workspace } = request;
  const found = await compiler?.diagnose({
    path,
    languageId,
    ...(workspace !== undefined && { workspace }),
    prefix: text.slice(0, selection.start),
    suffix: text.slice(selection.start),
    offset: selection.start,
    text: answer,
    replaces: selection.end - selection.start,
  });
  if (found === undefined) return undefined;
  const line = found.line - linesOf(text, selection).from + 1;
  const where = line > 0 && line <= answer.split(/\r\n|\r|\n/).length ? `Line ${line} of the answer` : `Line ${found.line} of the file`;
  return { kind: "problem", message: `${where}: ${found.message}`, blocks: false };
}

/** The first of the problems that were to be repaired of which the compiler still says the same in these lines. */
async function unsolvedProblem({ action, request, compiler }: Run, answer: string): Promise<Doubt | undefined> {
  const { text, selection, path, languageId, workspace, problems = [] } = request;
  if (compiler === undefined || !action.looksAtLines || problems.length === 0) return undefined;
  const { from, to } = linesOf(text, selection);
  const meant = problems.filter(({ line }) => line >= from && line <= to).map(({ message }) => inOneLine(message));
  if (meant.length === 0) return undefined;
  const after = text.slice(0, selection.start) + answer + text.slice(selection.end);
  const place = { path, languageId, ...(workspace !== undefined && { workspace }), prefix: after, suffix: "", offset: after.length };
  const last = from + answer.split(/\r\n|\r|\n/).length - 1;
  const errors = await compiler.errors(place);
  const found = errors.find(({ line, message }) => line >= from && line <= last && meant.includes(inOneLine(message)));
  if (found === undefined) return undefined;
  return { kind: "problem", message: `Line ${found.line - from + 1} of the answer: this is still said: ${found.message}`, blocks: false };
}

/** As it is said over several lines elsewhere. */
function inOneLine(message: string): string {
  return message.replace(/\s+/g, " ").trim();
}
