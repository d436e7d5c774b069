import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { UserError } from "#core/base/errors";
import type { CompletionResult } from "#core/contracts/completion";
import { toWireError } from "#core/transport/errors";
import type { EngineClient } from "#engine/open";
import { insertionOf } from "../insertion.ts";
import { createNamelessDocuments } from "./nameless.ts";

/** llama-server's fill-in-the-middle for editors that speak its protocol (llama.vim, llama.vscode), over our own ghost text. */
export interface LlamaServer {
  /** True for the paths that are llama-server's. */
  has(pathname: string): boolean;
  /** Answers a request for one of these paths. */
  handle(pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Answers with an error as llama-server words it. */
  refuse(response: ServerResponse, error: unknown): void;
}

/** The largest body that is read, in bytes. */
const maximumBody = 64 * 1024 * 1024;
/** Text on each side of the cursor that goes to the engine, in UTF-16 units: far more than a model reads. */
const window = 200_000;
const mostTokens = 512;

/** What is read of a request. The rest (samplers' numbers, slots, caching) tunes a server that this is not. */
const infillRequest = z.object({
  input_prefix: z.string("must be a string"),
  input_suffix: z.string("must be a string"),
  /** The text of the cursor's line left of the cursor. */
  prompt: z.string("must be a string").default(""),
  input_extra: z
    .array(z.object({ text: z.string("must be a string"), filename: z.string("must be a string").optional() }), "must be an array")
    .default([]),
  /** 0 asks to read the extra context ahead, -1 for no limit. */
  n_predict: z.number("must be a number").default(-1),
  /** Milliseconds after the first line. */
  t_max_predict_ms: z.number("must be a number").default(0),
  /** How many alternatives are wanted; more than one is answered with an array. */
  n_cmpl: z.number("must be a number").int("must be a whole number").min(1, "must be at least 1").default(1),
  samplers: z.array(z.string(), "must be an array of strings").default([]),
  stop: z.union([z.string(), z.array(z.string())], "must be a string or an array of strings").default([]),
  stream: z.boolean("must be true or false").default(false),
  /** Paths into the answer, with slashes; everything else is left out. */
  response_fields: z.array(z.string(), "must be an array of strings").default([]),
});
type InfillRequest = z.infer<typeof infillRequest>;

/** A completion with the milliseconds the model took for its prompt and its text. */
interface Answered extends CompletionResult {
  readonly evaluating: number;
  readonly generating: number;
}

/** Names of errors, by status. */
const errorTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "invalid_request_error",
  501: "not_supported_error",
  503: "unavailable_error",
};

/** Creates the {@link LlamaServer} over one client of the engine. */
export function createLlamaServer(engine: EngineClient["client"]): LlamaServer {
  const documents = createNamelessDocuments();

  async function infill(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wanted = parse(await readBody(request));
    // What is read ahead is read with the next request here: only text that is used costs anything.
    const answer = wanted.n_predict === 0 ? answerOf(wanted, undefined) : answerOf(wanted, await complete(wanted, response));
    if (response.destroyed) return;
    if (wanted.stream) {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", "x-content-type-options": "nosniff" });
      const { content, tokens_predicted, tokens_evaluated } = answer;
      const partial = { index: 0, content, tokens: [], stop: false, id_slot: 0, tokens_predicted, tokens_evaluated };
      const last = fieldsOf({ ...answer, content: "" }, wanted.response_fields);
      response.end(`${content === "" ? "" : `data: ${JSON.stringify(partial)}\n\n`}data: ${JSON.stringify(last)}\n\n`);
      return;
    }
    const fields = fieldsOf(answer, wanted.response_fields);
    sendJson(response, 200, wanted.n_cmpl > 1 ? [fields] : fields);
  }

  async function complete(wanted: InfillRequest, response: ServerResponse): Promise<Answered> {
    const gone = new AbortController();
    // Editors stop a request by hanging up.
    response.once("close", () => gone.abort());
    const { path, prefix } = documents.recognise(wanted.input_prefix + wanted.prompt, wanted.input_suffix);
    const suffix = wanted.input_suffix.slice(0, window);
    const result = await engine.completion.complete(
      {
        path,
        prefix: prefix.slice(-window),
        suffix,
        // The editor has decided that something is wanted here, in this language.
        trigger: "manual",
        // This sampler is llama-server's way of writing nothing that is doubtful.
        asShown: wanted.samplers.includes("infill"),
        ...(wanted.n_predict > 0 && { maxTokens: Math.min(mostTokens, Math.ceil(wanted.n_predict)) }),
        ...(wanted.t_max_predict_ms > 0 && { blockMilliseconds: wanted.t_max_predict_ms }),
      },
      { signal: gone.signal },
    );
    const text = insertionOf(result, suffix);
    if (result.known) return { ...result, text, evaluating: 0, generating: 0 };
    const record = (await engine.completion.requests()).find((one) => one.path === path);
    return { ...result, text, evaluating: record?.milliseconds.evaluating ?? 0, generating: record?.milliseconds.generating ?? 0 };
  }

  return {
    has: (pathname) => pathname === "/infill" || pathname === "/health",
    async handle(pathname, request, response) {
      const method = pathname === "/infill" ? "POST" : "GET";
      if (request.method !== method) throw new UserError("NOT_FOUND", `${pathname} answers to ${method} only.`);
      if (pathname === "/infill") await infill(request, response);
      else sendJson(response, 200, { status: "ok" });
    },
    refuse(response, error) {
      const { code, status, message, data } = toWireError(error);
      // A key that makes a request useless, and a model that is missing, are no failures of the server to its clients.
      const told = code === "NO_FIM_TOKENS" ? 501 : code === "STOPPED" || code === "NO_MODEL" ? 503 : status;
      const sentence = data?.hint === undefined ? message : `${message} ${data.hint}`;
      sendJson(response, told, { error: { code: told, message: sentence, type: errorTypes[told] ?? "server_error" } });
    },
  };
}

function parse(body: string): InfillRequest {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new UserError("BAD_INPUT", "The request is not valid JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new UserError("BAD_INPUT", "The request is not an object.");
  // A field that is null is a field that is not there.
  const parsed = infillRequest.safeParse(Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [field = ""] = issue?.path ?? [];
  if (!(field in value)) throw new UserError("BAD_INPUT", `"${String(field)}" is required.`);
  throw new UserError("BAD_INPUT", `"${(issue?.path ?? []).join("/")}" ${issue?.message}.`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // The rest is read and thrown away, so that the editor gets to see the answer.
    if (length <= maximumBody) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (length > maximumBody) throw new UserError("TOO_LARGE", "The request is larger than what is taken.");
  return Buffer.concat(chunks).toString("utf8");
}

/** llama-server's final answer; undefined stands for a request that asked for no text. */
function answerOf({ stop }: InfillRequest, result: Answered | undefined) {
  const text = result?.text ?? "";
  const word = firstOf(text, typeof stop === "string" ? [stop] : stop);
  const content = word === undefined ? text : text.slice(0, word.at);
  const { prompt = 0, reused = 0, evaluated = 0, generated = 0 } = result?.tokens ?? {};
  const limited = result === undefined || result.stop === "limit" || result.stop === "time";
  return {
    index: 0,
    content,
    tokens: [],
    id_slot: 0,
    stop: true,
    model: result?.model ?? "",
    tokens_predicted: generated,
    tokens_evaluated: prompt,
    generation_settings: {},
    has_new_line: content.includes("\n"),
    truncated: false,
    stop_type: word !== undefined ? "word" : limited ? "limit" : "eos",
    stopping_word: word?.text ?? "",
    tokens_cached: prompt + generated,
    timings: {
      cache_n: reused,
      ...timesOf("prompt", evaluated, result?.evaluating ?? 0),
      ...timesOf("predicted", generated, result?.generating ?? 0),
    },
  };
}

function timesOf(name: string, tokens: number, milliseconds: number) {
  return {
    [`${name}_n`]: tokens,
    [`${name}_ms`]: milliseconds,
    [`${name}_per_token_ms`]: tokens === 0 ? 0 : milliseconds / tokens,
    [`${name}_per_second`]: milliseconds === 0 ? 0 : (tokens * 1000) / milliseconds,
  };
}

function firstOf(text: string, words: readonly string[]): { readonly at: number; readonly text: string } | undefined {
  const found = words.map((word) => ({ at: word === "" ? -1 : text.indexOf(word), text: word })).filter(({ at }) => at >= 0);
  return found.sort((a, b) => a.at - b.at)[0];
}

/** Only the fields asked for, each under its path as it was asked for; all of them where none is asked for. */
function fieldsOf(answer: object, paths: readonly string[]): object {
  if (paths.length === 0) return answer;
  const found = paths.map((path) => {
    const value = path
      .split("/")
      .reduce<unknown>((part, key) => (typeof part === "object" && part !== null ? part[key as keyof typeof part] : undefined), answer);
    return [path, value] as const;
  });
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}
