import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GenerateEvent, GenerateRequest } from "#core/contracts/inference";
import type { AnswerDetails, Replayed } from "#core/contracts/sessions";
import { defaultSettings } from "#core/settings/schema";
import type { ModelReference } from "#engine/inference/host";
import { openInMemory } from "./database.ts";
import { createReplay, type ReplayRequest } from "./replay.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import type { Sqlite } from "./sqlite.ts";

let sqlite: Sqlite;
let sessions: Sessions;
let asked: GenerateRequest[];
let answer: string;

const details: AnswerDetails = {
  model: "Small",
  tokens: { prompt: 9, reused: 0, evaluated: 9, generated: 4 },
  milliseconds: 1,
  stop: "end",
  temperature: 0.4,
  seed: 7,
  slices: [5, 4],
  lookAhead: true,
  answerPrefix: "```ts\n",
  stops: ["\n```"],
};

beforeEach(() => {
  sqlite = openInMemory();
  sessions = createSessions({ database: { sqlite, notices: [] }, settings: { current: () => defaultSettings } });
  asked = [];
  answer = "const a = 1;";
});
afterEach(() => {
  sessions.dispose();
  sqlite.close();
});

async function* generate(_model: ModelReference, _role: string, request: GenerateRequest): AsyncGenerator<GenerateEvent, void, void> {
  asked.push(request);
  for (const text of answer.match(/.{1,5}/gs) ?? []) yield { type: "text", text };
  yield { type: "done", tokens: details.tokens, stop: "end", tokensPerSecond: 3, seed: request.seed, slices: request.slices };
}

const replay = () =>
  createReplay({
    sessions,
    inference: { ensure: async () => ({}) as never, generate: generate as never },
    models: {
      list: async () => [
        { id: "small", name: "Small", state: "ready" },
        { id: "gone", name: "Gone", state: "available" },
      ],
      reference: async (id) => ({ id, name: id === "small" ? "Small" : "Other", path: `/${id}.gguf` }),
    },
    settings: { current: () => defaultSettings },
  });

async function replayed(request: ReplayRequest): Promise<Replayed> {
  for await (const event of replay()(request)) if (event.type === "finished") return event.replayed;
  throw new Error("It did not end.");
}

/** An action whose first try was not good enough. */
function recorded(changes: Partial<AnswerDetails> = {}): string {
  const recorder = sessions.begin({
    title: "Improve",
    kind: "improve",
    messages: [
      { role: "system", text: "Rewrite." },
      { role: "user", text: "let a = 1;" },
    ],
  });
  recorder.append("I would say");
  recorder.describe(details);
  recorder.endAnswer();
  recorder.add("note", "A second answer was asked for.");
  recorder.append("const a = 1;");
  recorder.describe({ ...details, ...changes });
  recorder.finish("done");
  return recorder.id;
}

test("asks from nothing what was asked, with the same chance, and says that it is the same", async () => {
  const id = recorded();
  const result = await replayed({ id });
  expect(result).toMatchObject({ same: true, diff: "", text: "const a = 1;", model: "Small" });
  expect(asked[0]).toMatchObject({
    messages: [
      { role: "system", text: "Rewrite." },
      { role: "user", text: "let a = 1;" },
    ],
    seed: 7,
    slices: [5, 4],
    lookAhead: true,
    temperature: 0.4,
    answerPrefix: "```ts\n",
    stops: ["\n```"],
  });
  const { session, messages } = sessions.show(result.sessionId);
  expect(session).toMatchObject({ title: "Improve (asked again)", state: "done", kind: "improve", origin: { id, how: "replay" } });
  expect(messages.at(-1)).toMatchObject({ role: "note", text: "It is the same answer to the letter." });
});

test("compares what the model wrote, not what was made of it", async () => {
  answer = "  const a = 1;\n";
  expect(await replayed({ id: recorded({ written: "  const a = 1;\n" }) })).toMatchObject({ same: true });
  expect(await replayed({ id: recorded() })).toMatchObject({ same: false });
});

describe("another answer", () => {
  beforeEach(() => {
    answer = "const a = 2;";
  });

  test("is shown with its difference", async () => {
    const result = await replayed({ id: recorded() });
    expect(result).toMatchObject({ same: false, diff: expect.stringContaining("-const a = 1;\n+const a = 2;\n") });
    expect(result.because).toBeUndefined();
    expect(sessions.show(result.sessionId).messages.at(-1)?.text).toContain("It is another answer.");
  });

  test.each<[Partial<AnswerDetails>, string]>([
    [{ tokens: { ...details.tokens, reused: 3 } }, "stood on 3 tokens"],
    [{ seed: undefined }, "was not recorded"],
    [{ provider: "server" }, "A server answered"],
  ])("has a reason where there is one: %j", async (changes, reason) => {
    expect((await replayed({ id: recorded(changes) })).because).toContain(reason);
  });

  test("of another model is asked without the chance of the first", async () => {
    const result = await replayed({ id: recorded(), model: "other" });
    expect(result).toMatchObject({ model: "Other", because: "Another model answered." });
    expect(asked[0]?.seed).toBeUndefined();
  });
});

test("asks for the answer that is named, with the turns of the conversation before it", async () => {
  const recorder = sessions.begin({ title: "Chat", kind: "chat", messages: [{ role: "user", text: "one" }] });
  recorder.append("first");
  recorder.describe(details);
  recorder.endAnswer();
  recorder.add("user", "two");
  recorder.append("second");
  recorder.describe(details);
  recorder.finish("done");
  const texts = () => asked.at(-1)?.messages.map(({ text }) => text);
  await replayed({ id: recorder.id });
  expect(texts()).toEqual(["one", "first", "two"]);
  await replayed({ id: recorder.id, messageId: sessions.show(recorder.id).messages[1]?.id });
  expect(texts()).toEqual(["one"]);
  const sent = [{ role: "user" as const, text: "what was really sent" }];
  await replayed({ id: recorded({ prompt: sent }) });
  expect(texts()).toEqual(["what was really sent"]);
});

test("an answer that was cut off is asked for as far as it came", async () => {
  await replayed({ id: recorded({ stop: "limit" }) });
  expect(asked[0]?.maxTokens).toBe(4);
});

test("says what stands in the way", async () => {
  const silent = sessions.begin({ title: "x", kind: "explain", messages: [] });
  silent.append("old answer");
  silent.finish("done");
  await expect(replayed({ id: silent.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(replayed({ id: recorded({ model: "Gone" }) })).rejects.toMatchObject({ code: "NO_MODEL" });
});

test("that is left keeps what was written, as stopped", async () => {
  for await (const event of replay()({ id: recorded() })) if (event.type === "text") break;
  const [newest] = sessions.list({ limit: 1 });
  expect(newest).toMatchObject({ state: "stopped", origin: { how: "replay" } });
});
