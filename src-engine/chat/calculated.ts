import type { AnswerFacts, ChatEvent } from "#core/contracts/chat";
import type { SessionRecorder } from "../sessions/recorder.ts";

/** Writes an answer into a thread that was calculated and asked no model. */
export function* writeCalculated(
  recorder: SessionRecorder,
  { question, title, text }: { readonly question: string; readonly title: string; readonly text: string },
): Generator<ChatEvent, void, void> {
  const started = performance.now();
  const by = { model: "calculation", provider: "local-tool", place: "this machine" } as const;
  recorder.setModel(by.model, by.provider);
  const questionId = recorder.add("user", question);
  yield { type: "started", threadId: recorder.id, title, questionId, ...by };
  recorder.append(text);
  yield { type: "text", text };
  const milliseconds = performance.now() - started;
  const tokens = { prompt: 0, reused: 0, evaluated: 0, generated: 0 };
  const facts: AnswerFacts = { ...by, tokens, tokensPerSecond: 0, firstMilliseconds: milliseconds, milliseconds, stop: "end" };
  recorder.describe({ ...facts, temperature: 0, answerPrefix: "" });
  const messageId = recorder.endAnswer();
  recorder.finish("done");
  yield { type: "finished", answer: { ...facts, threadId: recorder.id, messageId, text } };
}
