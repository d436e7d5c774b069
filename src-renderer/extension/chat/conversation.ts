import type { Disposable } from "#core/base/disposable";
import { describeError } from "#core/base/errors";
import type { ChatEvent, ChatThread, OpinionExpectation } from "#core/contracts/chat";
import type { Engine } from "../../connection.ts";
import { follow } from "../follow.ts";
import type { ConversationState, Running } from "./conversation-state.ts";
import type { Draft, Unsent } from "./draft.ts";
import { createHeld } from "./held.ts";

/** One thread in one view: what it holds, what runs, what waits. Failures are states, never thrown errors. */
export interface Conversation extends Disposable {
  state(): ConversationState;
  /** Shows a thread; without an id an empty one. What runs goes on and is found in its thread. */
  open(threadId?: string): Promise<void>;
  send(draft: Draft): void;
  /** Sends in the place of an earlier question; false while an answer is being written. */
  edit(messageId: number, draft: Draft): boolean;
  /** Goes on in a copy up to a message, or of all. */
  branch(messageId?: number): Promise<void>;
  /** Begins a new thread with notes and files of this one; false while an answer is being written. */
  handoff(goal: string): boolean;
  /** Finds out what a second opinion on the last answer would take, and offers it. */
  offerOpinion(): Promise<void>;
  /** Asks for what was offered, or not. */
  answerOffer(ask: boolean): void;
  stop(): void;
  /** Takes a waiting message back. */
  unqueue(index: number): Draft | undefined;
  /** Takes a message back that was not sent. */
  unhold(index: number): Draft | undefined;
  dismissProblem(): void;
  /** What would be lost with this window: it is in no history yet. */
  unsent(): readonly Unsent[];
  /** Brings back what another window had of that. Nothing of it is sent by itself. */
  restore(unsent: readonly Unsent[]): void;
}

/** What {@link createConversation} needs. */
export interface ConversationOptions {
  readonly engine: Pick<Engine, "chat" | "sessions">;
  readonly workspace: () => string | undefined;
  readonly changed: () => void;
  readonly now?: () => number;
}

/** Milliseconds between two looks at a thread that another face writes. */
const lookEvery = 250;

type Stream = (signal: AbortSignal) => Promise<AsyncIterable<ChatEvent>>;

/** An answer on its way and what waits behind it. It goes on while the view shows another thread, and is found again there. */
interface Live {
  threadId: string | undefined;
  running: Running;
  /** True once the message stands in the history. */
  isSent: boolean;
  queue: readonly Draft[];
  readonly stopping: AbortController;
}

/** Creates a {@link Conversation}. */
export function createConversation({ engine, workspace, changed, now = () => performance.now() }: ConversationOptions): Conversation {
  const lives = new Set<Live>();
  const held = createHeld();
  let live: Live | undefined;
  let thread: ChatThread | undefined;
  let problem: ConversationState["problem"];
  let offer: OpinionExpectation | undefined;
  /** Counts what the view was opened for. */
  let shown = 0;
  let looking: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;

  const tell = () => {
    if (!disposed) changed();
  };

  async function load(threadId: string): Promise<void> {
    const mine = shown;
    try {
      const loaded = await engine.chat.thread({ threadId });
      if (mine !== shown) return;
      thread = loaded;
    } catch (error) {
      if (mine !== shown) return;
      thread = undefined;
      problem = describeError(error);
    }
    tell();
  }

  async function run(draft: Draft, stream: Stream, threadId = thread?.id, queue: readonly Draft[] = []): Promise<void> {
    const mine: Live = {
      threadId,
      running: { draft, phase: "starting", text: "", notices: [] },
      isSent: false,
      queue,
      stopping: new AbortController(),
    };
    const { signal } = mine.stopping;
    lives.add(mine);
    if (threadId === thread?.id) {
      live = mine;
      problem = undefined;
      offer = undefined;
    }
    tell();
    const update = (parts: Partial<Running>) => {
      mine.running = { ...mine.running, ...parts };
      if (live === mine) tell();
    };
    const failure = await read(mine, stream, update).then(
      () => undefined,
      (error: unknown) => describeError(error),
    );
    const failed =
      failure !== undefined && failure.code !== "STOPPED" && !signal.aborted
        ? { ...failure, draft: mine.isSent ? draft : undefined }
        : undefined;
    if (live === mine) {
      if (mine.threadId !== undefined) await load(mine.threadId);
      problem = failed ?? problem;
    }
    lives.delete(mine);
    if (live === mine) live = undefined;
    const [next, ...rest] = mine.queue;
    // After a failure or a stop what waits is not sent by itself: the user looks at it first.
    if (failed || signal.aborted || mine.threadId === undefined) held.add(mine.threadId, unsentOf(mine));
    else if (next) begin(next, mine.threadId, rest);
    tell();
  }

  /** Reads one answer to its end. */
  async function read(mine: Live, stream: Stream, update: (parts: Partial<Running>) => void): Promise<void> {
    let pieces = 0;
    let first = 0;
    for await (const event of await stream(mine.stopping.signal)) {
      if (mine.stopping.signal.aborted) return;
      if (event.type === "started") {
        mine.threadId = event.threadId;
        mine.isSent = true;
        update({ model: event.model, place: event.place });
      } else if (event.type === "waiting") update({ phase: "waiting", reason: event.reason });
      else if (event.type === "reading") update({ phase: "reading", read: { evaluated: event.evaluated, total: event.total } });
      else if (event.type === "notice") update({ notices: [...mine.running.notices, event.message] });
      else if (event.type === "text") {
        if (pieces === 0) first = now();
        pieces += 1;
        const seconds = (now() - first) / 1000;
        update({ phase: "writing", text: mine.running.text + event.text, speed: seconds > 0.3 ? (pieces - 1) / seconds : undefined });
      } else mine.threadId = event.answer.threadId;
    }
  }

  function send(draft: Draft): void {
    if (live) {
      live.queue = [...live.queue, draft];
      tell();
      return;
    }
    // A thread that is still being opened is not the one that it was written to.
    if (!thread) shown += 1;
    begin(draft, thread?.id);
  }

  function begin(draft: Draft, threadId: string | undefined, queue?: readonly Draft[]): void {
    const message = { ...fieldsOf(draft), workspace: workspace(), threadId };
    void run(draft, (signal) => engine.chat.send(message, { signal }), threadId, queue);
  }

  async function open(threadId?: string): Promise<void> {
    shown += 1;
    thread = undefined;
    problem = undefined;
    offer = undefined;
    live = threadId === undefined ? undefined : [...lives].find((one) => one.threadId === threadId);
    tell();
    if (threadId !== undefined) await load(threadId);
  }

  // A thread that another window or a terminal goes on with is followed as it grows.
  const news = follow(
    (signal) => engine.sessions.changes(undefined, { signal }),
    ({ id, change }) => {
      if (change === "removed") held.forget(id);
      if (id !== thread?.id || live) return;
      if (change === "removed") void open();
      else
        looking ??= setTimeout(() => {
          looking = undefined;
          if (thread && !live) void load(thread.id);
        }, lookEvery);
    },
  );

  return {
    state() {
      const { running, queue = [], threadId = thread?.id } = live ?? {};
      return { thread, threadId, running, queue, held: held.of(thread?.id), offer, problem };
    },
    open,
    send,
    edit(messageId, draft) {
      if (!thread || live) return false;
      const message = { ...fieldsOf(draft), workspace: workspace(), threadId: thread.id, messageId, again: draft.again };
      // What comes after the edited question is gone from here at once; it stays in the history.
      thread = { ...thread, turns: thread.turns.filter(({ id }) => id < messageId) };
      void run(draft, (signal) => engine.chat.edit(message, { signal }));
      return true;
    },
    async branch(messageId) {
      if (!thread) return;
      try {
        const { threadId } = await engine.chat.branch({ threadId: thread.id, messageId });
        await open(threadId);
      } catch (error) {
        problem = describeError(error);
        tell();
      }
    },
    handoff(goal) {
      if (live) return false;
      const threadId = thread?.id;
      if (threadId !== undefined) void run({ text: "", attachments: [] }, (signal) => engine.chat.handoff({ threadId, goal }, { signal }));
      return true;
    },
    async offerOpinion() {
      const threadId = thread?.id;
      if (threadId === undefined || live) return;
      const mine = shown;
      problem = undefined;
      try {
        const found = await engine.chat.opinionExpectation({ threadId });
        if (mine === shown && !live) offer = found;
      } catch (error) {
        if (mine === shown) problem = describeError(error);
      }
      tell();
    },
    answerOffer(ask) {
      offer = undefined;
      const threadId = thread?.id;
      if (!ask || threadId === undefined || live) return tell();
      void run({ text: "", attachments: [] }, (signal) => engine.chat.secondOpinion({ threadId }, { signal }));
    },
    stop: () => live?.stopping.abort(),
    unqueue(index) {
      const draft = live?.queue[index];
      if (live) live.queue = live.queue.filter((_, at) => at !== index);
      tell();
      return draft;
    },
    unhold(index) {
      const draft = held.take(thread?.id, index);
      tell();
      return draft;
    },
    dismissProblem() {
      problem = undefined;
      tell();
    },
    unsent: () => [...[...lives].map((one) => ({ threadId: one.threadId, drafts: unsentOf(one) })), ...held.all()],
    restore(unsent) {
      for (const { threadId, drafts } of unsent) held.add(threadId, drafts);
      tell();
    },
    dispose() {
      disposed = true;
      for (const one of lives) one.stopping.abort();
      clearTimeout(looking);
      news.dispose();
    },
  };
}

/** What of an answer's messages is in no history yet; a message without words is a request of ours. */
function unsentOf({ running: { draft }, isSent, queue }: Live): readonly Draft[] {
  return isSent || (draft.text === "" && draft.attachments.length === 0) ? queue : [draft, ...queue];
}

function fieldsOf({ text, attachments, exclude = [], mode, model }: Draft) {
  return { text, attachments: [...attachments], exclude: [...exclude], mode, model };
}
