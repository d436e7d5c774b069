import { UserError } from "#core/base/errors";
import type { AnswerDetails, Message, ReplayEvent, Replayed, Transcript } from "#core/contracts/sessions";
import { unifiedDiff } from "#core/edits/unified";
import type { Settings } from "#core/settings/schema";
import type { Inference, ModelReference } from "#engine/inference/host";
import { providerOf } from "#engine/servers/served-inference";
import type { Sessions } from "./sessions.ts";

/** What {@link createReplay} needs. */
export interface ReplayOptions {
  readonly sessions: Pick<Sessions, "begin" | "show">;
  readonly inference: Pick<Inference, "ensure" | "generate">;
  readonly models: {
    list(glance?: boolean): Promise<readonly { readonly id: string; readonly name: string; readonly state: string }[]>;
    reference(id: string): Promise<ModelReference>;
  };
  readonly settings: { current(workspace?: string): Settings };
}

/** What is asked again. */
export interface ReplayRequest {
  readonly id: string;
  readonly messageId?: number;
  /** Another model, by its id or path. */
  readonly model?: string;
}

/** An answer with everything that led to it. */
interface Recorded {
  readonly prompt: readonly { readonly role: "system" | "user" | "assistant"; readonly text: string }[];
  readonly text: string;
  readonly details: AnswerDetails;
}

/** What a list tells a replay apart by. */
const again = " (asked again)";

type Speaker = Recorded["prompt"][number];

/** Asks again what led to an answer, and compares. What is written meanwhile is a session of its own. */
export function createReplay({ sessions, inference, models, settings }: ReplayOptions) {
  return async function* (request: ReplayRequest, signal?: AbortSignal): AsyncGenerator<ReplayEvent, void, void> {
    const transcript = sessions.show(request.id);
    const { session } = transcript;
    const { prompt, text: before, details } = recorded(transcript, request.messageId);
    const model = await models.reference(request.model ?? (await idOf(details.model)));
    const isSame = request.model === undefined || model.name === details.model;
    const recorder = sessions.begin({
      title: session.title.endsWith(again) ? session.title : `${session.title}${again}`,
      kind: session.kind,
      workspace: session.workspace,
      path: session.path,
      lines: session.lines,
      model: model.name,
      provider: providerOf(model),
      labels: session.labels,
      origin: { id: session.id, how: "replay" },
      messages: prompt.map(({ role, text }) => ({ role, text })),
    });
    let ended = false;
    try {
      yield { type: "started", sessionId: recorder.id, model: model.name };
      yield { type: "waiting", reason: `Loading ${model.name}.` };
      await inference.ensure(model, "general", signal);
      let written = "";
      const { seed: chanceBefore, slices = [], lookAhead = false } = details;
      const chance = isSame && chanceBefore !== undefined ? { seed: chanceBefore, slices, lookAhead } : { slices: [] };
      const asked = {
        messages: [...prompt],
        answerPrefix: details.answerPrefix,
        stops: details.stops ?? [],
        temperature: details.temperature,
        maxTokens: lengthOf(details, settings.current(session.workspace)),
        ...chance,
        priority: "chat" as const,
      };
      for await (const event of inference.generate(model, "general", asked, signal)) {
        if (event.type === "text") {
          written += event.text;
          recorder.append(event.text);
          yield event;
        } else if (event.type === "reading") yield event;
        else if (event.type === "done") {
          const { tokens, stop, seed, slices, lookAhead, tokensPerSecond } = event;
          const { temperature, answerPrefix, stops } = asked;
          recorder.describe({
            model: model.name,
            provider: providerOf(model),
            tokens,
            stop,
            seed,
            slices,
            lookAhead,
            tokensPerSecond,
            temperature,
            answerPrefix,
            stops,
            milliseconds: 0,
          });
        }
      }
      const replayed = compared(written, before);
      recorder.add("note", sentence(replayed));
      recorder.finish("done");
      ended = true;
      yield { type: "finished", replayed };
    } catch (error) {
      if (!ended) recorder.finish(signal?.aborted ? "stopped" : "failed");
      ended = true;
      throw error;
    } finally {
      if (!ended) recorder.finish("stopped");
    }

    function compared(text: string, old: string): Replayed {
      const same = text === old;
      const because = same ? undefined : whyDifferent(details, isSame, model);
      return {
        sessionId: recorder.id,
        model: model.name,
        text,
        same,
        diff: same ? "" : unifiedDiff("answer.md", withEnd(old), withEnd(text)),
        ...(because !== undefined && { because }),
      };
    }
  };

  /** The history knows models by their names, which may have gone since. */
  async function idOf(name: string): Promise<string> {
    const found = (await models.list()).find((model) => model.state === "ready" && model.name === name);
    if (found) return found.id;
    throw new UserError("NO_MODEL", `${name}, which answered then, is not on this machine.`, "Ask again with another model.");
  }
}

/** The chosen answer, or the last one that came to an end, with what was sent for it. */
function recorded({ messages }: Transcript, messageId: number | undefined): Recorded {
  const isAnswer = ({ id, role, details }: Message) => role === "assistant" && details !== undefined && (messageId ?? id) === id;
  const index = messages.findLastIndex(isAnswer);
  const answer = messages[index];
  if (!answer?.details)
    throw new UserError(
      "NOT_FOUND",
      "There is no answer in this session that could be asked for again.",
      "Answers of older versions were not recorded so far.",
    );
  const { details, text } = answer;
  return { details, text: details.written ?? text, prompt: details.prompt ?? spoken(messages.slice(0, index)) };
}

/** What was sent before an answer: an earlier try of the same answer was not, nor a second opinion. */
function spoken(messages: readonly Message[]): Speaker[] {
  const turns = messages.filter(
    (message): message is Message & { role: Speaker["role"] } => message.role !== "note" && !message.context?.secondOpinion,
  );
  return turns
    .filter(({ role }, index) => role !== "assistant" || (turns[index + 1] !== undefined && turns[index + 1]?.role !== "assistant"))
    .map(({ role, text }) => ({ role, text }));
}

/** An answer that was cut off is cut off at the same place. */
function lengthOf({ stop, tokens, saw }: AnswerDetails, settings: Settings): number {
  if (stop === "limit" || stop === "stopped" || stop === "time") return Math.max(1, tokens.generated);
  return Math.max(tokens.generated + 1, saw?.answer ?? 0, settings["localcoder.inference.maxTokens"]);
}

function whyDifferent({ seed, tokens, provider }: AnswerDetails, isSame: boolean, { served }: ModelReference): string | undefined {
  if (!isSame) return "Another model answered.";
  if (served !== undefined || (provider !== undefined && provider !== "local-llama"))
    return "A server answered, and says nothing of its chance.";
  if (seed === undefined) return "The chance of the first answer was not recorded.";
  if (tokens.reused > 0)
    return `The first answer stood on ${tokens.reused} tokens that were evaluated before in other steps, which changes the last digits.`;
  return undefined;
}

/** How a replay came out, in a sentence. */
function sentence({ same, because, diff }: Replayed): string {
  if (same) return "It is the same answer to the letter.";
  return `It is another answer.${because === undefined ? "" : ` ${because}`}\n\n${diff}`;
}

function withEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** See {@link createReplay}. */
export type Replay = ReturnType<typeof createReplay>;
