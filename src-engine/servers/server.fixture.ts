import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { ServerKeys } from "./server-keys.ts";

/** For tests without keys. */
export const noKeys: ServerKeys = {
  read: async () => undefined,
  access: async () => ({ key: "none" }),
  write: async () => ({ key: "none" }),
};

/** What a server was asked: the path, and the body as it was sent. */
export interface Asked {
  readonly path: string;
  /** What it was asked with, where that was a key. */
  readonly key?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of foreign protocols
  readonly body: any;
}

/** A model server on this machine, as small as tests need it. */
export interface LocalServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Resolves when a client has hung up on a running answer. */
  readonly hungUp: Promise<void>;
  close(): Promise<void>;
}

/** Answers a request; undefined answers 404. */
export type Respond = (asked: Asked, response: ServerResponse, request: IncomingMessage) => unknown;

/** Opens a server that answers with one function: an object is sent as JSON, undefined means that the function has answered or will. */
export async function openServer(respond: Respond): Promise<LocalServer> {
  const asked: Asked[] = [];
  let tellHungUp = () => {};
  const hungUp = new Promise<void>((resolve) => {
    tellHungUp = resolve;
  });
  const server = http.createServer(async (request, response) => {
    const body = await text(request);
    const one: Asked = { path: request.url ?? "", key: request.headers.authorization, body: body === "" ? undefined : JSON.parse(body) };
    asked.push(one);
    response.on("close", () => response.writableFinished || tellHungUp());
    response.on("error", () => {});
    const answer = respond(one, response, request);
    if (answer === notFound) response.writeHead(404).end();
    else if (answer !== undefined) response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    hungUp,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What {@link Respond} returns for a path it does not know. */
export const notFound = Symbol("not found");

/** How a small Ollama answers. */
export interface OllamaScript {
  readonly models?: readonly {
    readonly name: string;
    readonly insert?: boolean;
    readonly context?: number;
    readonly parameters?: string;
  }[];
  /** Pieces of the answer to messages, and to a hole. */
  readonly chat?: readonly string[];
  readonly fill?: readonly string[];
  /** Tokens it says it read. */
  readonly read?: number;
  /** Takes over the answer to a question. */
  readonly instead?: (asked: Asked, response: ServerResponse) => void;
}

/** A server that speaks as Ollama does. */
export function ollama(script: OllamaScript = {}): Respond {
  const { models = [{ name: "qwen2.5-coder:1.5b" }], chat = ["Hel", "lo"], fill = ["a + ", "b;"], read, instead } = script;
  return ({ path, body }, response) => {
    switch (path) {
      case "/api/version":
        return { version: "0.9.9" };
      case "/api/tags":
        return {
          models: models.map(({ name, parameters = "1.5B" }) => ({
            name,
            size: 986_000_000,
            digest: name,
            details: { parameter_size: parameters, quantization_level: "Q4_K_M" },
          })),
        };
      case "/api/show": {
        const model = models.find(({ name }) => name === body.model);
        const capabilities = ["completion", ...(model?.insert === false ? [] : ["insert"])];
        return { capabilities, model_info: { "qwen2.context_length": model?.context ?? 32_768 } };
      }
      case "/api/chat":
      case "/api/generate": {
        if (instead) return void instead({ path, body }, response);
        response.writeHead(200, { "content-type": "application/x-ndjson" });
        const lines =
          path === "/api/chat"
            ? chat.map((content) => ({ message: { role: "assistant", content } }))
            : fill.map((piece) => ({ response: piece }));
        for (const line of lines) response.write(`${JSON.stringify({ model: body.model, done: false, ...line })}\n`);
        const counts = { prompt_eval_count: read ?? Math.ceil(JSON.stringify(body).length / 4), eval_count: lines.length };
        response.end(`${JSON.stringify({ done: true, done_reason: "stop", ...counts })}\n`);
        return undefined;
      }
      default:
        return notFound;
    }
  };
}

/** A server that speaks as OpenAI, LM Studio or llama-server do. */
export function openAi(kind: "plain" | "lm-studio" | "llama-server", name: string, pieces: readonly string[] = ["Hel", "lo"]): Respond {
  return ({ path, body }, response) => {
    const events = (values: readonly object[]) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": keep-alive\n\n");
      for (const value of values) response.write(`data: ${JSON.stringify(value)}\n\n`);
    };
    if (path === "/v1/models") return { object: "list", data: [{ id: name, ...(kind === "llama-server" && { owned_by: "llamacpp" }) }] };
    if (path === "/api/v0/models" && kind === "lm-studio") {
      return { data: [{ id: name, type: "llm", quantization: "Q4_K_M", max_context_length: 32_768, loaded_context_length: 4096 }] };
    }
    if (path === "/v1/chat/completions" || path === "/v1/completions") {
      const chat = path === "/v1/chat/completions";
      const logprobs = { token_logprobs: [Math.log(0.9)] };
      events(pieces.map((piece) => ({ choices: [chat ? { delta: { content: piece } } : { text: piece, logprobs }] })));
      response.write(`data: ${JSON.stringify({ choices: [{ delta: {}, text: "", finish_reason: "stop" }] })}\n\n`);
      response.write(`data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 12, completion_tokens: pieces.length } })}\n\n`);
      response.end("data: [DONE]\n\n");
      return undefined;
    }
    if (kind !== "llama-server") return notFound;
    if (path === "/props") return { default_generation_settings: { n_ctx: 4096 } };
    if (path === "/tokenize") return { tokens: Array.from({ length: Math.ceil(body.content.length / 4) }, (_, index) => index) };
    if (path !== "/infill") return notFound;
    if (body.n_predict === 0) return { content: "" };
    events(pieces.map((content) => ({ content, stop: false, completion_probabilities: [{ logprob: Math.log(0.8) }] })));
    response.end(
      `data: ${JSON.stringify({ content: "", stop: true, stop_type: "eos", tokens_evaluated: 40, tokens_predicted: pieces.length })}\n\n`,
    );
    return undefined;
  };
}
