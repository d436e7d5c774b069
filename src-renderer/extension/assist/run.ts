import { comparedByRunning } from "#core/assist/checks/languages";
import { describeError } from "#core/base/errors";
import type { AssistAnswer, AssistEvent, AssistRequest } from "#core/contracts/assist";
import type { Provider } from "#core/contracts/common";
import { formatNumber, strings } from "../strings.ts";

/** How an answer stands. Its text grows until `phase` is one of the last three. */
export interface RunState {
  readonly phase: "starting" | "waiting" | "reading" | "writing" | "finished" | "stopped" | "failed";
  readonly text: string;
  readonly sessionId?: string;
  readonly model?: string;
  readonly provider?: Provider;
  /** What it waits for, in the engine's words. */
  readonly reason?: string;
  readonly read?: { readonly evaluated: number; readonly total: number };
  /** Tokens a second since the first one; estimated by pieces of text while it runs. */
  readonly speed?: number;
  readonly answer?: AssistAnswer;
  /** Something the user should know that does not end the answer, for example that it cannot be kept in the history. */
  readonly notice?: string;
  readonly error?: { readonly message: string; readonly hint?: string; readonly code: string };
}

/** Where answers come from: the engine, or an answer that is there already. */
export interface AnswerSource {
  readonly assist: { run(request: AssistRequest, options: { readonly signal: AbortSignal }): Promise<AsyncIterable<AssistEvent>> };
}

/** An answer that is being written. */
export interface Run {
  readonly state: () => RunState;
  readonly stop: () => void;
  /** Settles when nothing more comes. */
  readonly ended: Promise<void>;
  /** True for a moment after that, in which who wants to stop it cannot know that it is over. */
  readonly justEnded: () => boolean;
}

/** Milliseconds in which nobody reacts to what has just changed on the screen, and a bit more. */
const moment = 1000;

/** Asks for an answer and tells of each step. Whatever fails is a state, never a thrown error. */
export function startRun(
  engine: AnswerSource,
  request: AssistRequest,
  changed: () => void,
  now: () => number = () => performance.now(),
): Run {
  const stopping = new AbortController();
  let state: RunState = { phase: "starting", text: "" };
  let over = 0;
  const set = (parts: Partial<RunState>) => {
    state = { ...state, ...parts };
    if (!isRunning(state)) over = now();
    changed();
  };

  const read = async () => {
    let pieces = 0;
    let first = 0;
    try {
      for await (const event of await engine.assist.run(request, { signal: stopping.signal })) {
        if (stopping.signal.aborted) break;
        switch (event.type) {
          case "started":
            set({ sessionId: event.sessionId, model: event.model, provider: event.provider });
            break;
          case "waiting":
            set({ phase: "waiting", reason: event.reason });
            break;
          case "reading":
            set({ phase: "reading", read: { evaluated: event.evaluated, total: event.total } });
            break;
          case "notice":
            set({ notice: strings.errors.withHint(event.message, event.hint) });
            break;
          case "text": {
            if (pieces === 0) first = now();
            pieces++;
            const seconds = (now() - first) / 1000;
            set({ phase: "writing", text: state.text + event.text, speed: seconds > 0.2 ? (pieces - 1) / seconds : undefined });
            break;
          }
          case "finished": {
            const seconds = (now() - first) / 1000;
            const { generated } = event.answer.tokens;
            // What came in one piece was written before it was seen.
            const speed = pieces > 1 && seconds > 0.2 && generated > 1 ? (generated - 1) / seconds : state.speed;
            set({
              phase: event.answer.stop === "stopped" ? "stopped" : "finished",
              answer: event.answer,
              model: event.answer.model,
              speed,
            });
          }
        }
      }
      if (!state.answer) set({ phase: "stopped" });
    } catch (error) {
      const described = describeError(error);
      if (described.code === "STOPPED" || stopping.signal.aborted) set({ phase: "stopped" });
      else set({ phase: "failed", error: described });
    }
  };
  return { state: () => state, stop: () => stopping.abort(), ended: read(), justEnded: () => !isRunning(state) && now() - over < moment };
}

/** True while more may come. */
export function isRunning({ phase }: RunState): boolean {
  return phase !== "finished" && phase !== "stopped" && phase !== "failed";
}

/** True where what an answer does is only guessed, and running the code before and after could show it. */
export function canCompare({ languageId, verify }: AssistRequest, { answer }: RunState): boolean {
  return (
    comparedByRunning(languageId ?? "") &&
    verify !== true &&
    answer?.doubts.some(({ kind }) => kind === "unproven" || kind === "behaviour") === true
  );
}

/** One short line that says how the answer stands. */
export function progressText(state: RunState): string {
  const words = strings.assist;
  switch (state.phase) {
    case "starting":
      return words.starting;
    case "waiting":
      return state.reason ?? words.waiting;
    case "reading":
      return state.read ? words.reading(state.read.evaluated, state.read.total) : words.waiting;
    case "writing":
      return words.writing;
    case "stopped":
      return words.stopped;
    case "failed":
      return strings.errors.withHint(state.error?.message ?? "", state.error?.hint);
    case "finished":
      return state.answer?.stop === "limit" || state.answer?.stop === "time" ? words.cutOff : words.finished;
  }
}

/** Who answered, where, and how fast: "Qwen2.5-Coder 0.5B · on this machine · 31 tokens/s · 120 tokens". */
export function footText(state: RunState, nameOf: (model: string) => string): string {
  if (!state.model) return state.notice ?? "";
  const parts = [nameOf(state.model), strings.providers[state.provider ?? "local-llama"]];
  if (state.speed) parts.push(strings.status.tokensPerSecond(state.speed));
  if (state.answer) parts.push(strings.assist.tokens(formatNumber(state.answer.tokens.generated)));
  if (state.notice) parts.push(state.notice);
  return parts.join(" · ");
}
