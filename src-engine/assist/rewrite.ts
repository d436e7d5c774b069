import type { AssistEvent, Doubt } from "#core/contracts/assist";
import { cleanCode } from "#core/edits/clean";
import { exchangeLines } from "#core/edits/exchanges";
import type { Frame } from "#core/edits/frame";
import { type Attempt, ask, badness, type Question, type Run, sum } from "./attempt.ts";
import { findDoubtfulLine } from "./doubtful-line.ts";
import { judge } from "./judge.ts";
import { findsMistakes, mayCompare } from "./kept-behaviour.ts";
import { leastBytesForSurroundings, type Prepared } from "./prepare.ts";
import { byRules, isLeftToRules, noteCompared } from "./rules/by-rules.ts";

/** Another try is worth it only while the first one was short. */
const longestRetried = 600;

/** Quiet tries after the first one, and how many it may be where running code tells a good answer from a bad one. */
const mostRetries = 2;
const mostComparedRetries = 4;

/** How random they are for a small model: the first one, nearly without chance, has just failed. */
const retryTemperatures = [0.6, 0.8, 0.8, 1];

/** From here on a line speaks louder than the answer as a whole; measured on QuixBugs with the 0.5B, see docs/quality.md. */
const clearlyWrong = 0.3;
/** Enough where the answer as a whole changes nothing, or cannot be used. */
const perhapsWrong = 0.1;

/** Asks for the text in place of a selection, and again where the answer is of no use; the best attempt, with its doubts. */
export async function* rewrite(run: Run, frame: Frame, prepared: Prepared): AsyncGenerator<AssistEvent, Attempt, void> {
  const { action, settings, recorder, loaded } = run;
  const { prompt, maxTokens, budget } = prepared;
  const temperature = settings["localcoder.inference.temperature"];
  const exchanging = prepared.context.exchanges ? exchangerOf(prepared, frame) : undefined;
  const clean = exchanging?.clean ?? cleanerOf(run, frame);
  if (isLeftToRules(run)) {
    const ruled = yield* byRules(run, frame, prepared, true);
    if (ruled !== undefined) return ruled;
  }
  const judged = async function* (question: Partial<Question>): AsyncGenerator<AssistEvent, Attempt, void> {
    const said = yield* ask(run, { prompt, temperature, maxTokens, budget, clean, ...question });
    const why = exchanging?.why();
    return why === undefined ? await judge(run, frame, said) : { ...said, doubts: [{ kind: "empty", message: why, blocks: true }] };
  };
  let best = yield* judged({});
  const again = action.again?.(prepared.context);
  let last = best;
  let { tokens } = best;
  const line = looksAtLines(run) ? yield* findDoubtfulLine(run, frame, prepared.context.purpose) : undefined;
  if (line !== undefined && line.suspicion >= (badness(best) > 0 ? perhapsWrong : clearlyWrong)) {
    recorder.add("note", `The model would write “${line.guess}” in the place of “${line.line}”.`);
    const other = await judge(run, frame, { tokens: best.tokens, text: line.body, stop: "end" });
    if (badness(other) <= badness(best)) {
      recorder.endAnswer();
      recorder.append(line.body);
      best = other;
    }
  }
  for (let number = 0; number < retriesOf(run, best); number += 1) {
    const reason = reasonToRetry(run, best, again !== undefined || mayCompare(run));
    if (reason === undefined || last.tokens.generated > longestRetried) break;
    recorder.add("note", `${reason.message} Another answer was asked for.`);
    yield { type: "waiting", reason: `${reason.message} Trying once more.` };
    const other =
      loaded.bytes >= leastBytesForSurroundings
        ? { prompt: withFeedback(prepared.prompt, exchanging?.said() ?? last.text, reason), ownPrompt: true }
        : {
            temperature: retryTemperatures[number] ?? temperature,
            ...(again && !reason.blocks && number < mostRetries && { prompt: again, ownPrompt: true }),
          };
    last = yield* judged({ ...other, quiet: true });
    tokens = sum(tokens, last.tokens);
    if (badness(last) < badness(best)) best = last;
    else recorder.add("note", "The answer before was the better one.");
  }
  // An answer of which nothing is shown may still be good, where nothing can be shown.
  if (best.doubts.some(({ kind }) => kind !== "unproven" || mayCompare(run))) best = (yield* byRules(run, frame, prepared, false)) ?? best;
  if (best.compared) yield* noteCompared(run, best.compared);
  return { ...best, tokens };
}

/** How often another answer may be asked for. */
function retriesOf(run: Run, best: Attempt): number {
  if (run.request.mode === "rush") return 0;
  return isTold(run, best) ? mostComparedRetries : mostRetries;
}

/** True where running code tells whether an answer is good: not everything may be run. */
function isTold(run: Run, { doubts }: Attempt): boolean {
  return mayCompare(run) && !doubts.some(({ kind }) => kind === "unproven");
}

/** A mistake is looked for line by line where nothing says where it is, and the model is here: on a server each line is a request. */
function looksAtLines(run: Run): boolean {
  return findsMistakes(run) && run.model.served === undefined && run.request.mode !== "rush";
}

/** What an answer with doubts lacks that another try may bring; undefined where it may stay as it is. */
function reasonToRetry({ action }: Run, { doubts }: Attempt, hasOther: boolean): Doubt | undefined {
  if (action.shows !== "diff") return undefined;
  const told = doubts.find(({ blocks, kind }) => blocks || kind === "problem");
  if (told !== undefined || !hasOther) return told;
  return doubts.find(({ kind }) => kind === "unchanged" || kind === "behaviour");
}

/** Models of 3B and more repair what they are told; smaller ones do not, and are asked again instead. */
function withFeedback(prompt: Question["prompt"], answer: string, { message }: Doubt): Question["prompt"] {
  const said = prompt.answerPrefix === "" ? answer : `${prompt.answerPrefix}${answer}\n${prompt.answerPrefix.match(/^`+/)?.[0] ?? ""}`;
  return {
    ...prompt,
    messages: [
      ...prompt.messages,
      { role: "assistant", text: said.slice(0, 6000) },
      { role: "user", text: `That cannot be used: ${message} Write it again, complete and correct.` },
    ],
  };
}

/** Makes the whole text of answers that name the lines they replace; `why` tells of the last one why that could not be. */
function exchangerOf({ prompt }: Prepared, frame: Frame) {
  let said = "";
  let why: string | undefined;
  const clean: Question["clean"] = (raw, final) => {
    if (!final) return "";
    said = raw;
    const came = exchangeLines(frame.body, prompt.answerPrefix + raw);
    why = "why" in came ? came.why : undefined;
    return "why" in came ? "" : came.text;
  };
  return { clean, why: () => why, said: () => said };
}

/** Takes the text that is meant out of a raw answer. */
function cleanerOf({ action, request }: Run, frame: Frame): Question["clean"] {
  const whole = { selection: frame.body, languageId: request.languageId };
  return (raw, final) => {
    if (action.shows === "card") return final && action.compose ? action.compose(raw, whole) : raw.trim();
    if (action.compose === undefined) return cleanCode(raw, frame.body, final);
    // A part of the selection, which is put into its place when it is whole.
    return final ? action.compose(raw, whole) : "";
  };
}
