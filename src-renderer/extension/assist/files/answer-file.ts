import { composeAnswers, type PartAnswer } from "#core/assist/composed";
import { isOfOnePlace } from "#core/assist/one-by-one";
import type { ErrorCode } from "#core/base/errors";
import type { AssistAnswer, AssistPlace, AssistRequest, Doubt } from "#core/contracts/assist";
import { strings } from "../../strings.ts";
import { type AnswerSource, type RunState, startRun } from "../run.ts";

const words = strings.files;

/** A file as it is asked about. */
export interface AskedFile extends Pick<AssistRequest, "path" | "languageId" | "workspace" | "text"> {
  readonly places: readonly AssistPlace[];
}

/** A place that stays as it is, and why. */
export interface LeftPlace {
  readonly place: AssistPlace;
  readonly why: string;
}

/** What came of the places of a file, put together. */
export interface FileAnswer {
  /** The text that was asked about. */
  readonly original: string;
  /** The same with all that is proposed. */
  readonly text: string;
  /** What is to be looked at before it is kept. */
  readonly doubts: readonly Doubt[];
  readonly left: readonly LeftPlace[];
  /** The sessions in the history whose answers are proposed. */
  readonly sessions: readonly string[];
  /** Who answered, and what it took for all that is proposed. */
  readonly by: Pick<AssistAnswer, "model" | "provider" | "tokens" | "milliseconds"> | undefined;
  /** Why it ended before the last place. */
  readonly ended?: { readonly message: string; readonly hint?: string; readonly code: ErrorCode };
}

/** What the places of a file are asked with. */
export interface Asking {
  readonly action: string;
  readonly instruction: string | undefined;
  readonly signal: AbortSignal;
  /** Is told of each step of each place. */
  readonly tell: (place: AssistPlace, state: RunState | undefined) => void;
}

/** Asks about the places of a file one after the other, each about the file as it is; what is ready when it is stopped stays. */
export async function answerFile(
  engine: AnswerSource,
  file: AskedFile,
  { action, instruction, signal, tell }: Asking,
): Promise<FileAnswer> {
  const answers = new Map<PartAnswer, { readonly place: AssistPlace; readonly answer: AssistAnswer }>();
  const left: LeftPlace[] = [];
  let ended: FileAnswer["ended"];
  for (const place of file.places) {
    if (signal.aborted) break;
    tell(place, undefined);
    const { phase, answer, error } = await stateAtEnd(engine, requestOf(file, place, action, instruction), signal, (state) =>
      tell(place, state),
    );
    if (phase === "stopped") break;
    const code = error?.code as ErrorCode | undefined;
    if (error !== undefined && code !== undefined) {
      if (!isOfOnePlace(code)) {
        ended = { ...error, code };
        break;
      }
      left.push({ place, why: error.message });
      continue;
    }
    const blocking = answer?.doubts.find(({ blocks }) => blocks);
    if (blocking !== undefined) left.push({ place, why: blocking.message });
    else if (answer !== undefined && answer.diff !== "") answers.set({ ...place, text: answer.text }, { place, answer });
  }
  const { text, leftOut } = composeAnswers(file.text, [...answers.keys()]);
  for (const part of leftOut) {
    const lost = answers.get(part);
    if (lost !== undefined) left.push({ place: lost.place, why: words.sameLines });
    answers.delete(part);
  }
  const taken = [...answers.values()];
  return {
    original: file.text,
    text,
    doubts: taken.flatMap(({ place, answer }) => doubtsAt(place, answer.doubts)),
    left,
    sessions: taken.map(({ answer }) => answer.sessionId).filter((id) => id !== ""),
    by: together(taken.map(({ answer }) => answer)),
    ...(ended && { ended }),
  };
}

async function stateAtEnd(engine: AnswerSource, request: AssistRequest, signal: AbortSignal, changed: (state: RunState) => void) {
  const run = startRun(engine, request, () => changed(run.state()));
  if (signal.aborted) run.stop();
  signal.addEventListener("abort", run.stop, { once: true });
  await run.ended;
  signal.removeEventListener("abort", run.stop);
  return run.state();
}

function requestOf(
  { places: _, ...file }: AskedFile,
  { start, end, problems }: AssistPlace,
  action: string,
  instruction: string | undefined,
): AssistRequest {
  return { action, ...file, selection: { start, end }, instruction, problems };
}

function doubtsAt({ lines }: AssistPlace, doubts: readonly Doubt[]): Doubt[] {
  return doubts
    .filter(({ kind }) => kind !== "unchanged")
    .map((doubt) => ({ ...doubt, message: words.atLines(lines.from, lines.to, doubt.message) }));
}

function together(answers: readonly AssistAnswer[]): FileAnswer["by"] {
  const [first] = answers;
  if (first === undefined) return undefined;
  const sum = (of: (answer: AssistAnswer) => number) => answers.reduce((total, answer) => total + of(answer), 0);
  return {
    model: first.model,
    provider: first.provider,
    tokens: {
      prompt: sum(({ tokens }) => tokens.prompt),
      reused: sum(({ tokens }) => tokens.reused),
      evaluated: sum(({ tokens }) => tokens.evaluated),
      generated: sum(({ tokens }) => tokens.generated),
    },
    milliseconds: sum(({ milliseconds }) => milliseconds),
  };
}
