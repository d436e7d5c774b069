import { linesOf } from "#core/assist/title";
import { estimateTokens } from "#core/context/budget";
import { isMachineMade } from "#core/context/exclusions";
import type { AssistEvent, Doubt } from "#core/contracts/assist";
import { type Frame, frameSelection, restoreFrame } from "#core/edits/frame";
import { type Attempt, type Run, sum } from "./attempt.ts";
import { type Prepared, takesExchanges } from "./prepare.ts";
import { rewrite } from "./rewrite.ts";
import { cutSpans, type Span } from "./spans.ts";

/** A selection is rewritten as a whole up to this share of the window; with more, small models lose the thread. */
const shareOfWindow = 0.25;

/** UTF-16 units of a selection beyond which nobody waits for its parts. */
const longestCut = 200_000;

/** The parts in which a selection is rewritten; empty where it is small enough to be rewritten as a whole, or cannot be cut. */
export async function spansFor({ action, request, settings, parsers, loaded, signal }: Run, frame: Frame): Promise<readonly Span[]> {
  if (action.shows !== "diff" || action.compose !== undefined || frame.body.length > longestCut) return [];
  // It may take minutes to parse, and has no parts that anybody named.
  if (isMachineMade(frame.body)) return [];
  const most = Math.min(settings["localcoder.inference.maxTokens"], loaded.contextSize * shareOfWindow);
  const fits = (part: string) => estimateTokens(part) <= most;
  // Who names the lines to replace reads them all, and writes few.
  const isRead = takesExchanges(action, loaded.bytes, frame.body) && estimateTokens(frame.body) <= loaded.contextSize / 2;
  if (isRead || fits(frame.body)) return [];
  const spans = await cutSpans(parsers, request.languageId, request.text, request.selection, fits, signal);
  const meant = spans.filter((span) => isMeant(request, span));
  return meant.length > 0 ? meant : spans;
}

/** Problems say where something is to be done, and so does an instruction that names what is declared there. */
function isMeant({ text, problems = [], instruction = "" }: Run["request"], { start, end }: Span): boolean {
  const { from, to } = linesOf(text, { start, end });
  if (problems.length > 0) return problems.some(({ line }) => line >= from && line <= to);
  const [first = ""] = text.slice(start, end).split("\n", 1);
  const names = first.match(/[\p{L}_$][\p{L}\p{N}_$]{3,}/gu) ?? [];
  return names.some((name) => new RegExp(`(?<![\\p{L}\\p{N}_$])${name.replaceAll("$", "\\$")}(?![\\p{L}\\p{N}_$])`, "u").test(instruction));
}

/**
 * Rewrites the parts of a selection one after the other. A part whose answer cannot be used stays as it was, and that is said. The text
 * of the attempt is that of the selection, as it stands in the document.
 */
export async function* rewriteSpans(
  run: Run,
  spans: readonly Span[],
  prepare: (run: Run, frame: Frame) => Promise<Prepared>,
  note: (recorder: Run["recorder"], prepared: Prepared) => void,
): AsyncGenerator<AssistEvent, Attempt, void> {
  const { request, recorder } = run;
  const { text, selection } = request;
  const doubts: Doubt[] = [];
  let attempt: Attempt | undefined;
  let written = "";
  let at = selection.start;
  for (const [index, span] of spans.entries()) {
    const { from, to } = linesOf(text, span);
    yield { type: "waiting", reason: `Part ${index + 1} of ${spans.length}, lines ${from}–${to}.` };
    const part: Run = { ...run, request: { ...request, selection: span } };
    const frame = frameSelection(text, span);
    const prepared = await prepare(part, frame);
    note(recorder, prepared);
    const result = yield* withoutText(rewrite(part, frame, prepared));
    const blocked = result.doubts.find(({ blocks }) => blocks);
    if (blocked !== undefined)
      doubts.push({ ...blocked, blocks: false, message: `Lines ${from}–${to} stay as they are. ${blocked.message}` });
    else
      for (const doubt of result.doubts)
        if (doubt.kind !== "unchanged") doubts.push({ ...doubt, message: `Lines ${from}–${to}: ${doubt.message}` });
    const kept = blocked === undefined ? restoreFrame(frame, result.text) : text.slice(span.start, span.end);
    written += text.slice(at, span.start) + kept;
    at = span.end;
    attempt = attempt === undefined ? result : { ...result, tokens: sum(attempt.tokens, result.tokens) };
  }
  if (attempt === undefined) throw new Error("There is no part to rewrite.");
  const whole = written + text.slice(at, selection.end);
  if (whole === text.slice(selection.start, selection.end) && doubts.length === 0)
    doubts.push({ kind: "unchanged", message: "The model proposes no change.", blocks: false });
  return { ...attempt, text: whole, stop: "end", doubts };
}

/** What is written of a part is not the beginning of the whole; how far it is, is shown. */
async function* withoutText<Result>(events: AsyncGenerator<AssistEvent, Result, void>): AsyncGenerator<AssistEvent, Result, void> {
  try {
    for (let next = await events.next(); ; next = await events.next()) {
      if (next.done) return next.value;
      if (next.value.type !== "text") yield next.value;
    }
  } finally {
    await events.return(undefined as Result);
  }
}
