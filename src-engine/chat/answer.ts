import { UserError } from "#core/base/errors";
import { costOf } from "#core/chat/fit";
import { attachmentName, chatMessages } from "#core/chat/prompt";
import type { AnswerFacts, ChatEvent, ChatMode } from "#core/contracts/chat";
import type { GenerateEvent, GenerateRequest } from "#core/contracts/inference";
import type { Attachment } from "#core/contracts/message-context";
import type { AnswerDetails, SeenPiece } from "#core/contracts/sessions";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "#engine/inference/host";
import type { FoundForChat } from "#engine/project/for-chat";
import type { SessionRecorder } from "#engine/sessions/recorder";
import { type Answerer, shownModel } from "./answerer.ts";
import { compact, type Reader } from "./compact.ts";
import type { ProjectChoice } from "./project-choice.ts";
import type { ThreadState } from "./thread.ts";

/** How random a second try is: the first one, nearly without chance, came to nothing. */
const retryTemperature = 0.6;

/** What an answer is made with. */
export interface Work {
  readonly inference: Pick<Inference, "generate" | "countTokens">;
  readonly answerer: Answerer;
  readonly recorder: SessionRecorder;
  readonly settings: Settings;
  readonly mode: ChatMode | undefined;
  /** Whether the project was looked through for the question, and why. */
  readonly choice?: ProjectChoice;
  readonly signal: AbortSignal | undefined;
  /** True for a second opinion: what stands before it in the history is not what was sent. */
  readonly isBeside?: boolean;
  /** True where another answer is wanted than the one there was: more is left to chance. */
  readonly isAnother?: boolean | undefined;
  /** What was found for the question and has no room. */
  readonly leftOut?: FoundForChat["leftOut"];
  /** What the user left out. */
  readonly excluded?: readonly Attachment[];
}

/** An answer that came to its end. */
export interface Answered {
  readonly text: string;
  readonly messageId: number;
  readonly facts: AnswerFacts;
}

/** What reads and writes for a thread without being shown. */
export function readerOf({ inference, answerer, settings, signal }: Omit<Work, "recorder" | "mode">): Reader {
  const { model, loaded } = answerer;
  return {
    window: loaded.contextSize,
    maxTokens: settings["localcoder.inference.maxTokens"],
    count: (text) => inference.countTokens(model, "general", text, signal),
    async write(request) {
      let text = "";
      const asked = { ...request, temperature: 0, priority: "chat" as const };
      for await (const event of inference.generate(model, "general", asked, signal)) if (event.type === "text") text += event.text;
      return text;
    },
  };
}

/** Answers the question at the end of a thread: makes the thread fit, streams, and writes everything down as it comes. */
export async function* answer(state: ThreadState, work: Work): AsyncGenerator<ChatEvent, Answered, void> {
  const started = performance.now();
  const { answerer, recorder, settings, mode } = work;
  const { model, loaded } = answerer;
  const reader = readerOf(work);

  let { compaction } = state;
  for await (const step of compact(state, reader)) {
    ({ compaction } = step);
    recorder.add("note", step.note, { compaction });
    yield { type: "notice", code: "COMPACTED", message: step.note };
  }

  const messages = chatMessages(state.system, state.turns, compaction);
  const found = (work.leftOut ?? []).map(({ path, from, to, tokens }) => ({
    ...{ name: attachmentName({ kind: "found", path, from, to, text: "" }), source: `${path}:${from}-${to}`, tokens },
    reason: "found in the project, no room",
  }));
  const excluded = await Promise.all((work.excluded ?? []).map((one) => pieceOf(one, reader, "you left it out")));
  const saw = await seen(state, compaction, reader, [...excluded, ...found], work.choice);
  const used = saw.taken.reduce((sum, { tokens }) => sum + tokens, 0);
  const maxTokens = Math.max(64, Math.min(reader.maxTokens, loaded.contextSize - used));
  const asked = { messages, maxTokens, priority: "chat" as const };

  const usual = settings["localcoder.inference.temperature"];
  const temperature = work.isAnother ? Math.max(usual, retryTemperature) : usual;
  let run = yield* stream(model, { ...asked, temperature }, work, started);
  // The smallest models are asked once; of others one empty answer is an accident.
  if (run.text.trim() === "" && mode !== "rush") {
    yield { type: "waiting", reason: "The model gave no answer. Trying once more." };
    run = yield* stream(model, { ...asked, temperature: Math.max(temperature, retryTemperature) }, work, started);
  }
  if (run.text.trim() === "")
    throw new UserError("INFERENCE_STOPPED", `${model.name} gave no answer.`, "Ask in other words, or choose another model.");

  const facts: AnswerFacts = {
    ...shownModel(model),
    mode,
    tokens: run.end.tokens,
    tokensPerSecond: run.end.tokensPerSecond,
    firstMilliseconds: run.first,
    milliseconds: performance.now() - started,
    stop: run.end.stop,
  };
  recorder.describe({ ...detailsOf(facts, run), saw, prompt: isPlain(state, messages) && !work.isBeside ? undefined : messages });
  return { text: run.text, messageId: recorder.endAnswer(), facts };
}

interface Run {
  readonly text: string;
  readonly end: Extract<GenerateEvent, { type: "done" }>;
  /** Milliseconds to the first token. */
  readonly first: number;
  readonly temperature: number;
}

async function* stream(
  model: ModelReference,
  request: GenerateRequest,
  { inference, recorder, signal }: Work,
  started: number,
): AsyncGenerator<ChatEvent, Run, void> {
  let text = "";
  let first = 0;
  let told = false;
  let end: Run["end"] | undefined;
  for await (const event of inference.generate(model, "general", request, signal)) {
    if (event.type === "text") {
      if (text === "") first = performance.now() - started;
      text += event.text;
      // Written down first: what was once seen survives whatever happens next.
      recorder.append(event.text);
      yield event;
      const problem = recorder.problem();
      if (problem && !told) yield { type: "notice", code: problem.code, message: problem.message, hint: problem.hint };
      told ||= problem !== undefined;
    } else if (event.type === "notice") {
      recorder.add("note", event.message);
      yield event;
    } else if (event.type === "done") end = event;
    else yield event;
  }
  if (!end) throw new UserError("INFERENCE_STOPPED", "The model ended without finishing its answer.", "Try again.");
  return { text, end, first, temperature: request.temperature };
}

function detailsOf(facts: AnswerFacts, { end, temperature }: Run): AnswerDetails {
  const { seed, slices, lookAhead } = end;
  const { model, provider, place, tokens, tokensPerSecond, firstMilliseconds, milliseconds, stop } = facts;
  return {
    ...{ model, provider, place, tokens, milliseconds, firstMilliseconds, stop, temperature, seed, slices, lookAhead, answerPrefix: "" },
    ...(tokensPerSecond > 0 && { tokensPerSecond }),
  };
}

/** True when the messages are what stands in the history anyway. */
function isPlain({ turns }: ThreadState, messages: GenerateRequest["messages"]): boolean {
  return messages.length === turns.length + 1 && turns.every(({ text }, index) => messages[index + 1]?.text === text);
}

/** The parts of the prompt in order with their tokens, and what was left out. */
async function seen(
  { system, turns }: ThreadState,
  compaction: ThreadState["compaction"],
  reader: Reader,
  found: readonly SeenPiece[],
  choice: ProjectChoice | undefined,
) {
  const taken: SeenPiece[] = [];
  const leftOut: SeenPiece[] = [];
  const { instructions, carried, turns: costs } = await costOf(system, turns, compaction, reader.count);
  taken.push({ name: "Instructions", tokens: instructions, reason: "always" });
  if (carried > 0) taken.push({ name: "Notes on the conversation so far", tokens: carried, reason: "in place of older messages" });
  const dropped = costs.filter(({ id }) => id <= compaction.summarisedTo);
  if (dropped.length > 0)
    leftOut.push({
      name: dropped.length === 1 ? "1 older message" : `${dropped.length} older messages`,
      tokens: dropped.reduce((sum, { full }) => sum + full, 0),
      reason: "no room; the notes stand for them",
    });
  for (const [index, turn] of turns.entries()) {
    const cost = costs[index]!;
    if (turn.id <= compaction.summarisedTo) continue;
    const named = turn.id <= compaction.namedTo;
    const last = index === turns.length - 1;
    let text = named ? cost.named : cost.full;
    for (const attachment of turn.attachments) {
      const piece = await pieceOf(attachment, reader, "attached to an older message, only named now");
      if (named) leftOut.push(piece);
      else {
        const reason = attachment.kind === "found" ? foundBecause(last ? choice : undefined) : "attached";
        taken.push({ ...piece, ...(last && { id: piece.name }), reason });
        text -= piece.tokens;
      }
    }
    const name = last ? "Question" : turn.role === "user" ? "Earlier question" : "Earlier answer";
    taken.push({ name, tokens: Math.max(0, text), reason: last ? "always" : "the conversation so far" });
  }
  const isFound = turns.at(-1)?.attachments.some(({ kind }) => kind === "found") === true;
  if (choice?.search && !isFound && found.length === 0)
    leftOut.push({ name: "The project", tokens: 0, reason: "looked through; nothing was found" });
  if (choice?.search === false && choice.reason !== undefined)
    leftOut.push({ name: "The project", tokens: 0, reason: `not looked through: ${choice.reason}; @project in a question asks for it` });
  return { taken, leftOut: [...leftOut, ...found], answer: reader.maxTokens, window: reader.window };
}

async function pieceOf(attachment: Attachment, { count }: Reader, reason: string): Promise<SeenPiece> {
  const { path, from, to, text } = attachment;
  const source = path === "" ? undefined : from === undefined ? path : `${path}:${from}-${to ?? from}`;
  return { name: attachmentName(attachment), ...(source !== undefined && { source }), tokens: await count(text), reason };
}

function foundBecause(choice: ProjectChoice | undefined): string {
  return choice?.reason === undefined ? "found in the project" : `found in the project, as ${choice.reason}`;
}
