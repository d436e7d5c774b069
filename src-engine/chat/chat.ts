import { describeError, UserError } from "#core/base/errors";
import { takesLong } from "#core/base/takes-long";
import { answerByCalculation } from "#core/calculation/answer";
import { commandTitle } from "#core/chat/commands";
import { asTitle } from "#core/chat/mentions";
import { attachmentName, isExcluded, type Turn } from "#core/chat/prompt";
import { firstLine } from "#core/chat/summary";
import type { ChatEvent, ChatThread, ModeExpectation, OpinionExpectation } from "#core/contracts/chat";
import type { Attachment } from "#core/contracts/message-context";
import type { Settings } from "#core/settings/schema";
import type { Inference } from "#engine/inference/host";
import type { Models } from "#engine/models/models";
import { providerOf } from "#engine/servers/served-inference";
import type { SessionRecorder } from "#engine/sessions/recorder";
import { answer } from "./answer.ts";
import { type Answerer, loadAnswerer, modelOf, shownModel, type Wish, wishOf } from "./answerer.ts";
import { writeCalculated } from "./calculated.ts";
import { expectations } from "./expectations.ts";
import { type HandoffRequest, handoff } from "./handoff.ts";
import { createLines } from "./lines.ts";
import { createProjectChoice, type ProjectChoiceOptions } from "./project-choice.ts";
import { createProjectLookup, noFindings, type ProjectLookupOptions } from "./project-lookup.ts";
import { readAhead } from "./read-ahead.ts";
import { expectOpinion, secondOpinion } from "./second-opinion.ts";
import { chatKind, emptyThread, endStates, stateOf, threadOf } from "./thread.ts";
import { createThreads, type ThreadHistory } from "./threads.ts";

/** A message as it is after parsing. */
export interface Message extends Wish {
  readonly text: string;
  readonly workspace?: string;
  readonly attachments: readonly Attachment[];
  /** Names of attachments that are not to be given to the model, wherever they come from. */
  readonly exclude: readonly string[];
  /** True where the same question was answered already and another answer is wanted. */
  readonly again?: boolean;
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
  handoff(request: HandoffRequest, signal?: AbortSignal): AsyncGenerator<ChatEvent, void, void>;
  /** What a second opinion on the last answer of a thread would take; throws where none can be had. */
  opinionExpectation(threadId: string): Promise<OpinionExpectation>;
  /** Has another model answer the last question of a thread as well. */
  secondOpinion(threadId: string, signal?: AbortSignal): AsyncGenerator<ChatEvent, void, void>;
  thread(threadId: string): ChatThread;
  expectations(request: { readonly workspace?: string; readonly promptTokens: number }): Promise<ModeExpectation[]>;
  /**
   * Reads the thread and what is written of the next message, so that its answer begins sooner. Nothing is loaded for it that has no room,
   * and nothing is written down. Answers how many tokens that took.
   */
  readAhead(message: Message & { readonly threadId?: string }, signal?: AbortSignal): Promise<{ readonly evaluated: number }>;
  dispose(): void;
}

/** What {@link createChat} needs. */
export interface ChatOptions {
  readonly inference: Pick<Inference, "ensure" | "generate" | "countTokens" | "preload" | "readAhead">;
  readonly models: Pick<Models, "forRole" | "bySize" | "another" | "router" | "reference" | "list">;
  readonly sessions: ThreadHistory;
  readonly settings: { current(workspace?: string): Settings };
  /** What each thread is to know from its beginning; files that stand in its first message. */
  readonly remembered?: (workspace: string | undefined) => Promise<readonly Attachment[]>;
  readonly find?: ProjectLookupOptions["find"];
  readonly recognise?: ProjectChoiceOptions["recognise"];
  readonly check?: ProjectLookupOptions["check"];
}

/** Creates the {@link Chat} of an engine. */
export function createChat({ inference, models, sessions, settings, remembered, find, recognise, check }: ChatOptions): Chat {
  const threads = createThreads(sessions, settings);
  const project = createProjectLookup({ find, check, settings });
  const projectChoice = createProjectChoice({ settings, inference, models, recognise });
  const lines = createLines();

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
    const before = threadId === undefined ? emptyThread : stateOf(threads.find(threadId).found);
    const calculated = message.attachments.length === 0 ? answerByCalculation(message.text) : undefined;
    if (calculated !== undefined) {
      const title = titleOf(message);
      const thread =
        threadId === undefined ? { recorder: threads.begin(title, workspace, undefined, emptyThread), title } : threads.goOn(threadId);
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
      threadId === undefined
        ? { recorder: threads.begin(title, workspace, model.name, emptyThread), state: emptyThread, title }
        : threads.goOn(threadId);
    const { recorder, state } = thread;
    recorder.setModel(model.name, providerOf(model));
    let ended = false;
    let questionId = 0;
    try {
      const isLeftOut = (one: Attachment) => isExcluded(one, message.exclude);
      const wanted = message.attachments.filter((one) => !isLeftOut(one));
      const choice = yield* projectChoice.choose({ ...message, attachments: wanted, mode: wish.mode, model }, signal);
      const found = choice.search ? yield* project.findings(message, signal) : noFindings;
      // Also where the first question of a thread is asked anew.
      const known = state.turns.length === 0 ? yield* memories(workspace) : [];
      const offered = [...known, ...message.attachments, ...found.attachments];
      const attachments = offered.filter((one) => !isLeftOut(one));
      questionId = recorder.add("user", message.text, { attachments, ...wish });
      // Who did not ask for it need not read what had no room; it stands with what the model saw.
      if (found.note !== "" && choice.reason === undefined) {
        recorder.add("note", found.note);
        yield { type: "notice", code: "LEFT_OUT", message: found.note };
      }
      yield { type: "started", threadId: recorder.id, title: thread.title, questionId, ...shownModel(model) };
      const ready = yield* load(model, wish, workspace, recorder, signal);
      const question: Turn = { id: state.next, role: "user", text: message.text, attachments };
      const { text, messageId, facts } = yield* answer(
        { ...state, turns: [...state.turns, question] },
        {
          ...{ inference, answerer: ready, recorder, settings: settings.current(workspace), mode: wish.mode, signal },
          ...{ isAnother: message.again, leftOut: found.leftOut, excluded: offered.filter(isLeftOut), choice },
        },
      );
      const shown = [...state.turns, question].flatMap((turn) => turn.attachments);
      yield* project.doubts(text, { workspace, attachments: shown, isAboutProject: choice.search }, recorder);
      recorder.finish("done");
      ended = true;
      const sources = attachments.flatMap(({ kind, path, from, to }) =>
        kind === "found" && from !== undefined ? [{ path, from, to: to ?? from }] : [],
      );
      const answered = { ...facts, threadId: recorder.id, messageId, text, ...(sources.length > 0 && { sources }) };
      yield { type: "finished", answer: answered };
    } catch (error) {
      ended = true;
      const { code, message: reason, hint } = describeError(error);
      // What cannot be shown to the model must not stand in the way of the next question.
      if (code === "SELECTION_TOO_LONG")
        recorder.add("note", [reason, "The model did not see this message.", hint].filter(Boolean).join(" "), { refused: state.next });
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

  function opinionNow(threadId: string, signal: AbortSignal | undefined): AsyncGenerator<ChatEvent, void, void> {
    const { history, found } = threads.find(threadId);
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
        const { history, found } = threads.find(message.threadId);
        const isQuestion = found.messages.some(({ id, role }) => id === messageId && role === "user");
        if (!isQuestion || found.session.kind !== chatKind)
          throw new UserError("NOT_FOUND", "That message is not a question of this thread.", "Open the thread again.");
        history.rewind(message.threadId, messageId, `${found.session.title} (before an edit)`);
        return sendNow(message, signal);
      }),
    branch(threadId, messageId) {
      const { history, found } = threads.find(threadId);
      if (found.session.kind !== chatKind) return { threadId: threads.fromAction(found) };
      if (messageId !== undefined && !found.messages.some(({ id }) => id === messageId))
        throw new UserError("NOT_FOUND", "That message is not in this thread any more.", "Open the thread again.");
      return { threadId: history.branch(threadId, messageId).id };
    },
    handoff: (request, signal) =>
      inTurn(request.threadId, signal, () =>
        handoff(threads.find(request.threadId).found, request, { inference, models, settings, begin: threads.begin, signal }),
      ),
    opinionExpectation: async (threadId) => expectOpinion(threads.find(threadId).found, models),
    secondOpinion: (threadId, signal) => inTurn(threadId, signal, () => opinionNow(threadId, signal)),
    readAhead: (message, signal) =>
      readAhead(message, message.threadId === undefined ? emptyThread : stateOf(threads.find(message.threadId).found), {
        ...{ inference, models, settings, remembered, byRules: projectChoice.byRules, signal },
      }),
    thread: (threadId) => threadOf(threads.find(threadId).found),
    expectations: (request) => expectations(models, request),
    dispose: () => threads.dispose(),
  };
}

function titleOf({ text, attachments }: Message): string {
  const [first] = attachments;
  const place = first ? attachmentName(first) : "";
  return firstLine(commandTitle(text, place) ?? asTitle(text), 60) || place || "Chat";
}

function checkMessage({ text, attachments }: Message): void {
  if (text.trim() === "" && attachments.length === 0)
    throw new UserError("BAD_INPUT", "The message is empty.", "Write what you want to know.");
}
