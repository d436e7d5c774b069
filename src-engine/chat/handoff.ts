import { UserError } from "#core/base/errors";
import { takesLong } from "#core/base/takes-long";
import { attachmentName } from "#core/chat/prompt";
import { firstLine } from "#core/chat/summary";
import type { ChatEvent } from "#core/contracts/chat";
import type { Compaction } from "#core/contracts/message-context";
import type { Transcript } from "#core/contracts/sessions";
import type { Settings } from "#core/settings/schema";
import type { Inference } from "#engine/inference/host";
import { readerOf } from "./answer.ts";
import { type ChatModels, loadAnswerer, modelOf, shownModel, wishOf } from "./answerer.ts";
import { carriedFiles } from "./carried.ts";
import { summarise } from "./compact.ts";
import { stateOf } from "./thread.ts";
import type { Threads } from "./threads.ts";

/** What the user says of a handoff. */
export interface HandoffRequest {
  readonly threadId: string;
  /** What the new thread is for; empty where it simply goes on. */
  readonly goal: string;
  readonly model?: string;
}

/** What {@link handoff} needs. */
export interface HandoffOptions {
  readonly inference: Pick<Inference, "ensure" | "generate" | "countTokens">;
  readonly models: ChatModels;
  readonly settings: { current(workspace?: string): Settings };
  readonly begin: Threads["begin"];
  readonly signal: AbortSignal | undefined;
}

/** Begins a new thread that knows of another one what a model writes down of it, and the files it is about. */
export async function* handoff(
  found: Transcript,
  { goal, model: named }: Omit<HandoffRequest, "threadId">,
  { inference, models, settings, begin, signal }: HandoffOptions,
): AsyncGenerator<ChatEvent, void, void> {
  const started = performance.now();
  const { workspace, title: before } = found.session;
  const state = stateOf(found);
  if (state.turns.length === 0) throw new UserError("BAD_INPUT", "There is nothing to hand on yet.", "Ask something first.");
  const wish = wishOf({ model: named }, state.wish);
  const model = await modelOf(wish, models, { workspace });
  const loading = loadAnswerer(model, wish, { models, inference, place: { workspace } }, signal);
  if (await takesLong(loading)) yield { type: "waiting", reason: `Loading ${model.name}.` };
  const ready = await loading;
  yield { type: "waiting", reason: "Writing notes on the conversation." };
  const reader = readerOf({ inference, answerer: ready, settings: settings.current(workspace), signal });
  // Small models told of the goal write of it alone; it stands below their notes anyway.
  const notes = await summarise(state, reader);
  const attachments = await carriedFiles(state, reader);
  const compaction: Compaction = {
    namedTo: 0,
    summarisedTo: 0,
    summary: goal === "" ? notes : `${notes}\nGoal now: ${goal}`,
    attachments,
  };
  const title = goal === "" ? `${before} (goes on)` : firstLine(goal, 60);
  const recorder = begin(title, workspace, ready.model.name, state);
  const files = attachments.length > 0 ? `\n\nFiles that go along: ${attachments.map(attachmentName).join("; ")}` : "";
  const text = `Goes on from “${before}”.\n\n${compaction.summary}${files}`;
  const messageId = recorder.add("note", text, { compaction });
  recorder.finish("done");
  yield { type: "started", threadId: recorder.id, title, questionId: 0, ...shownModel(ready.model) };
  yield { type: "text", text };
  const milliseconds = performance.now() - started;
  const none = { prompt: 0, reused: 0, evaluated: 0, generated: 0 };
  const facts = {
    ...shownModel(ready.model),
    tokens: none,
    tokensPerSecond: 0,
    firstMilliseconds: milliseconds,
    milliseconds,
    stop: "end" as const,
  };
  yield { type: "finished", answer: { ...facts, threadId: recorder.id, messageId, text } };
}
