import type { AssistAction, AssistPrompt } from "#core/assist/index";
import { UserError } from "#core/base/errors";
import { takesLong } from "#core/base/takes-long";
import type { Budget } from "#core/context/budget";
import type { AssistEvent, Doubt } from "#core/contracts/assist";
import type { StopReason, TokenCounts } from "#core/contracts/common";
import type { GenerateEvent, Loaded } from "#core/contracts/inference";
import type { Saw } from "#core/contracts/sessions";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "#engine/inference/host";
import { providerOf } from "#engine/servers/served-inference";
import type { SessionRecorder } from "#engine/sessions/recorder";
import type { SuggestionCheck } from "../completion/check/check.ts";
import type { Parsers } from "../syntax/parser.ts";
import type { Request } from "./assist.ts";

/** What every question of one run has in common. */
export interface Run {
  readonly action: AssistAction;
  readonly request: Request;
  readonly settings: Settings;
  readonly inference: Pick<Inference, "generate" | "countTokens" | "infill">;
  readonly parsers: Pick<Parsers, "parse">;
  readonly compiler: Pick<SuggestionCheck, "diagnose" | "errors"> | undefined;
  readonly model: ModelReference;
  readonly loaded: Loaded;
  readonly recorder: SessionRecorder;
  readonly signal: AbortSignal | undefined;
}

/** One question to the model. */
export interface Question {
  readonly prompt: AssistPrompt;
  readonly temperature: number;
  readonly maxTokens: number;
  readonly budget: Budget;
  /** The part of the raw answer that is meant; while it still comes, each result must begin with the one before. */
  readonly clean: (raw: string, final: boolean) => string;
  /** True: the text is kept but not streamed, because something was streamed before. */
  readonly quiet?: boolean;
  /** True: the prompt is not what stands before the answer in the session, so it is kept with the answer. */
  readonly ownPrompt?: boolean;
}

/** What the model said. */
export interface Said {
  readonly text: string;
  readonly stop: StopReason;
  readonly tokens: TokenCounts;
}

/** What the model said, judged. */
export interface Attempt extends Said {
  readonly doubts: readonly Doubt[];
  /** With how many arguments it was seen to do what it did before. */
  readonly compared?: number;
}

/** Asks the model once, and keeps what it says as it comes. */
export async function* ask(run: Run, question: Question): AsyncGenerator<AssistEvent, Said, void> {
  const { action, request, inference, model, recorder, signal } = run;
  const { prompt, temperature, maxTokens, budget, clean, quiet = false } = question;
  let raw = "";
  let shown = "";
  let end: Extract<GenerateEvent, { type: "done" }> | undefined;
  const began = performance.now();
  recorder.endAnswer();

  const show = (text: string): AssistEvent[] => {
    if (!text.startsWith(shown) || text.length === shown.length) return [];
    const piece = text.slice(shown.length);
    shown = text;
    // Written down first: what was once seen survives whatever happens next.
    recorder.append(piece);
    return quiet ? [] : [{ type: "text", text: piece }];
  };

  const events = inference.generate(model, action.role, { ...prompt, temperature, maxTokens, priority: "inline-action" }, signal);
  try {
    let next = events.next();
    if (await takesLong(next)) yield { type: "waiting", reason: "Waiting for the model." };
    for (let result = await next; !result.done; result = await next) {
      const event = result.value;
      if (event.type === "reading") yield event;
      else if (event.type === "notice") {
        recorder.add("note", event.message);
        yield event;
      } else if (event.type === "done") end = event;
      else {
        raw += event.text;
        yield* show(clean(raw, false));
        yield* problemsOf(recorder);
      }
      next = events.next();
    }
  } finally {
    await events.return();
  }
  if (!end) throw new UserError("INFERENCE_STOPPED", "The model ended without finishing its answer.", "Try again.");
  const text = clean(raw, true);
  yield* show(text);
  const { stop, tokens } = end;
  recorder.describe({
    ...detailsOf(end),
    model: model.name,
    provider: providerOf(model),
    milliseconds: performance.now() - began,
    temperature,
    ...(request.instruction && { instruction: request.instruction }),
    answerPrefix: prompt.answerPrefix,
    stops: prompt.stops,
    ...(raw !== text && { written: raw }),
    saw: sawOf(budget),
    ...(question.ownPrompt && { prompt: prompt.messages.map(({ role, text: said }) => ({ role, text: said })) }),
  });
  return { text, stop, tokens };
}

const told = new WeakSet<SessionRecorder>();

/** Says once that an answer is not kept. */
export function problemsOf(recorder: SessionRecorder): AssistEvent[] {
  const problem = recorder.problem();
  if (!problem || told.has(recorder)) return [];
  told.add(recorder);
  return [{ type: "notice", code: problem.code, message: problem.message, hint: problem.hint }];
}

/** What the model saw, as the history keeps it. */
export function sawOf(budget: Budget): Saw {
  return { ...budget, taken: [...budget.taken], leftOut: [...budget.leftOut] };
}

/** How bad an answer is; 0 is good. Nothing at all is worse than something broken, and that worse than no change. */
export function badness({ doubts }: Pick<Attempt, "doubts">): number {
  return doubts.reduce((total, { blocks, kind }) => total + (kind === "empty" ? 20 : blocks ? 10 : kind === "unchanged" ? 4 : 1), 0);
}

/** The tokens of several questions. */
export function sum(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    prompt: a.prompt + b.prompt,
    reused: a.reused + b.reused,
    evaluated: a.evaluated + b.evaluated,
    generated: a.generated + b.generated,
  };
}

/** What the end of a generation says of it. */
function detailsOf({ tokens, tokensPerSecond, stop, seed, slices, lookAhead }: Extract<GenerateEvent, { type: "done" }>) {
  return { tokens, ...(tokensPerSecond > 0 && { tokensPerSecond }), stop, seed, slices, lookAhead };
}
