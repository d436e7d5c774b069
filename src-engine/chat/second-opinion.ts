import { describeError, UserError } from "#core/base/errors";
import type { ChatEvent, OpinionExpectation } from "#core/contracts/chat";
import type { Transcript } from "#core/contracts/sessions";
import type { ModelReference } from "#engine/inference/host";
import type { Models } from "#engine/models/models";
import type { SessionRecorder } from "#engine/sessions/recorder";
import { answer, type Work } from "./answer.ts";
import { type Answerer, shownModel } from "./answerer.ts";
import { secondsFor } from "./expectations.ts";
import { endStates, stateOf, type ThreadState } from "./thread.ts";

/** What the last answer of a thread was asked, and the model that is asked the same. */
interface Opinion {
  readonly state: ThreadState;
  readonly model: ModelReference;
  /** Tokens of the prompt that the first answer was given. */
  readonly promptTokens: number;
}

/** Throws where there is no answer yet, or no other model on this machine that fits. */
async function opinionOn({ session, messages }: Transcript, models: Pick<Models, "another">): Promise<Opinion> {
  const last = messages.findLast(({ role, details, context }) => role === "assistant" && details !== undefined && !context?.secondOpinion);
  if (!last?.details) throw new UserError("BAD_INPUT", "There is no answer yet to have a second opinion on.", "Ask something first.");
  const model = await models.another(last.details.model);
  if (!model)
    throw new UserError(
      "NO_MODEL",
      `Beside ${last.details.model} there is no model on this machine that fits into its memory.`,
      "Download another one on the Models page, or with localcoder models get.",
    );
  const state = stateOf({ session, messages: messages.filter(({ id }) => id < last.id) });
  return { state, model, promptTokens: last.details.tokens.prompt };
}

/** What a second opinion on the last answer of a thread would take. */
export async function expectOpinion(found: Transcript, models: Pick<Models, "another" | "list">): Promise<OpinionExpectation> {
  const { model, promptTokens } = await opinionOn(found, models);
  const known = (await models.list(true)).find(({ id }) => id === model.id);
  return {
    ...shownModel(model),
    ...(known?.speed && { seconds: secondsFor(known.speed, promptTokens) }),
    bytes: known?.file?.bytes ?? known?.bytes,
    isLoaded: known?.inMemory !== undefined,
  };
}

/** What {@link secondOpinion} needs. */
export interface OpinionOptions extends Omit<Work, "recorder" | "answerer" | "mode"> {
  readonly models: Pick<Models, "another">;
  /** Opens the thread to be written into. */
  readonly resume: () => SessionRecorder;
  readonly load: (model: ModelReference) => Promise<Answerer>;
}

/** Has another model answer the last question of a thread from the same prompt. The thread goes on without what it says. */
export async function* secondOpinion(
  found: Transcript,
  { models, resume, load, ...work }: OpinionOptions,
): AsyncGenerator<ChatEvent, void, void> {
  const { state, model } = await opinionOn(found, models);
  const recorder = resume();
  const beside: SessionRecorder = {
    ...recorder,
    // What this model has no room for stays in the thread.
    add: (role, text) => recorder.add(role, text),
    append: (text) => recorder.append(text, { secondOpinion: true }),
  };
  let ended = found.session.state;
  try {
    const { id: threadId } = recorder;
    yield { type: "started", threadId, title: found.session.title, questionId: 0, ...shownModel(model) };
    yield { type: "waiting", reason: `Loading ${model.name}.` };
    const { text, messageId, facts } = yield* answer(state, {
      ...work,
      recorder: beside,
      answerer: await load(model),
      mode: undefined,
      isBeside: true,
    });
    ended = "done";
    yield { type: "finished", answer: { ...facts, threadId, messageId, text } };
  } catch (error) {
    const { code, message } = describeError(error);
    if (endStates[code] === undefined) recorder.add("note", message);
    throw error;
  } finally {
    // The thread itself stands as it stood, whatever became of the opinion.
    recorder.finish(ended);
  }
}
