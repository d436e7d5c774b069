import { describeError, UserError } from "#core/base/errors";
import { takesLong } from "#core/base/takes-long";
import { answerByCalculation } from "#core/calculation/answer";
import { attachmentName, type Turn } from "#core/chat/prompt";
import { firstLine } from "#core/chat/summary";
import type { ChatEvent, ChatThread, ModeExpectation, OpinionExpectation } from "#core/contracts/chat";
import type { Attachment, Compaction } from "#core/contracts/message-context";
import type { Transcript } from "#core/contracts/sessions";
import type { Settings } from "#core/settings/schema";
import type { Inference } from "#engine/inference/host";
import type { Models } from "#engine/models/models";
import { providerOf } from "#engine/servers/served-inference";
import { nothingRecorded, type SessionRecorder } from "#engine/sessions/recorder";
import type { Sessions } from "#engine/sessions/sessions";
import { answer, readerOf } from "./answer.ts";
import { type Answerer, loadAnswerer, modelOf, placeOf, type Wish, wishOf } from "./answerer.ts";
import { writeCalculated } from "./calculated.ts";
import { carriedFiles } from "./carried.ts";
import { summarise } from "./compact.ts";
import { expectations } from "./expectations.ts";
import { createHiddenHistory } from "./hidden-history.ts";
import { createLines } from "./lines.ts";
import { expectOpinion, secondOpinion } from "./second-opinion.ts";
import { chatKind, emptyThread, endStates, stateOf, type ThreadState, threadOf, turnsOfAction } from "./thread.ts";

/** A message as it is after parsing. */
export interface Message extends Wish {
  readonly text: string;
  readonly workspace?: string;
  readonly attachments: readonly Attachment[];
}

/** Chat: threads in the history, answered by a model that keeps what it has read. */
export interface Chat {
  /** Answers a message as a stream that ends with `finished`. Aborting the signal or leaving the loop stops the model. */
  send(message: Message & { readonly threadId?: string }, signal?: AbortSignal): AsyncGenerator<ChatEvent, void, void>;
  /** The same in the place of an earlier message. */
  edit(
    message: Message & { readonly threadId: string; readonly messageId: number },
    signal?: AbortSignal,
  ): AsyncGenerator<ChatEvent, void, void>;
  branch(threadId: string, messageId?: number): { threadId: string };
  handoff(
    request: { readonly threadId: string; readonly goal: string; readonly model?: string },
    signal?: AbortSignal,
  ): AsyncGenerator<ChatEvent, void, void>;
  /** What a second opinion on the last answer of a thread would take; throws where none can be had. */
  opinionExpectation(threadId: string): Promise<OpinionExpectation>;
  /** Has another model answer the last question of a thread as well. */
  secondOpinion(threadId: string, signal?: AbortSignal): AsyncGenerator<ChatEvent, void, void>;
  thread(threadId: string): ChatThread;
  expectations(request: { readonly workspace?: string; readonly promptTokens: number }): Promise<ModeExpectation[]>;
  dispose(): void;
}

/** What {@link createChat} needs. */
export interface ChatOptions {
  readonly inference: Pick<Inference, "ensure" | "generate" | "countTokens">;
  readonly models: Pick<Models, "forRole" | "bySize" | "another" | "reference" | "list">;
  readonly sessions: Pick<Sessions, "begin" | "resume" | "show" | "branch" | "rewind">;
  readonly settings: { current(workspace?: string): Settings };
  /** What each thread is to know from its beginning; files that stand in its first message. */
  readonly remembered?: (workspace: string | undefined) => Promise<readonly Attachment[]>;
  /** Places of the project that a question is about, within so many tokens; for smart mode. */
  readonly find?: (workspace: string, question: string, tokens: number, signal?: AbortSignal) => Promise<readonly Attachment[]>;
  /** What an answer names that is not there, each as a sentence; where the project was looked through. */
  readonly check?: (workspace: string, answer: string) => Promise<readonly string[]>;
}

/** A question that is about the project says so, whatever the mode. */
const asksProject = /(?<!\S)@project\b/i;

/** Tokens of what smart mode finds in the project: a share of the model's window. */
const findingsShare = 0.2;

/** Creates the {@link Chat} of an engine. */
export function createChat({ inference, models, sessions, settings, remembered, find, check }: ChatOptions): Chat {
  const hidden = createHiddenHistory(settings);
  const lines = createLines();

  /** The history a thread is in. */
  function historyOf(threadId: string): { readonly history: ChatOptions["sessions"]; readonly found: Transcript } {
    const quiet = hidden.opened();
    try {
      return { history: sessions, found: sessions.show(threadId) };
    } catch (error) {
      if (!quiet || describeError(error).code !== "NOT_FOUND") throw error;
      return { history: quiet, found: quiet.show(threadId) };
    }
  }

  /** Begins a thread; where no history is kept, in memory. */
  function begin(title: string, workspace: string | undefined, model: Parameters<Sessions["begin"]>[0]["model"], state: ThreadState) {
    const session = { title, kind: chatKind, workspace, model, messages: [{ role: "system" as const, text: state.system }] };
    const recorder = sessions.begin(session);
    return recorder === nothingRecorded ? hidden.open().begin(session) : recorder;
  }

  /** Goes on with a thread. An action of the history becomes one: its answer is the first. */
  function goOn(threadId: string): { readonly recorder: SessionRecorder; readonly state: ThreadState; readonly title: string } {
    const { history, found } = historyOf(threadId);
    if (found.session.kind === chatKind) return { recorder: history.resume(threadId), state: stateOf(found), title: found.session.title };
    return goOn(threadFrom(found));
  }

  /** Copies what was asked and answered by an action into a thread of its own. */
  function threadFrom(found: Transcript): string {
    const { title, workspace, path, lines: at, model, provider } = found.session;
    const { question, answer: text } = turnsOfAction(found);
    const recorder = sessions.begin({
      ...{ title, kind: chatKind, workspace, path, lines: at, model, provider },
      messages: [
        { role: "system", text: emptyThread.system },
        { role: "user", text: question },
        { role: "assistant", text },
      ],
    });
    recorder.finish("done");
    return recorder.id;
  }

  /** One at a time in a thread; the rest waits. */
  async function* inTurn(
    threadId: string | undefined,
    signal: AbortSignal | undefined,
    run: () => AsyncGenerator<ChatEvent, void, void>,
  ): AsyncGenerator<ChatEvent, void, void> {
    if (threadId === undefined) return yield* run();
    const { waits, turn } = lines.enter(threadId, signal);
    if (waits) yield { type: "waiting", reason: "Waiting for the answer before this one." };
    const leave = await turn;
    try {
      yield* run();
    } finally {
      leave();
    }
  }

  async function* sendNow(
    message: Message & { readonly threadId?: string },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChatEvent, void, void> {
    const { threadId, workspace } = message;
    checkMessage(message);
    const before = threadId === undefined ? emptyThread : stateOf(historyOf(threadId).found);
    const calculated = message.attachments.length === 0 ? answerByCalculation(message.text) : undefined;
    if (calculated !== undefined) {
      const title = titleOf(message);
      const thread = threadId === undefined ? { recorder: begin(title, workspace, undefined, emptyThread), title } : goOn(threadId);
      return yield* writeCalculated(thread.recorder, { question: message.text, title: thread.title, text: calculated.text });
    }
    const wish = wishOf(message, before.wish);
    const model = await modelOf(wish, models, { workspace }).catch(async (error: unknown) => {
      // What was chosen for this thread some time ago may have gone since.
      if (message.model !== undefined || before.wish.model === undefined) throw error;
      return modelOf({ mode: message.mode }, models, { workspace });
    });
    const title = titleOf(message);
    const thread =
      threadId === undefined ? { recorder: begin(title, workspace, model.name, emptyThread), state: emptyThread, title } : goOn(threadId);
    const { recorder, state } = thread;
    recorder.setModel(model.name, providerOf(model));
    let ended = false;
    let questionId = 0;
    try {
      const found = wish.mode === "smart" || asksProject.test(message.text) ? yield* findings(message, signal) : [];
      const known = threadId === undefined ? yield* memories(workspace) : [];
      const attachments = [...known, ...message.attachments, ...found];
      questionId = recorder.add("user", message.text, { attachments, ...wish });
      yield { type: "started", threadId: recorder.id, title: thread.title, questionId, ...shown(model) };
      const ready = yield* load(model, wish, workspace, recorder, signal);
      const question: Turn = { id: state.next, role: "user", text: message.text, attachments };
      const { text, messageId, facts } = yield* answer(
        { ...state, turns: [...state.turns, question] },
        { inference, answerer: ready, recorder, settings: settings.current(workspace), mode: wish.mode, signal },
      );
      if (wish.mode === "smart" || asksProject.test(message.text)) yield* doubts(text, workspace, recorder);
      recorder.finish("done");
      ended = true;
      yield { type: "finished", answer: { ...facts, threadId: recorder.id, messageId, text } };
    } catch (error) {
      ended = true;
      const { code, message: reason } = describeError(error);
      // What cannot be shown to the model must not stand in the way of the next question.
      if (code === "SELECTION_TOO_LONG") recorder.add("note", `${reason} The model did not see this message.`, { refused: state.next });
      else if (code !== "STOPPED" && code !== "ENGINE_GONE") recorder.add("note", reason);
      recorder.finish(endStates[code] ?? "failed");
      throw error;
    } finally {
      // Whoever leaves the loop of the stream has stopped it.
      if (!ended) recorder.finish("stopped");
    }
  }

  /** What a new thread knows from its beginning. A file that cannot be read is no reason not to answer. */
  async function* memories(workspace: string | undefined): AsyncGenerator<ChatEvent, readonly Attachment[], void> {
    try {
      return (await remembered?.(workspace)) ?? [];
    } catch (error) {
      const { code, message, hint } = describeError(error);
      yield { type: "notice", code, message: `What is remembered could not be used: ${message}`, hint };
      return [];
    }
  }

  /** What smart mode adds to a question from the project. Nothing found is no reason not to answer. */
  async function* findings(
    { text, workspace }: Message,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChatEvent, readonly Attachment[], void> {
    if (!find || workspace === undefined) return [];
    const tokens = Math.floor(settings.current(workspace)["localcoder.inference.contextSize"] * findingsShare);
    const looking = find(workspace, text, tokens, signal);
    if (await takesLong(looking)) yield { type: "waiting", reason: "Looking in the project." };
    try {
      return await looking;
    } catch (error) {
      if (signal?.aborted) throw error;
      yield {
        type: "notice",
        code: describeError(error).code,
        message: `The project could not be searched: ${describeError(error).message}`,
      };
      return [];
    }
  }

  /** What an answer about the project names is looked up afterwards. That it cannot be looked up says nothing about the answer. */
  async function* doubts(text: string, workspace: string | undefined, recorder: SessionRecorder): AsyncGenerator<ChatEvent, void, void> {
    const found = check && workspace !== undefined ? await check(workspace, text).catch(() => []) : [];
    if (found.length === 0) return;
    const message = found.join("\n");
    recorder.add("note", message);
    yield { type: "notice", code: "NOT_FOUND", message };
  }

  async function* load(
    model: Answerer["model"],
    wish: Wish,
    workspace: string | undefined,
    recorder: SessionRecorder,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChatEvent, Answerer, void> {
    const loading = loadAnswerer(model, wish, { models, inference, place: { workspace } }, signal);
    if (await takesLong(loading)) yield { type: "waiting", reason: `Loading ${model.name}.` };
    const ready = await loading;
    if (ready.instead) {
      recorder.add("note", ready.instead.message);
      recorder.setModel(ready.model.name, providerOf(ready.model));
      yield { type: "notice", ...ready.instead };
    }
    return ready;
  }

  async function* handoffNow(
    { threadId, goal, model: named }: { readonly threadId: string; readonly goal: string; readonly model?: string },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChatEvent, void, void> {
    const started = performance.now();
    const { found } = historyOf(threadId);
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
    const notes = await summarise(state, reader, goal);
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
    yield { type: "started", threadId: recorder.id, title, questionId: 0, ...shown(ready.model) };
    yield { type: "text", text };
    const milliseconds = performance.now() - started;
    const none = { prompt: 0, reused: 0, evaluated: 0, generated: 0 };
    const facts = {
      ...shown(ready.model),
      tokens: none,
      tokensPerSecond: 0,
      firstMilliseconds: milliseconds,
      milliseconds,
      stop: "end" as const,
    };
    yield { type: "finished", answer: { ...facts, threadId: recorder.id, messageId, text } };
  }

  function opinionNow(threadId: string, signal: AbortSignal | undefined): AsyncGenerator<ChatEvent, void, void> {
    const { history, found } = historyOf(threadId);
    const { workspace } = found.session;
    return secondOpinion(found, {
      ...{ models, inference, settings: settings.current(workspace), signal },
      resume: () => history.resume(threadId),
      load: (model) => loadAnswerer(model, { model: model.id }, { models, inference, place: { workspace } }, signal),
    });
  }

  return {
    send: (message, signal) => inTurn(message.threadId, signal, () => sendNow(message, signal)),
    edit: ({ messageId, ...message }, signal) =>
      inTurn(message.threadId, signal, () => {
        checkMessage(message);
        const { history, found } = historyOf(message.threadId);
        const isQuestion = found.messages.some(({ id, role }) => id === messageId && role === "user");
        if (!isQuestion || found.session.kind !== chatKind)
          throw new UserError("NOT_FOUND", "That message is not a question of this thread.", "Open the thread again.");
        history.rewind(message.threadId, messageId, `${found.session.title} (before an edit)`);
        return sendNow(message, signal);
      }),
    branch(threadId, messageId) {
      const { history, found } = historyOf(threadId);
      if (found.session.kind !== chatKind) return { threadId: threadFrom(found) };
      if (messageId !== undefined && !found.messages.some(({ id }) => id === messageId))
        throw new UserError("NOT_FOUND", "That message is not in this thread any more.", "Open the thread again.");
      return { threadId: history.branch(threadId, messageId).id };
    },
    handoff: (request, signal) => inTurn(request.threadId, signal, () => handoffNow(request, signal)),
    opinionExpectation: async (threadId) => expectOpinion(historyOf(threadId).found, models),
    secondOpinion: (threadId, signal) => inTurn(threadId, signal, () => opinionNow(threadId, signal)),
    thread: (threadId) => threadOf(historyOf(threadId).found),
    expectations: (request) => expectations(models, request),
    dispose: () => hidden.dispose(),
  };
}

function shown(model: Answerer["model"]) {
  return { model: model.name, provider: providerOf(model), place: placeOf(model) };
}

function titleOf({ text, attachments }: Message): string {
  const [first] = attachments;
  return firstLine(text, 60) || (first ? attachmentName(first) : "Chat");
}

function checkMessage({ text, attachments }: Message): void {
  if (text.trim() === "" && attachments.length === 0)
    throw new UserError("BAD_INPUT", "The message is empty.", "Write what you want to know.");
}
