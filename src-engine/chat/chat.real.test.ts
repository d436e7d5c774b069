import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChatEvent, type ChatRequest, chatRequest } from "#core/contracts/chat";
import { defaultSettings } from "#core/settings/schema";
import { openForked } from "#engine/inference/forked";
import { createInference, type Inference } from "#engine/inference/host";
import { type Database, openDatabase } from "../sessions/database.ts";
import { createSessions, type Sessions } from "../sessions/sessions.ts";
import { type Chat, createChat } from "./chat.ts";

const path = join(
  process.env.LOCALCODER_TEST_MODELS || join(homedir(), ".cache", "localcoder-test-models"),
  "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
);

const code = `export function retryDelay(attempt: number): number {
  const base = 250;
  const longest = 30_000;
  return Math.min(longest, base * 2 ** attempt);
}

export function isWorthRetrying(status: number): boolean {
  return status === 429 || status >= 500;
}
`;

// On a busy machine a token can take seconds, and no test is about time.
describe.skipIf(!existsSync(path))("with the real 0.5B model", { timeout: 600_000 }, () => {
  const settings = {
    current: () => ({
      ...defaultSettings,
      "localcoder.inference.gpu": "off" as const,
      "localcoder.inference.contextSize": 2048,
      "localcoder.inference.temperature": 0,
      "localcoder.inference.maxTokens": 120,
    }),
  };
  let folder: string;
  let database: Database;
  let sessions: Sessions;
  let inference: Inference;
  let chat: Chat;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "chat-real-"));
    database = openDatabase({ folder });
    sessions = createSessions({ database, settings });
    inference = createInference({
      open: openForked(fileURLToPath(new URL("../inference/inference.process.ts", import.meta.url)), join(folder, "inference.log")),
      settings,
    });
    const reference = async () => ({ id: path, name: "Qwen2.5-Coder 0.5B", path });
    chat = createChat({
      inference,
      sessions,
      settings,
      models: { forRole: reference, bySize: reference, another: reference, router: async () => undefined, reference, list: async () => [] },
    });
  });
  afterAll(async () => {
    await inference.dispose();
    chat.dispose();
    sessions.dispose();
    database.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(request: ChatRequest) {
    const events: ChatEvent[] = [];
    for await (const event of chat.send(chatRequest.parse(request))) events.push(event);
    const last = events.at(-1);
    if (last?.type !== "finished") throw new Error("The stream did not finish.");
    return { events, answer: last.answer };
  }

  test("a second turn reads only what is new, although an action came between", async () => {
    const attachments = [{ kind: "file" as const, path: "src/retry.ts", languageId: "typescript", text: code }];
    const first = await ask({ text: "What is the longest delay?", attachments });
    expect(first.answer.text).toMatch(/30[_,. ]?000|30 seconds/);
    const action = inference.generate({ id: path, name: "", path }, "code", {
      messages: [{ role: "user", text: "Say yes." }],
      temperature: 0,
      maxTokens: 4,
      priority: "inline-action",
    });
    for await (const _event of action);
    const second = await ask({ text: "And the shortest?", threadId: first.answer.threadId });
    const { reused, evaluated, prompt } = second.answer.tokens;
    // What both prompts have in common is the whole first one, and the answer to it.
    const common = first.answer.tokens.prompt + first.answer.tokens.generated;
    console.log(`Second turn: ${reused} of ${common} common tokens reused, ${evaluated} of ${prompt} evaluated.`);
    expect(reused / common).toBeGreaterThan(0.95);
    expect(second.answer.tokensPerSecond).toBeGreaterThan(0);
  });

  test("a question is read while it is written, so that little is left to read after it", async () => {
    const attachments = [{ kind: "file" as const, path: "src/retry.ts", languageId: "typescript", text: code }];
    const text = "Which of its functions waits, and for how long does it wait at most?";
    const { evaluated } = await chat.readAhead(chatRequest.parse({ text: text.slice(0, -8), attachments }));
    const { answer } = await ask({ text, attachments });
    const { reused, prompt } = answer.tokens;
    console.log(`Read ahead: ${evaluated} of ${prompt} tokens, ${reused} of them reused.`);
    expect(reused / prompt).toBeGreaterThan(0.8);
  });

  test("a full thread goes on with notes that the model wrote", async () => {
    const long = `${code}\n`.repeat(7);
    const attachments = [{ kind: "file" as const, path: "src/retry.ts", languageId: "typescript", text: long }];
    const { answer } = await ask({ text: "Which functions are there?", attachments });
    const { threadId } = answer;
    const text = `Here is what I think of it. ${"The delay doubles with each attempt, and that is fine. ".repeat(60)}Is that right?`;
    const second = await ask({ text, threadId });
    const third = await ask({ text, threadId });
    const notices = [...second.events, ...third.events].flatMap((event) => (event.type === "notice" ? [event.message] : []));
    expect(notices.some((notice) => /only named from here on|replaced by these notes/.test(notice))).toBe(true);
    expect(third.answer.tokens.prompt).toBeLessThan(2048);
    expect(third.answer.text.trim()).not.toBe("");
  });
});
