import { afterEach, expect, it, vi } from "vitest";
import { UserError } from "#core/base/errors";
import type { ChatEvent, ChatThread, ChatTurn } from "#core/contracts/chat";
import type { Engine } from "../../connection.ts";
import { type Conversation, createConversation } from "./conversation.ts";

const opened: Conversation[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.dispose();
});

const started: ChatEvent = { type: "started", threadId: "t1", title: "One", questionId: 1, model: "small", place: "this machine" };
const facts = {
  model: "small",
  place: "this machine",
  tokens: { prompt: 1, reused: 0, evaluated: 1, generated: 1 },
  tokensPerSecond: 1,
  firstMilliseconds: 1,
  milliseconds: 1,
  stop: "end" as const,
};
const finished: ChatEvent = { type: "finished", answer: { ...facts, threadId: "t1", messageId: 2, text: "Yes." } };

/** An engine whose answers the test writes. */
function scripted() {
  const sent: { text: string; threadId?: string; messageId?: number }[] = [];
  const streams: { push(event: ChatEvent): void; end(error?: Error): void; aborted: boolean }[] = [];
  const turns: ChatTurn[] = [];
  const open = async (input: (typeof sent)[number], { signal }: { signal: AbortSignal }) => {
    sent.push(input);
    const events: ChatEvent[] = [];
    let wake = Promise.withResolvers<void>();
    let over: { error?: Error } | undefined;
    const stream = {
      aborted: false,
      push(event: ChatEvent) {
        events.push(event);
        wake.resolve();
      },
      end(error?: Error) {
        over = { error };
        wake.resolve();
      },
    };
    signal.addEventListener("abort", () => {
      stream.aborted = true;
      stream.end(new UserError("STOPPED", "Stopped."));
    });
    streams.push(stream);
    return (async function* () {
      while (true) {
        while (events.length > 0) yield events.shift() as ChatEvent;
        if (over) {
          if (over.error) throw over.error;
          return;
        }
        await wake.promise;
        wake = Promise.withResolvers();
      }
    })();
  };
  const thread = async ({ threadId }: { threadId: string }): Promise<ChatThread> => {
    if (threadId === "gone") throw new UserError("NOT_FOUND", "There is no such thread.");
    return { id: threadId, title: threadId, state: "done", created: 0, updated: 0, turns: [...turns] };
  };
  const engine = {
    chat: { send: open, edit: open, handoff: open, thread, branch: async () => ({ threadId: "t2" }) },
    sessions: { changes: async () => (async function* () {})() },
  } as unknown as Pick<Engine, "chat" | "sessions">;
  return { engine, sent, streams, turns };
}

function conversation(engine: Pick<Engine, "chat" | "sessions">) {
  let waiting: { until: () => boolean; done: () => void }[] = [];
  const made = createConversation({
    engine,
    workspace: () => "/work",
    changed() {
      waiting = waiting.filter(({ until, done }) => {
        if (!until()) return true;
        done();
        return false;
      });
    },
  });
  opened.push(made);
  /** Waits for a state; there is no limit of time. */
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => (condition() ? resolve() : waiting.push({ until: condition, done: resolve })));
  return { made, until };
}

const draft = (text: string) => ({ text, attachments: [] });

it("shows an answer while it comes, then the thread as it is kept", async () => {
  const { engine, sent, streams, turns } = scripted();
  const { made, until } = conversation(engine);
  made.send(draft("One"));
  await until(() => streams.length === 1);
  streams[0]?.push(started);
  streams[0]?.push({ type: "text", text: "Ye" });
  await until(() => made.state().running?.text === "Ye");
  expect(made.state().running).toMatchObject({ phase: "writing", model: "small" });
  turns.push({ id: 1, role: "user", text: "One", created: 0, attachments: [] });
  streams[0]?.push(finished);
  streams[0]?.end();
  await until(() => made.state().running === undefined);
  expect(made.state().thread).toMatchObject({ id: "t1", turns: [{ text: "One" }] });
  made.send(draft("Two"));
  expect(sent[1]).toMatchObject({ text: "Two", threadId: "t1", workspace: "/work" });
});

it("sends what waits when the answer before it is done, and not after a failure", async () => {
  const { engine, sent, streams } = scripted();
  const { made, until } = conversation(engine);
  made.send(draft("One"));
  made.send(draft("Two"));
  made.send(draft("Three"));
  expect(made.state().queue.map(({ text }) => text)).toEqual(["Two", "Three"]);
  expect(made.unqueue(1)?.text).toBe("Three");
  await until(() => streams.length === 1);
  streams[0]?.push(started);
  streams[0]?.push(finished);
  streams[0]?.end();
  await until(() => made.state().running?.draft.text === "Two");
  expect(sent[1]).toMatchObject({ text: "Two", threadId: "t1" });
  made.send(draft("Four"));
  await until(() => streams.length === 2);
  streams[1]?.end(new UserError("NO_MODEL", "There is no model.", "Get one."));
  await until(() => made.state().problem !== undefined && made.state().running === undefined);
  expect(made.state().problem).toMatchObject({ code: "NO_MODEL", hint: "Get one.", draft: undefined });
  expect(sent).toHaveLength(2);
  // They are still there, also the one that did not arrive, and go when the user says so.
  expect(made.state().held.map(({ text }) => text)).toEqual(["Two", "Four"]);
  await made.open("other");
  expect(made.state().held).toEqual([]);
  await made.open("t1");
  expect(made.unhold(1)?.text).toBe("Four");
  expect(made.unhold(0)?.text).toBe("Two");
  expect(made.state().held).toEqual([]);
});

it("keeps what waits when the answer before it is stopped", async () => {
  const { engine, sent, streams } = scripted();
  const { made, until } = conversation(engine);
  made.send(draft("One"));
  made.send(draft("Two"));
  await until(() => streams.length === 1);
  streams[0]?.push(started);
  await until(() => made.state().running?.model === "small");
  made.stop();
  await until(() => made.state().running === undefined);
  expect(made.state().held.map(({ text }) => text)).toEqual(["Two"]);
  expect(sent).toHaveLength(1);
});

it("keeps a first message that was stopped before it arrived", async () => {
  const { engine, streams } = scripted();
  const { made, until } = conversation(engine);
  made.send(draft("One"));
  await until(() => streams.length === 1);
  made.stop();
  await until(() => made.state().running === undefined);
  expect(made.state().held.map(({ text }) => text)).toEqual(["One"]);
});

it("offers a message again that failed in its thread, and does not hold it as well", async () => {
  const { engine, streams } = scripted();
  const { made, until } = conversation(engine);
  made.send(draft("One"));
  await until(() => streams.length === 1);
  streams[0]?.push(started);
  streams[0]?.end(new UserError("SELECTION_TOO_LONG", "It is too long."));
  await until(() => made.state().problem !== undefined && made.state().running === undefined);
  expect(made.state()).toMatchObject({ problem: { draft: { text: "One" } }, held: [] });
});

it("tells what is in no history yet, and brings it back elsewhere without sending it", async () => {
  const { engine, streams } = scripted();
  const { made, until } = conversation(engine);
  made.send(draft("One"));
  made.send(draft("Two"));
  expect(made.unsent()).toEqual([{ threadId: undefined, drafts: [draft("One"), draft("Two")] }]);
  await until(() => streams.length === 1);
  streams[0]?.push(started);
  await until(() => made.state().running?.model === "small");
  expect(made.unsent()).toEqual([{ threadId: "t1", drafts: [draft("Two")] }]);
  expect(made.state()).toMatchObject({ thread: undefined, threadId: "t1" });

  const other = scripted();
  const { made: next } = conversation(other.engine);
  next.restore(made.unsent());
  await next.open("t1");
  expect(next.state().held).toEqual([draft("Two")]);
  expect(other.sent).toEqual([]);
  expect(next.unsent()).toEqual(made.unsent());
});

it("sends what waits also while another thread is shown", async () => {
  const { engine, sent, streams } = scripted();
  const { made, until } = conversation(engine);
  made.send(draft("One"));
  made.send(draft("Two"));
  await until(() => streams.length === 1);
  streams[0]?.push(started);
  await until(() => made.state().running?.model === "small");
  await made.open("other");
  streams[0]?.push(finished);
  streams[0]?.end();
  await vi.waitFor(() => expect(streams).toHaveLength(2));
  expect(sent[1]).toMatchObject({ text: "Two", threadId: "t1" });
  expect(made.state()).toMatchObject({ thread: { id: "other" }, running: undefined, queue: [] });
  // What fails there is found there.
  streams[1]?.end(new UserError("NO_MODEL", "There is no model.", "Get one."));
  await made.open("t1");
  await until(() => made.state().held.some(({ text }) => text === "Two"));
});

it("changes nothing while an answer is being written, and says so", async () => {
  const { engine, sent, streams, turns } = scripted();
  const { made, until } = conversation(engine);
  turns.push({ id: 1, role: "user", text: "One", created: 0, attachments: [] });
  await made.open("t1");
  made.send(draft("Two"));
  await until(() => streams.length === 1);
  expect(made.edit(1, draft("Other"))).toBe(false);
  expect(made.handoff("go on")).toBe(false);
  expect(sent).toHaveLength(1);
});

it("stops the model, and goes on", async () => {
  const { engine, streams, sent } = scripted();
  const { made, until } = conversation(engine);
  made.send(draft("One"));
  await until(() => streams.length === 1);
  streams[0]?.push(started);
  await until(() => made.state().running?.model === "small");
  made.stop();
  await until(() => made.state().running === undefined);
  expect(streams[0]?.aborted).toBe(true);
  expect(made.state().problem).toBeUndefined();
  made.send(draft("Two"));
  expect(sent[1]).toMatchObject({ threadId: "t1" });
});

it("an answer goes on while another thread is shown, and is found again there", async () => {
  const { engine, streams } = scripted();
  const { made, until } = conversation(engine);
  made.send(draft("One"));
  await until(() => streams.length === 1);
  streams[0]?.push(started);
  await until(() => made.state().running?.model === "small");
  await made.open("other");
  expect(made.state()).toMatchObject({ thread: { id: "other" }, running: undefined });
  streams[0]?.push({ type: "text", text: "Yes" });
  await made.open("t1");
  await until(() => made.state().running?.text === "Yes");
  made.stop();
  await until(() => made.state().running === undefined);
  expect(streams[0]?.aborted).toBe(true);
});

it("an edit takes the place of a question, and what followed it goes", async () => {
  const { engine, sent, turns, streams } = scripted();
  turns.push(
    { id: 1, role: "user", text: "One", created: 0, attachments: [] },
    { id: 2, role: "assistant", text: "1", created: 0, attachments: [] },
    { id: 3, role: "user", text: "Two", created: 0, attachments: [] },
  );
  const { made, until } = conversation(engine);
  await made.open("t1");
  made.edit(3, draft("Better"));
  expect(made.state().thread?.turns.map(({ id }) => id)).toEqual([1, 2]);
  expect(sent[0]).toMatchObject({ text: "Better", threadId: "t1", messageId: 3 });
  await until(() => streams.length === 1);
});

it("says what is wrong with a thread that is gone", async () => {
  const { made } = conversation(scripted().engine);
  await made.open("gone");
  expect(made.state()).toMatchObject({ thread: undefined, problem: { code: "NOT_FOUND" } });
});
