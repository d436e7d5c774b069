import { describeError, isStopped, UserError } from "#core/base/errors";
import type { ChatAnswer } from "#core/contracts/chat";
import { type Invocation, UsageError } from "../../command.ts";
import { workspaceAround } from "../../document.ts";
import { readLines } from "../../lines.ts";
import { createStreamJson, readStreamJsonLine, withoutThinking } from "../../stream-json.ts";
import { noteHistory } from "../notices.ts";
import { messageOf, readPiped, readWish, send } from "./ask.ts";
import { mentioned } from "./mentioned.ts";
import { noteSources } from "./sources.ts";

/** Answers one message, or with --stream-json-input as many as come, and ends. */
export async function execute(invocation: Invocation, words: readonly string[], threadId?: string): Promise<number | undefined> {
  const { has } = invocation;
  const isStream = has("stream-json") || has("stream-json-thinking");
  if (has("stream-json-input") && !isStream) throw new UsageError("--stream-json-input goes with --stream-json.");
  const question = words.join(" ");
  await noteHistory(invocation);
  if (has("stream-json-input")) return stream(invocation, messages(invocation, question), threadId);
  const { text, attachments: piped = [] } = messageOf(question, await readPiped(invocation));
  if (text.trim() === "") throw new UsageError('Say what you want to know: localcoder -x "question", or pipe it in.');
  // What is piped in may speak of anything; only what somebody typed names places.
  const attachments = [...piped, ...(await mentioned(invocation, question, await workspaceAround(process.cwd())))];
  if (isStream) return stream(invocation, [{ text, attachments }], threadId);
  return plain(invocation, { text, attachments }, threadId);
}

type Message = ReturnType<typeof messageOf>;

async function plain(invocation: Invocation, message: Message, threadId: string | undefined): Promise<undefined> {
  const { terminal, signal } = invocation;
  const wish = await readWish(invocation, threadId);
  let seen = "";
  const text = (piece: string) => {
    seen += piece;
    if (terminal.interactive) terminal.write(piece);
  };
  const answer = await send(invocation, { ...wish, ...message }, { text }, signal);
  if (terminal.json) terminal.printJson(chatJson(answer));
  else if (!terminal.interactive || seen.trim() !== answer.text.trim()) terminal.print(withoutThinking(answer.text));
  else terminal.write("\n");
  if (!terminal.json) await noteSources(invocation, answer, wish.workspace);
  noteFacts(invocation, answer);
  return undefined;
}

/** The most bytes of one message by the line; as many as a pipe may bring. */
const longestLine = 4_000_000;

async function* messages({ input, signal }: Invocation, question: string): AsyncGenerator<Message, void, void> {
  if (question.trim() !== "") yield { text: question };
  let number = 0;
  for await (const line of readLines(input, longestLine, signal)) {
    number += 1;
    if (line === undefined)
      throw new UserError("TOO_LARGE", `Line ${number} of the input has more than ${longestLine / 1e6} MB.`, "No model can read that.");
    const text = readStreamJsonLine(line, number);
    if (text !== undefined) yield { text };
  }
}

async function stream(invocation: Invocation, asked: Iterable<Message> | AsyncIterable<Message>, threadId?: string): Promise<number> {
  const { client, has, signal, terminal } = invocation;
  const output = createStreamJson({
    turns: threadId === undefined ? 0 : await answersIn(invocation, threadId),
    folder: process.cwd(),
    thinking: has("stream-json-thinking"),
    write: terminal.print,
    now: () => performance.now(),
  });
  const wish = await readWish(invocation, threadId);
  let thread = threadId;
  let result = "";
  try {
    for await (const message of asked) {
      const started = (id: string) => {
        thread ??= id;
        output.begin(thread);
        output.asked(message.text);
      };
      const answer = await send(invocation, { ...wish, ...message, threadId: thread }, { started }, signal);
      const { settings } = await (await client()).settings.read({ workspace: wish.workspace });
      output.answered(answer, settings["localcoder.inference.contextSize"]);
      result = answer.text;
    }
    output.ended({ result });
    return 0;
  } catch (error) {
    const { message, hint } = describeError(error);
    // A program reads the lines: what went wrong is one of them.
    output.ended({ error: hint === undefined ? message : `${message} ${hint}` });
    return isStopped(error) || signal.aborted ? 130 : 1;
  }
}

async function answersIn({ client, signal }: Invocation, threadId: string): Promise<number> {
  const { turns } = await (await client()).chat.thread({ threadId }, { signal });
  return turns.filter(({ role, secondOpinion }) => role === "assistant" && !secondOpinion).length;
}

/** The JSON shape of an answer of the chat. */
export function chatJson({ threadId, text, model, provider, tokens, milliseconds, stop, sources }: ChatAnswer) {
  return { threadId, text, model, provider, tokens, milliseconds, stop, ...(sources && { sources }) };
}

/** Tells the person what the answer took. */
export function noteFacts(
  { terminal }: Pick<Invocation, "terminal">,
  { model, place, tokens, tokensPerSecond, milliseconds, stop }: ChatAnswer,
): void {
  if (stop === "limit") terminal.note("The answer was cut off at the most tokens allowed (localcoder.inference.maxTokens).");
  if (stop === "repeat") terminal.note("The answer began to repeat itself and was stopped.");
  if (!terminal.interactive) return;
  const speed = tokensPerSecond > 0 ? `, ${tokensPerSecond.toFixed(1)} tokens/s` : "";
  // What was calculated, or only carried over, was read and written by no model.
  if (tokens.prompt === 0 && tokens.generated === 0) return;
  const facts = `${model} on ${place} · ${tokens.prompt} tokens read (${tokens.reused} known), ${tokens.generated} written${speed} · ${(milliseconds / 1000).toFixed(1)} s`;
  terminal.note(terminal.style("dim", facts));
}
