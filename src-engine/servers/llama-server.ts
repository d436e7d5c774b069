import { z } from "zod";
import { describeError, UserError } from "#core/base/errors";
import { type Exchange, eventsOf, ifUnderstood } from "./exchange.ts";
import { followChat, listModels } from "./openai.ts";
import { probabilityOf } from "./probability.ts";
import { type Protocol, silences } from "./protocol.ts";

const props = z.object({ default_generation_settings: z.object({ n_ctx: z.number().int().positive() }) });
const infillLine = z.object({
  content: z.string().default(""),
  stop: z.boolean().default(false),
  stop_type: z.string().optional(),
  tokens_evaluated: z.number().int().optional(),
  tokens_cached: z.number().int().optional(),
  tokens_predicted: z.number().int().optional(),
  completion_probabilities: z.array(z.object({ logprob: z.number().nullish(), prob: z.number().nullish() })).nullish(),
});
const tokenized = z.object({ tokens: z.array(z.unknown()) });

/** The protocol of llama.cpp's server: it knows its own vocabulary, so it lays out holes and counts tokens. */
export function createLlamaServer(): Protocol {
  return {
    async look(exchange, signal) {
      const models = await listModels(exchange, signal);
      if (!models?.some(({ owned_by }) => owned_by === "llamacpp")) return undefined;
      const options = { signal, silence: silences.look };
      const stated = props.safeParse(await ifUnderstood(exchange.json("props", undefined, options)));
      const contextLength = stated.success ? stated.data.default_generation_settings.n_ctx : undefined;
      // Its list of models is open to everybody, all else is not.
      const { fills, wantsKey } = await canFillIn(exchange, signal);
      return {
        wantsKey,
        kind: "llama-server",
        title: "llama-server",
        models: models.map(({ id, meta }) => ({
          name: id,
          bytes: meta?.size,
          parameters: meta?.n_params === undefined ? undefined : meta.n_params / 1e9,
          contextLength: contextLength ?? meta?.n_ctx,
          contextFixed: true,
          chats: true,
          fills: fills ? "server" : "none",
        })),
      };
    },

    chat: (exchange, model, question, signal) => followChat(exchange, model, question, signal),

    async *fill(exchange, { name }, { prefix, suffix, path, context, maxTokens }, signal) {
      const body = {
        model: name,
        input_prefix: prefix,
        input_suffix: suffix,
        input_extra: context.map((chunk) => ({ filename: chunk.path, text: chunk.text })),
        filename: path,
        n_predict: maxTokens,
        temperature: 0,
        n_probs: 1,
        cache_prompt: true,
        stream: true,
      };
      for await (const text of eventsOf(exchange.lines("infill", body, { signal, silence: silences.fill }))) {
        const { content, stop, stop_type, tokens_evaluated, tokens_predicted, completion_probabilities } = read(text);
        if (content !== "") {
          const logarithms = completion_probabilities?.map(({ logprob, prob }) => logprob ?? (prob ? Math.log(prob) : null));
          yield { type: "text", text: content, probability: probabilityOf(logarithms) };
        }
        if (!stop) continue;
        const reason = stop_type === "limit" ? "limit" : "end";
        yield { type: "end", reason, promptTokens: tokens_evaluated, generated: tokens_predicted };
        return;
      }
      throw new UserError("SERVER_FAILED", "llama-server ended its answer in the middle.", "Try again.");
    },

    async countTokens(exchange, text, signal) {
      return tokenized.parse(await exchange.json("tokenize", { content: text }, { signal, silence: silences.fill })).tokens.length;
    },
  };
}

/** Whether the vocabulary has what it takes can be asked for by a hole that nothing is written into. */
async function canFillIn(exchange: Exchange, signal: AbortSignal | undefined): Promise<{ fills: boolean; wantsKey: boolean }> {
  const body = { input_prefix: "", input_suffix: "", prompt: "", n_predict: 0 };
  return exchange.json("infill", body, { signal, silence: silences.look }).then(
    () => ({ fills: true, wantsKey: false }),
    (error: unknown) => {
      const { code } = describeError(error);
      // One that is busy answers late, and that says nothing of its vocabulary.
      return { fills: code !== "UNSUPPORTED", wantsKey: code === "KEY_WANTED" };
    },
  );
}

function read(text: string | undefined): z.infer<typeof infillLine> {
  try {
    return infillLine.parse(JSON.parse(text ?? ""));
  } catch {
    throw noAnswer();
  }
}

function noAnswer(): UserError {
  return new UserError("SERVER_FAILED", "llama-server sent something that is no answer.", "Try again, or choose another model.");
}
