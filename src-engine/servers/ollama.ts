import { z } from "zod";
import { UserError } from "#core/base/errors";
import { rawPrompt, templateOfName } from "#core/completion/raw-prompt";
import { type Exchange, ifUnderstood, messageIn } from "./exchange.ts";
import { probabilityOf } from "./probability.ts";
import { type Protocol, type ServerModel, type ServerPiece, silences } from "./protocol.ts";

const version = z.object({ version: z.string() });
const tags = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      size: z.number().optional(),
      digest: z.string().optional(),
      details: z.object({ parameter_size: z.string().optional(), quantization_level: z.string().optional() }).nullish(),
    }),
  ),
});
const shown = z.object({
  capabilities: z.array(z.string()).optional(),
  template: z.string().optional(),
  model_info: z.record(z.string(), z.unknown()).optional(),
});
const chatLine = z.object({
  message: z.object({ content: z.string().default("") }).optional(),
  response: z.string().optional(),
  logprobs: z.array(z.object({ logprob: z.number() })).nullish(),
  error: z.string().optional(),
  done: z.boolean().default(false),
  done_reason: z.string().optional(),
  prompt_eval_count: z.number().int().optional(),
  eval_count: z.number().int().optional(),
});

/** Models that are asked for their details; more are listed by name alone. */
const mostDetails = 64;

/** Creates the protocol of Ollama; what it said of a model is kept as long as the model is the same. */
export function createOllama(): Protocol {
  const details = new Map<string, Promise<z.infer<typeof shown>>>();

  function detailsOf(exchange: Exchange, name: string, digest: string, signal: AbortSignal | undefined): Promise<z.infer<typeof shown>> {
    const key = `${exchange.address.href} ${name} ${digest}`;
    const known = details.get(key);
    if (known) return known;
    const asked = exchange.json("api/show", { model: name }, { signal, silence: silences.look }).then((answer) => shown.parse(answer));
    details.set(key, asked);
    asked.catch(() => details.delete(key));
    return asked;
  }

  return {
    async look(exchange, signal) {
      const options = { signal, silence: silences.look };
      const stated = version.safeParse(await ifUnderstood(exchange.json("api/version", undefined, options)));
      if (!stated.success) return undefined;
      const listed = tags.safeParse(await exchange.json("api/tags", undefined, options));
      if (!listed.success) return undefined;
      const models = await Promise.all(
        listed.data.models.slice(0, 1000).map(async ({ name, size, digest = "", details: about }, index): Promise<ServerModel> => {
          const found = index < mostDetails ? await detailsOf(exchange, name, digest, signal).catch(() => undefined) : undefined;
          const inserts = found?.capabilities?.includes("insert") ?? found?.template?.includes(".Suffix") ?? false;
          return {
            name,
            bytes: size,
            parameters: billions(about?.parameter_size),
            quantisation: about?.quantization_level,
            contextLength: contextOf(found?.model_info),
            contextFixed: false,
            chats: found?.capabilities === undefined ? !/embed|minilm/i.test(name) : found.capabilities.includes("completion"),
            fills: inserts ? "server" : templateOfName(name) ? "raw" : "none",
          };
        }),
      );
      return { kind: "ollama", title: `Ollama ${stated.data.version}`, models };
    },

    async *chat(exchange, { name }, { messages, temperature, maxTokens, contextSize }, signal) {
      const body = {
        model: name,
        messages: messages.map(({ role, text }) => ({ role, content: text })),
        stream: true,
        // Without it Ollama takes its own default, and cuts what is longer without a word.
        options: { num_ctx: contextSize, temperature, num_predict: maxTokens },
      };
      yield* follow(exchange, "api/chat", body, silences.answer, signal);
    },

    async *fill(exchange, model, { contextSize, maxTokens, ...hole }, signal) {
      const options = { num_ctx: contextSize, temperature: 0, num_predict: maxTokens };
      const common = { model: model.name, stream: true, logprobs: true };
      if (model.fills === "server") {
        const body = { ...common, prompt: hole.prefix, suffix: hole.suffix, options };
        yield* follow(exchange, "api/generate", body, silences.fill, signal);
        return;
      }
      const template = templateOfName(model.name);
      if (!template) throw new UserError("NO_FIM_TOKENS", `${model.name} cannot fill in code.`, "Choose a coder model for ghost text.");
      const { prompt, stops } = rawPrompt(template, hole);
      yield* follow(
        exchange,
        "api/generate",
        { ...common, prompt, raw: true, options: { ...options, stop: stops } },
        silences.fill,
        signal,
      );
    },
  };
}

async function* follow(
  exchange: Exchange,
  path: string,
  body: unknown,
  silence: number,
  signal: AbortSignal,
): AsyncGenerator<ServerPiece, void, void> {
  for await (const line of exchange.lines(path, body, { signal, silence })) {
    const { message, response, logprobs, error, done, done_reason, prompt_eval_count, eval_count } = read(line);
    if (error !== undefined)
      throw new UserError("SERVER_FAILED", `Ollama answered: ${messageIn(line) ?? "an error"}`, "Try again, or choose another model.");
    const text = message?.content ?? response ?? "";
    if (text !== "") yield { type: "text", text, probability: probabilityOf(logprobs?.map(({ logprob }) => logprob)) };
    if (!done) continue;
    yield { type: "end", reason: done_reason === "length" ? "limit" : "end", promptTokens: prompt_eval_count, generated: eval_count };
    return;
  }
  throw new UserError("SERVER_FAILED", "Ollama ended its answer in the middle.", "Try again.");
}

function read(line: string): z.infer<typeof chatLine> {
  try {
    return chatLine.parse(JSON.parse(line));
  } catch {
    throw new UserError("SERVER_FAILED", "Ollama sent something that is no answer.", "Try again, or choose another model.");
  }
}

/** "1.5B" and "137M" as billions. */
function billions(text: string | undefined): number | undefined {
  const [, number, unit] = /^([\d.]+)\s*([BM])$/i.exec(text ?? "") ?? [];
  return number === undefined ? undefined : Number(number) / (unit?.toUpperCase() === "M" ? 1000 : 1);
}

function contextOf(info: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const found = Object.entries(info ?? {}).find(([key]) => key.endsWith(".context_length"))?.[1];
  return typeof found === "number" && found > 0 ? found : undefined;
}
