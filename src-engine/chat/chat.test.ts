import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { chatSystem } from "#core/chat/prompt";
import { type ChatEvent, type ChatRequest, chatRequest } from "#core/contracts/chat";
import type { GenerateRequest } from "#core/contracts/inference";
import type { Attachment } from "#core/contracts/message-context";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createInference } from "#engine/inference/host";
import { openScripted, type ScriptedModel } from "#engine/inference/scripted";
import { type Database, openDatabase } from "../sessions/database.ts";
import { createSessions, type Sessions } from "../sessions/sessions.ts";
import { type Chat, type ChatOptions, createChat } from "./chat.ts";

let folder: string;
let database: Database;
let sessions: Sessions;
let settings: Settings;
const opened: { dispose(): unknown }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chat-"));
  settings = defaultSettings;
  database = openDatabase({ folder });
  sessions = createSessions({ database, settings: { current: () => settings } });
});
afterEach(async () => {
  for (const item of opened.splice(0)) await item.dispose();
  sessions.dispose();
  database.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** A model that answers by rule and remembers what it was asked. */
function scripted(answer: (messages: GenerateRequest["messages"]) => string, more: Partial<ScriptedModel> = {}) {
  const asked: GenerateRequest["messages"][] = [];
  const model: ScriptedModel = {
    ...more,
    answer(messages) {
      asked.push(messages);
      return answer(messages);
    },
  };
  return { asked, model };
}

const modelOf = (name: string) => ({ id: name, name, path: `/models/${name}.gguf` });

const named: ChatOptions["models"] = {
  forRole: async () => modelOf("middle"),
  bySize: async (size) => modelOf(size),
  another: async (than) => (than === "middle" ? modelOf("largest") : undefined),
  router: async () => undefined,
  reference: async (id) => modelOf(id),
  list: async () => [],
};

function chatWith(model: ScriptedModel, more: Partial<ChatOptions> = {}): Chat {
  const inference = createInference({ open: openScripted(model), settings: { current: () => settings } });
  const chat = createChat({
    inference,
    sessions,
    settings: { current: () => settings },
    models: named,
    ...more,
  });
  opened.push(chat, inference);
  return chat;
}

const request = (changes: Partial<ChatRequest> & { text: string }) => chatRequest.parse(changes);

async function collect(events: AsyncIterable<ChatEvent>) {
  const all: ChatEvent[] = [];
  for await (const event of events) all.push(event);
  const last = all.at(-1);
  if (last?.type !== "finished") throw new Error("The stream did not finish.");
  const text = all.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
  return { all, text, answer: last.answer, threadId: last.answer.threadId };
}

const last = (messages: GenerateRequest["messages"]) => messages.at(-1)?.text ?? "";
const file = (path: string, text: string): Attachment => ({ kind: "file", path, languageId: "typescript", text });

describe("a question that is being written", () => {
  const attachments = [file("a.ts", "let a = [1, 2, 3];\n".repeat(20))];

  test("is read before it is sent, with all that goes before it", async () => {
    const { model } = scripted(() => "Because.");
    const chat = chatWith(model);
    const { evaluated } = await chat.readAhead(request({ text: "Why is that a list of three", attachments }));
    expect(evaluated).toBeGreaterThan(200);
    const { answer } = await collect(chat.send(request({ text: "Why is that a list of three numbers?", attachments })));
    expect(answer.tokens.reused).toBe(evaluated);
    expect(sessions.list({ archived: "with", limit: 10 })).toHaveLength(1);
  });

  test("of a thread goes on where the thread ended", async () => {
    const { model } = scripted(() => "Because.");
    const chat = chatWith(model);
    const first = await collect(chat.send(request({ text: "Why?", attachments })));
    const { threadId } = first;
    const { evaluated } = await chat.readAhead(request({ threadId, text: "And what would it be ".repeat(10) }));
    const { answer } = await collect(chat.send(request({ threadId, text: `${"And what would it be ".repeat(10)}otherwise?` })));
    expect(evaluated).toBeGreaterThan(0);
    expect(answer.tokens.reused).toBeGreaterThan(first.answer.tokens.prompt + evaluated / 2);
  });

  test("is not read where the user does not want it, nor where the model has no room", async () => {
    const { model } = scripted(() => "Because.");
    const chat = chatWith({ ...model, contextSize: 200 });
    expect(await chat.readAhead(request({ text: "Why", attachments }))).toEqual({ evaluated: 0 });
    settings = { ...settings, "localcoder.chat.readAhead": false };
    expect(await chatWith(model).readAhead(request({ text: "Why", attachments }))).toEqual({ evaluated: 0 });
  });

  test("makes way for the question that is sent", async () => {
    const { model } = scripted(() => "Because.", { millisecondsPerToken: 5 });
    const chat = chatWith(model);
    await collect(chat.send(request({ text: "Hello" })));
    const reading = new AbortController();
    const ended = chat.readAhead(request({ text: "Why", attachments }), reading.signal).catch((error: unknown) => error);
    const sent = collect(chat.send(request({ text: "What is that?" })));
    reading.abort();
    expect((await sent).text).toBe("Because.");
    expect(await ended).toMatchObject({ code: "STOPPED" });
  });
});

describe("what the user left out", () => {
  test("is not given to the model, whether attached or found, and stands with what it saw", async () => {
    const { model, asked } = scripted(() => "Because.");
    const found: Attachment = { kind: "found", path: "src/tax.ts", from: 3, to: 9, text: "rate();" };
    const chat = chatWith(model, { find: async () => ({ attachments: [found], leftOut: [], complete: true }) });
    const question = { text: "What is it? @project", workspace: "/work", attachments: [file("a.ts", "let a;"), file("b.ts", "let b;")] };
    const { threadId } = await collect(chat.send(request(question)));
    const { messages } = sessions.show(threadId);
    const saw = messages.at(-1)?.details?.saw;
    expect(saw?.taken.flatMap(({ id }) => id ?? [])).toEqual(["a.ts", "b.ts", "src/tax.ts, lines 3–9"]);

    const messageId = messages.find(({ role }) => role === "user")?.id ?? 0;
    const exclude = ["b.ts", "src/tax.ts, lines 3–9"];
    await collect(chat.edit({ ...request(question), exclude, threadId, messageId, again: true }));
    expect(last(asked.at(-1) ?? [])).toContain("let a;");
    expect(last(asked.at(-1) ?? [])).not.toMatch(/let b;|rate\(\)/);
    const then = sessions.show(threadId).messages.at(-1)?.details?.saw;
    expect(then?.taken.flatMap(({ id }) => id ?? [])).toEqual(["a.ts"]);
    expect(then?.leftOut.map(({ name, reason }) => [name, reason])).toEqual(exclude.map((name) => [name, "you left it out"]));
  });
});

describe("a second opinion", () => {
  test("is given by another model from the same prompt, stands beside the answer, and is in no later prompt", async () => {
    let count = 0;
    const { model, asked } = scripted(() => `Answer ${++count}`);
    const chat = chatWith(model);
    const { threadId } = await collect(chat.send(request({ text: "Why?", attachments: [file("a.ts", "let a;")] })));
    expect(await chat.opinionExpectation(threadId)).toEqual({
      ...{ model: "largest", provider: "local-llama", place: "this machine", bytes: undefined, isLoaded: false },
    });
    const opinion = await collect(chat.secondOpinion(threadId));
    expect(opinion.answer).toMatchObject({ model: "largest", text: "Answer 2", threadId });
    expect(asked[1]).toEqual(asked[0]);
    await collect(chat.send(request({ text: "And then?", threadId })));
    expect(asked[2]?.map(({ text }) => text).slice(2)).toEqual(["Answer 1", "And then?"]);
    expect(chat.thread(threadId).turns.map(({ text, secondOpinion, facts }) => [text, secondOpinion, facts?.model])).toEqual([
      ["Why?", undefined, undefined],
      ["Answer 1", undefined, "middle"],
      ["Answer 2", true, "largest"],
      ["And then?", undefined, undefined],
      ["Answer 3", undefined, "middle"],
    ]);
    const [, , , opinionKept] = sessions.show(threadId).messages;
    expect(opinionKept?.details?.prompt).toEqual(asked[1]);
  });

  test("says why there is none", async () => {
    const chat = chatWith(scripted(() => "Yes.").model, { remembered: async () => [] });
    const { threadId } = await collect(chat.send(request({ text: "Why?", model: "small" })));
    await expect(chat.opinionExpectation(threadId)).rejects.toMatchObject({
      code: "NO_MODEL",
      message: "Beside small there is no model on this machine that fits into its memory.",
    });
    await expect(collect(chat.secondOpinion(threadId))).rejects.toMatchObject({ code: "NO_MODEL" });
    expect(sessions.show(threadId).session.state).toBe("done");
  });

  test("that was stopped leaves what came and the thread as it was", async () => {
    const stop = new AbortController();
    const chat = chatWith(scripted(() => "one two three four five six", { millisecondsPerToken: 5 }).model);
    const { threadId } = await collect(chat.send(request({ text: "Count" })));
    const stopped = (async () => {
      for await (const event of chat.secondOpinion(threadId, stop.signal)) if (event.type === "text") stop.abort();
    })();
    await expect(stopped).rejects.toMatchObject({ code: "STOPPED" });
    expect(sessions.show(threadId).session.state).toBe("done");
    expect(chat.thread(threadId).turns.at(-1)).toMatchObject({ secondOpinion: true, facts: undefined });
  });
});

describe("a thread", () => {
  test("is a session of the history, with each turn as it was given", async () => {
    const { model, asked } = scripted((messages) => `Answer to ${last(messages).split("\n").at(-1)}`);
    const chat = chatWith(model);
    const first = await collect(
      chat.send(request({ text: "What is a?", workspace: "/work", attachments: [file("src/a.ts", "let a = 1;")] })),
    );
    const second = await collect(chat.send(request({ text: "Why?", threadId: first.threadId })));
    expect(second.threadId).toBe(first.threadId);
    expect(first.text).toBe("Answer to What is a?");
    expect(first.answer).toMatchObject({ model: "middle", place: "this machine", provider: "local-llama", stop: "end" });
    // The second prompt begins with the first one, byte for byte.
    expect(asked[1]?.slice(0, 2)).toEqual(asked[0]);
    expect(asked[1]?.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);

    expect(sessions.list({ kind: "chat", archived: "without", limit: 10 })).toMatchObject([
      { id: first.threadId, title: "What is a?", workspace: "/work", state: "done" },
    ]);
    const thread = chat.thread(first.threadId);
    expect(thread.turns.map(({ role, text }) => [role, text])).toEqual([
      ["user", "What is a?"],
      ["assistant", "Answer to What is a?"],
      ["user", "Why?"],
      ["assistant", "Answer to Why?"],
    ]);
    expect(thread.turns[0]?.attachments).toEqual([file("src/a.ts", "let a = 1;")]);
    expect(thread.turns[1]?.facts).toMatchObject({ model: "middle", place: "this machine", tokens: first.answer.tokens });
    expect(thread.turns[3]?.id).toBe(second.answer.messageId);
  });

  test("the next turn evaluates only what is new", async () => {
    const chat = chatWith(scripted(() => "A short answer.").model);
    const text = "Explain this module to me. ".repeat(40);
    const first = await collect(chat.send(request({ text })));
    const second = await collect(chat.send(request({ text: "And now?", threadId: first.threadId })));
    expect(second.answer.tokens.reused / first.answer.tokens.prompt).toBeGreaterThan(0.95);
  });

  test("keeps what it has read while actions and another thread come between", async () => {
    const { model } = scripted(() => "A short answer.");
    const inference = createInference({ open: openScripted(model), settings: { current: () => settings } });
    opened.push(inference);
    const chat = chatWith(model, { inference });
    const first = await collect(chat.send(request({ text: "Explain this module to me. ".repeat(40) })));
    const action = async (text: string) => {
      const asked = { messages: [{ role: "user" as const, text }], temperature: 0, maxTokens: 8, priority: "inline-action" as const };
      for await (const _event of inference.generate({ id: "middle", name: "middle", path: "/models/middle.gguf" }, "code", asked));
    };
    for (const text of ["Improve this loop.", "Now something else entirely, and long. ".repeat(10), "Fix that."]) await action(text);
    const other = await collect(chat.send(request({ text: "A thread of its own." })));
    await action("And once more.");
    const second = await collect(chat.send(request({ text: "And now?", threadId: first.threadId })));
    expect(other.threadId).not.toBe(first.threadId);
    expect(second.answer.tokens.reused / first.answer.tokens.prompt).toBeGreaterThan(0.95);
  });

  test("says what the model saw", async () => {
    const chat = chatWith(scripted(() => "Yes.").model);
    const { threadId, answer } = await collect(chat.send(request({ text: "Is it?", attachments: [file("src/a.ts", "let a = 1;")] })));
    const details = sessions.show(threadId).messages.find(({ id }) => id === answer.messageId)?.details;
    expect(details?.saw?.taken.map(({ name, reason }) => [name, reason])).toEqual([
      ["Instructions", "always"],
      ["src/a.ts", "attached"],
      ["Question", "always"],
    ]);
    expect(details?.prompt?.[0]).toEqual({ role: "system", text: chatSystem });
  });

  test("messages to one thread are answered one after the other", async () => {
    const { model, asked } = scripted((messages) => `${messages.length}`, { millisecondsPerToken: 2 });
    const chat = chatWith(model);
    const { threadId } = await collect(chat.send(request({ text: "One" })));
    const [two, three] = await Promise.all(["Two", "Three"].map((text) => collect(chat.send(request({ text, threadId })))));
    expect(asked.map((messages) => messages.length)).toEqual([2, 4, 6]);
    expect(three?.all.some((event) => event.type === "waiting" && event.reason.includes("before this one"))).toBe(true);
    expect(two?.text).toBe("4");
  });

  test("stopping keeps what came and frees the model", async () => {
    const chat = chatWith(scripted(() => "one two three four five six seven eight nine ten", { millisecondsPerToken: 5 }).model);
    const stopping = new AbortController();
    let threadId = "";
    let seen = "";
    const stream = async () => {
      for await (const event of chat.send(request({ text: "Count" }), stopping.signal)) {
        if (event.type === "started") ({ threadId } = event);
        if (event.type === "text") seen += event.text;
        if (seen.includes("three")) stopping.abort();
      }
    };
    await expect(stream()).rejects.toMatchObject({ code: "STOPPED" });
    const thread = chat.thread(threadId);
    expect(thread.state).toBe("stopped");
    expect(thread.turns[1]?.text.startsWith(seen.trimEnd())).toBe(true);
    const next = await collect(chat.send(request({ text: "Go on", threadId })));
    expect(next.answer.stop).toBe("end");
  });

  test("without a history it lives in memory only", async () => {
    settings = { ...defaultSettings, "localcoder.history.keep": "off" };
    const { model, asked } = scripted(() => "Yes.");
    const chat = chatWith(model);
    const { threadId } = await collect(chat.send(request({ text: "One" })));
    await collect(chat.send(request({ text: "Two", threadId })));
    expect(asked[1]).toHaveLength(4);
    expect(sessions.list({ archived: "with", limit: 10 })).toEqual([]);
  });

  test("goes on from an action of the history", async () => {
    const recorder = sessions.begin({ title: "Explain parse", kind: "explain", messages: [{ role: "system", text: "You explain." }] });
    recorder.add("user", "Explain this code: parse()");
    recorder.append("It parses.");
    recorder.finish("done");
    const { model, asked } = scripted(() => "Because.");
    const chat = chatWith(model);
    const { threadId } = chat.branch(recorder.id);
    await collect(chat.send(request({ text: "Why?", threadId })));
    expect(asked[0]?.map(({ text }) => text)).toEqual([chatSystem, "Explain this code: parse()", "It parses.", "Why?"]);
    expect(chat.thread(threadId)).toMatchObject({ title: "Explain parse" });
  });

  test("of what is not there is said so", async () => {
    const chat = chatWith(scripted(() => "").model);
    await expect(collect(chat.send(request({ text: "One", threadId: "nowhere" })))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(collect(chat.send(request({ text: "  " })))).rejects.toMatchObject({ code: "BAD_INPUT" });
  });

  test("an empty answer is asked for once more, and then said", async () => {
    const { model, asked } = scripted(() => "");
    await expect(collect(chatWith(model).send(request({ text: "One" })))).rejects.toMatchObject({ message: "middle gave no answer." });
    expect(asked).toHaveLength(2);
    asked.length = 0;
    await expect(collect(chatWith(model).send(request({ text: "One", mode: "rush" })))).rejects.toMatchObject({
      message: "smallest gave no answer.",
    });
    expect(asked).toHaveLength(1);
  });
});

describe("branches", () => {
  test("a copy up to a message leaves the thread as it is", async () => {
    const { model, asked } = scripted((messages) => `Answer ${messages.length}`);
    const chat = chatWith(model);
    const { threadId, answer } = await collect(chat.send(request({ text: "One", attachments: [file("a.ts", "1")] })));
    await collect(chat.send(request({ text: "Two", threadId })));
    const branch = chat.branch(threadId, answer.messageId);
    await collect(chat.send(request({ text: "Other", threadId: branch.threadId })));
    expect(asked[2]?.map(({ text }) => text.split("\n").at(-1))).toEqual([expect.any(String), "One", "Answer 2", "Other"]);
    expect(asked[2]?.[1]).toEqual(asked[0]?.[1]);
    expect(chat.thread(threadId).turns).toHaveLength(4);
    expect(() => chat.branch(threadId, 999)).toThrow("not in this thread");
  });

  test("an edit goes on from before the message, and the earlier course is kept", async () => {
    const { model, asked } = scripted((messages) => `Answer ${messages.length}`);
    const chat = chatWith(model);
    const { threadId } = await collect(chat.send(request({ text: "One" })));
    await collect(chat.send(request({ text: "Two", threadId })));
    const question = chat.thread(threadId).turns[2]!;
    const edited = await collect(chat.edit({ ...request({ text: "Better" }), threadId, messageId: question.id }));
    expect(edited.threadId).toBe(threadId);
    expect(asked[2]?.map(({ text }) => text).slice(1)).toEqual(["One", "Answer 2", "Better"]);
    expect(chat.thread(threadId).turns.map(({ text }) => text)).toEqual(["One", "Answer 2", "Better", "Answer 4"]);
    const before = sessions.list({ archived: "with", limit: 10 }).find(({ title }) => title === "One (before an edit)");
    expect(chat.thread(before?.id ?? "").turns.map(({ text }) => text)).toEqual(["One", "Answer 2", "Two", "Answer 4"]);
  });

  test("a handoff begins a new thread with notes and files", async () => {
    const { model, asked } = scripted((messages) => (last(messages).startsWith("Write notes") ? " count\nDone: one" : "Counted."));
    const chat = chatWith(model);
    const { threadId } = await collect(chat.send(request({ text: "Count", attachments: [file("src/a.ts", "let a = 1;")] })));
    const handed = await collect(chat.handoff({ threadId, goal: "Write tests" }));
    expect(handed.threadId).not.toBe(threadId);
    expect(handed.text).toContain("Goal: count\nDone: one\nFiles: src/a.ts\nGoal now: Write tests");
    await collect(chat.send(request({ text: "Begin", threadId: handed.threadId })));
    const prompt = last(asked.at(-1) ?? []);
    expect(prompt).toMatch(/^Notes on the conversation so far:\n\nGoal: count/);
    expect(prompt).toContain("src/a.ts:\n```typescript\nlet a = 1;\n```");
    expect(prompt.endsWith("\n\nBegin")).toBe(true);
    expect(chat.thread(handed.threadId).title).toBe("Write tests");
  });
});

describe("a full window", () => {
  const small = { contextSize: 700 };
  const long = "word ".repeat(220);

  test("what was attached earlier is only named then, visibly, and stays so", async () => {
    const { model, asked } = scripted(() => "Short.", small);
    const chat = chatWith(model);
    const { threadId } = await collect(chat.send(request({ text: "One", attachments: [file("a.ts", long)] })));
    const second = await collect(chat.send(request({ text: "Two", threadId, attachments: [file("b.ts", long)] })));
    const notice = second.all.find((event) => event.type === "notice");
    expect(notice).toMatchObject({ code: "COMPACTED", message: expect.stringContaining("only named from here on") });
    expect(asked[1]?.[1]?.text).toBe("(a.ts: shown then, not any more.)\n\nOne");
    await collect(chat.send(request({ text: "Three", threadId })));
    expect(asked[2]?.slice(0, 4)).toEqual(asked[1]);
    expect(chat.thread(threadId).turns.filter(({ role }) => role === "note")).toHaveLength(1);
    // The whole text stays in the history.
    expect(chat.thread(threadId).turns[0]?.attachments[0]?.text).toBe(long);
  });

  test("older turns are replaced by notes that the model writes", async () => {
    const { model, asked } = scripted((messages) => (last(messages).startsWith("Write notes") ? " words\nDone: some" : "Short."), small);
    const chat = chatWith(model);
    const { threadId } = await collect(chat.send(request({ text: `First ${long}` })));
    const second = await collect(chat.send(request({ text: `Second ${long}`, threadId })));
    expect(second.all.filter((event) => event.type === "notice")).toHaveLength(1);
    const sent = asked.at(-1) ?? [];
    expect(sent).toHaveLength(2);
    expect(last(sent)).toMatch(/^Notes on the conversation so far:\n\nGoal: words\nDone: some\n\nSecond/);
    const note = chat.thread(threadId).turns.find(({ role }) => role === "note");
    expect(note?.text).toMatch(/Its first 2 messages \(\d+ tokens\) are replaced by these notes/);
  });

  test("a message that cannot fit is refused, and the thread goes on without it", async () => {
    const { model, asked } = scripted(() => "Short.", small);
    const chat = chatWith(model);
    const { threadId } = await collect(chat.send(request({ text: "One" })));
    await expect(
      collect(chat.send(request({ text: "Two", threadId, attachments: [file("big.ts", long.repeat(4))] }))),
    ).rejects.toMatchObject({
      code: "SELECTION_TOO_LONG",
      message: expect.stringContaining("big.ts"),
    });
    await collect(chat.send(request({ text: "Three", threadId })));
    expect(
      asked
        .at(-1)
        ?.map(({ text }) => text)
        .slice(1),
    ).toEqual(["One", "Short.", "Three"]);
    expect(chat.thread(threadId).turns.map(({ role }) => role)).toEqual(["user", "assistant", "user", "note", "user", "assistant"]);
  });
});

describe("modes", () => {
  test("rush is the smallest model, smart the largest with what is found in the project; a thread keeps its choice", async () => {
    const { model, asked } = scripted(() => "Yes.");
    const found: Attachment = { kind: "found", path: "src/retry.ts", from: 3, to: 9, text: "retry" };
    const chat = chatWith(model, {
      find: async (workspace, question) => ({
        attachments: workspace === "/work" && question === "Where?" ? [found] : [],
        ...{ leftOut: [], complete: true },
      }),
    });
    const rush = await collect(chat.send(request({ text: "Where?", workspace: "/work", mode: "rush" })));
    expect(rush.answer).toMatchObject({ model: "smallest", mode: "rush" });
    expect(last(asked[0] ?? [])).toBe("Where?");
    const again = await collect(chat.send(request({ text: "Where?", workspace: "/work", threadId: rush.threadId })));
    expect(again.answer.model).toBe("smallest");
    const smart = await collect(chat.send(request({ text: "Where?", workspace: "/work", threadId: rush.threadId, mode: "smart" })));
    expect(smart.answer.model).toBe("largest");
    expect(last(asked[2] ?? [])).toBe("src/retry.ts, lines 3–9:\n```\nretry\n```\n\nWhere?");
    const named = await collect(chat.send(request({ text: "And?", threadId: rush.threadId, model: "special" })));
    expect(named.answer.model).toBe("special");
    const auto = await collect(chat.send(request({ text: "And?", threadId: rush.threadId, model: "auto" })));
    expect(auto.answer.model).toBe("middle");
  });

  test("arithmetic is calculated, without a model, and stands in the thread", async () => {
    const { model, asked } = scripted(() => "A guess.");
    const chat = chatWith(model);
    const { text, answer, threadId } = await collect(chat.send(request({ text: "how many bytes are in 3 MiB?" })));
    expect(text).toBe("3 MiB = **3145728 bytes**");
    expect(answer).toMatchObject({ provider: "local-tool", place: "this machine", stop: "end" });
    expect(asked).toEqual([]);
    await collect(chat.send(request({ text: "Why?", threadId })));
    expect(chat.thread(threadId).turns.map(({ text: turn, facts }) => [turn, facts?.provider])).toEqual([
      ["how many bytes are in 3 MiB?", undefined],
      ["3 MiB = **3145728 bytes**", "local-tool"],
      ["Why?", undefined],
      ["A guess.", "local-llama"],
    ]);
  });

  test("smart says what an answer names that is not there", async () => {
    const check = async () => ["There is no src/nothing.ts."];
    const chat = chatWith(scripted(() => "See src/nothing.ts.").model, { check });
    const { all, threadId } = await collect(chat.send(request({ text: "Where?", workspace: "/work", mode: "smart" })));
    expect(all).toContainEqual({ type: "notice", code: "NOT_FOUND", message: "There is no src/nothing.ts." });
    expect(chat.thread(threadId).turns.at(-1)).toMatchObject({ role: "note", text: "There is no src/nothing.ts." });
  });

  test("what was found and has no room is said before the answer, and stands with what the model saw", async () => {
    const more = [3, 20, 40, 60].map((from) => ({ path: `src/${from}.ts`, from, to: from + 5, tokens: 90 }));
    const find = async () => ({ attachments: [], leftOut: more, complete: false });
    const chat = chatWith(scripted(() => "Yes.").model, { find });
    const { threadId } = await collect(chat.send(request({ text: "@project Where?", workspace: "/work" })));
    const [, note, answered] = chat.thread(threadId).turns;
    expect(note?.text).toBe(
      "4 more places were found and have no room in the 1638 tokens for what is found: src/3.ts, lines 3–8; src/20.ts, lines 20–25; src/40.ts, lines 40–45; … The project is still being read, so more may be found later.",
    );
    expect(answered?.text).toBe("Yes.");
    const [details] = sessions.show(threadId).messages.flatMap((message) => message.details ?? []);
    expect(details?.saw?.leftOut.map(({ source, reason }) => `${source}: ${reason}`)[0]).toBe(
      "src/3.ts:3-8: found in the project, no room",
    );
  });

  test("another answer to the same question takes more chance, and a first question asked anew knows what is remembered", async () => {
    const memory: Attachment = { kind: "memory", path: ".localcoder/memory.md", text: "- Cents." };
    const { model, asked } = scripted(() => "Yes.");
    const chat = chatWith(model, { remembered: async () => [memory] });
    const { threadId } = await collect(chat.send(request({ text: "Why?" })));
    const [question] = chat.thread(threadId).turns;
    await collect(chat.edit({ ...request({ text: "Why?" }), attachments: [], threadId, messageId: question?.id ?? 0, again: true }));
    expect(last(asked[1] ?? [])).toBe(last(asked[0] ?? []));
    expect(last(asked[1] ?? [])).toContain("- Cents.");
    const temperatures = sessions.show(threadId).messages.flatMap(({ details }) => details?.temperature ?? []);
    expect(temperatures).toEqual([0.6]);
  });

  describe("looks through the project by itself", () => {
    const workspace = "/work";
    const found: Attachment = { kind: "found", path: "src/delay.ts", from: 1, to: 2, text: "const retryDelay = 1;" };
    const recognise: ChatOptions["recognise"] = async (_, question) => ({
      files: [],
      names: question.includes("retryDelay") ? ["retryDelay"] : [],
    });
    const large = { bytes: 1e9 };
    /** A chat with a model that says of each question it is asked about what `sorted` says. */
    function setUp(sorted: "project" | "general", more: Partial<ChatOptions> = {}, size: Partial<ScriptedModel> = {}) {
      const { asked, model } = scripted(([first]) => (first?.text.startsWith("You sort questions") ? sorted : "Answer."), size);
      const find = async () => ({ attachments: [found], leftOut: [], complete: true });
      const chat = chatWith(model, { find, recognise, ...more });
      const sortings = () => asked.filter(([first]) => first?.text.startsWith("You sort questions")).length;
      const send = async (text: string, changes: Partial<ChatRequest> = {}) => {
        const { threadId } = await collect(chat.send(request({ text, workspace, ...changes })));
        const answers = sessions.show(threadId).messages.filter(({ role }) => role === "assistant");
        return { saw: answers.at(-1)?.details?.saw, sortings: sortings() };
      };
      return send;
    }
    const because = (saw: Awaited<ReturnType<ReturnType<typeof setUp>>>["saw"]) =>
      [...(saw?.taken ?? []), ...(saw?.leftOut ?? [])].filter(({ name }) => name === "The project" || name.startsWith("src/"));

    test("where its words say so, and tells why in what the model saw", async () => {
      const send = setUp("general");
      const named = await send("What does retryDelay do?");
      expect(because(named.saw)).toMatchObject([{ reason: "found in the project, as it names retryDelay" }]);
      const general = await send("What is a mutex?");
      expect(because(general.saw)).toMatchObject([
        { name: "The project", reason: "not looked through: it asks for general knowledge; @project in a question asks for it" },
      ]);
      expect(general.sortings).toBe(0);
    });

    test("asks a model for one token where rules do not decide, unless it is of the smallest ones", async () => {
      const question = "How are downloads resumed?";
      expect((await setUp("project")(question)).sortings).toBe(0);
      const yes = await setUp("project", {}, large)(question);
      expect(yes.sortings).toBe(1);
      expect(because(yes.saw)).toMatchObject([{ reason: "found in the project, as middle says so" }]);
      const no = await setUp("general", {}, large)(question);
      expect(because(no.saw)).toMatchObject([{ name: "The project", reason: expect.stringContaining("middle says so") }]);
      expect((await setUp("project", {}, large)("Where is it set?")).sortings).toBe(0);
      expect((await setUp("project", {}, large)(question, { mode: "rush" })).sortings).toBe(0);
      settings = { ...defaultSettings, "localcoder.chat.searchProject": "rules" };
      expect((await setUp("project", {}, large)(question)).sortings).toBe(0);
    });

    test("asks the model that was chosen for it", async () => {
      const router = { id: "small", name: "small", path: "/models/small.gguf" };
      const models = { ...named, router: async () => router };
      const { saw } = await setUp("project", { models })("How are downloads resumed?");
      expect(because(saw)).toMatchObject([{ reason: "found in the project, as small says so" }]);
    });

    test("never where the user does not want it, or the message brings what it is about", async () => {
      const attached = await setUp("project")("Where is it set?", { attachments: [file("src/a.ts", "let a;")] });
      expect(because(attached.saw).filter(({ name }) => name === "The project")).toMatchObject([
        { reason: expect.stringContaining("what it is about is attached") },
      ]);
      settings = { ...defaultSettings, "localcoder.chat.searchProject": "asked" };
      const send = setUp("project");
      expect(because((await send("What does retryDelay do?")).saw)).toEqual([]);
      expect(because((await send("@project What does retryDelay do?")).saw)).toMatchObject([{ reason: "found in the project" }]);
    });
  });

  test("a project that cannot be searched is said, and the answer comes", async () => {
    const find = async () => {
      throw new Error("no index");
    };
    const { all } = await collect(
      chatWith(scripted(() => "Yes.").model, { find }).send(request({ text: "Where?", workspace: "/work", mode: "smart" })),
    );
    expect(all).toContainEqual(expect.objectContaining({ type: "notice", message: "The project could not be searched: no index" }));
  });
});
