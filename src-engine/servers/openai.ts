import { z } from "zod";
import { UserError } from "#core/base/errors";
import { rawPrompt, templateOfName } from "#core/completion/raw-prompt";
import { type Exchange, eventsOf, ifUnderstood, messageIn } from "./exchange.ts";
import { probabilityOf } from "./probability.ts";
import { type ChatQuestion, type Protocol, type ServerLook, type ServerModel, type ServerPiece, silences } from "./protocol.ts";

const listed = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      owned_by: z.string().optional(),
      max_model_len: z.number().optional(),
      meta: z.object({ n_ctx: z.number(), n_params: z.number(), size: z.number() }).partial().nullish(),
    }),
  ),
});
const studio = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      quantization: z.string().optional(),
      max_context_length: z.number().optional(),
      loaded_context_length: z.number().optional(),
    }),
  ),
});
const chunk = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).optional(),
        text: z.string().nullish(),
        logprobs: z.object({ token_logprobs: z.array(z.number().nullable()).nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z.object({ prompt_tokens: z.number().optional(), completion_tokens: z.number().optional() }).nullish(),
  error: z.unknown().optional(),
});

/** What GET v1/models says, if it is a list of models. */
export async function listModels(exchange: Exchange, signal: AbortSignal | undefined): Promise<z.infer<typeof listed>["data"] | undefined> {
  const answer = listed.safeParse(await exchange.json("v1/models", undefined, { signal, silence: silences.look }));
  return answer.success ? answer.data.data.slice(0, 1000) : undefined;
}

/** The protocol that LM Studio, vLLM and most others share. */
export function createOpenAi(): Protocol {
  return {
    async look(exchange, signal) {
      const models = await listModels(exchange, signal);
      if (!models) return undefined;
      return (
        (await lookAtStudio(exchange, signal)) ?? {
          kind: "openai",
          title: `Server at ${exchange.address.host}`,
          models: models.map(({ id, max_model_len }) => describeModel(id, max_model_len)),
        }
      );
    },
    chat: (exchange, model, question, signal) => followChat(exchange, model, question, signal),
    async *fill(exchange, { name }, { contextSize: _contextSize, maxTokens, ...hole }, signal) {
      const template = templateOfName(name);
      if (!template) throw new UserError("NO_FIM_TOKENS", `${name} cannot fill in code.`, "Choose a coder model for ghost text.");
      const { prompt, stops } = rawPrompt(template, hole);
      // Some servers take four stop texts and no more.
      const body = { model: name, prompt, max_tokens: maxTokens, temperature: 0, stream: true, stop: stops.slice(0, 4), logprobs: 1 };
      yield* followEvents(exchange, "v1/completions", body, silences.fill, signal);
    },
  };
}

async function lookAtStudio(exchange: Exchange, signal: AbortSignal | undefined): Promise<ServerLook | undefined> {
  const options = { signal, silence: silences.look };
  const answer = studio.safeParse(await ifUnderstood(exchange.json("api/v0/models", undefined, options)));
  if (!answer.success) return undefined;
  const models = answer.data.data.map(({ id, type, quantization, loaded_context_length, max_context_length }) => ({
    ...describeModel(id, loaded_context_length ?? max_context_length),
    chats: type !== "embeddings",
    quantisation: quantization,
  }));
  return { kind: "lm-studio", title: "LM Studio", models };
}

function describeModel(name: string, contextLength: number | undefined): ServerModel {
  const chats = !/embed|minilm|rerank/i.test(name);
  return { name, contextLength, contextFixed: true, chats, fills: chats && templateOfName(name) ? "raw" : "none" };
}

/** Answers messages as OpenAI does. */
export function followChat(
  exchange: Exchange,
  { name }: ServerModel,
  { messages, temperature, maxTokens }: ChatQuestion,
  signal: AbortSignal,
): AsyncGenerator<ServerPiece, void, void> {
  const body = {
    model: name,
    messages: messages.map(({ role, text }) => ({ role, content: text })),
    temperature,
    max_tokens: maxTokens,
    stream: true,
    stream_options: { include_usage: true },
  };
  return followEvents(exchange, "v1/chat/completions", body, silences.answer, signal);
}

async function* followEvents(
  exchange: Exchange,
  path: string,
  body: unknown,
  silence: number,
  signal: AbortSignal,
): AsyncGenerator<ServerPiece, void, void> {
  let reason: "end" | "limit" | undefined;
  let usage: z.infer<typeof chunk>["usage"];
  for await (const text of eventsOf(exchange.lines(path, body, { signal, silence }))) {
    const part = read(text);
    usage = part.usage ?? usage;
    const [choice] = part.choices;
    const piece = choice?.delta?.content ?? choice?.text ?? "";
    if (piece !== "") yield { type: "text", text: piece, probability: probabilityOf(choice?.logprobs?.token_logprobs ?? undefined) };
    if (choice?.finish_reason) reason = choice.finish_reason === "length" ? "limit" : "end";
  }
  if (reason === undefined) throw new UserError("SERVER_FAILED", "The model server ended its answer in the middle.", "Try again.");
  yield { type: "end", reason, promptTokens: usage?.prompt_tokens, generated: usage?.completion_tokens };
}

function read(text: string | undefined): z.infer<typeof chunk> {
  let part: z.infer<typeof chunk>;
  try {
    part = chunk.parse(JSON.parse(text ?? ""));
  } catch {
    throw noAnswer(text ?? "");
  }
  if (part.error) throw noAnswer(text ?? "");
  return part;
}

function noAnswer(text: string): UserError {
  const said = messageIn(text);
  const what = said === undefined ? "The model server sent something that is no answer." : `The model server answered: ${said}`;
  return new UserError("SERVER_FAILED", what, "Try again, or choose another model.");
}
