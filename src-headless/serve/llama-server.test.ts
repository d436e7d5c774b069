import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type ClientRequest, request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openScripted } from "#engine/inference/scripted";
import { tinyGguf } from "#engine/models/tiny-gguf";
import { type Engine, openEngine } from "#engine/open";
import { type Server, startServer } from "./server.ts";

// Whole conversations as llama.vim (January 2026) and llama.vscode 0.0.63 have them with a llama-server.

let folder: string;
let engine: Engine;
let server: Server;

const shop = `export function total(prices: number[]): number {
  let sum = 0;
  for (const price of prices) {
    sum += price;
  }
  return sum;
}
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lc-llama-"));
  process.env.LOCALCODER_HOME = join(folder, "home");
  writeFileSync(join(folder, "index.html"), "<!doctype html>");
  const model = join(folder, "tiny.gguf");
  writeFileSync(model, tinyGguf({ tokens: ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"] }));
  const script = { knows: [shop, `const slow = [${"1, ".repeat(400)}`], millisecondsPerToken: 1 };
  engine = await openEngine({ processName: "command line", openInference: openScripted(script) });
  await engine.attach().client.models.use({ model });
  server = await startServer({
    engine,
    host: "127.0.0.1",
    port: 0,
    token: "a-token-of-mine-1234",
    window: folder,
    query: "",
    onUnexpected: () => {},
  });
});
afterAll(async () => {
  await server.close();
  await engine.dispose();
  delete process.env.LOCALCODER_HOME;
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

function start(path: string, headers: Record<string, string>, body: string | undefined, answered: (answer: Answer) => void): ClientRequest {
  const { hostname, port } = new URL(server.url);
  const request = httpRequest({ hostname, port, path, method: body === undefined ? "GET" : "POST", headers }, async (response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    answered({ status: response.statusCode, type: response.headers["content-type"], body: Buffer.concat(chunks).toString() });
  });
  request.end(body);
  return request;
}

function send(path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    start(path, headers, body, resolve).on("error", reject);
  });
}

/** As the curl of llama.vim sends it. */
const curl = {
  "user-agent": "curl/8.5.0",
  accept: "*/*",
  "content-type": "application/json",
  authorization: "Bearer a-token-of-mine-1234",
};
/** As axios in llama.vscode sends it. */
const axios = {
  accept: "application/json, text/plain, */*",
  "content-type": "application/json",
  authorization: "Bearer a-token-of-mine-1234",
  "user-agent": "axios/1.8.2",
  "accept-encoding": "gzip, compress, deflate, br",
};

const vimFields = [
  "content",
  "timings/prompt_n",
  "timings/prompt_ms",
  "timings/prompt_per_token_ms",
  "timings/prompt_per_second",
  "timings/predicted_n",
  "timings/predicted_ms",
  "timings/predicted_per_token_ms",
  "timings/predicted_per_second",
  "truncated",
  "tokens_cached",
];
const vimExtra = [{ text: "export const currency = 'EUR';\n\n\n", time: [1782, 411], filename: "shop/currency.ts" }];
function vim(prefix: string, middle: string, suffix: string, more: object = {}): string {
  return JSON.stringify({
    id_slot: 0,
    input_prefix: prefix,
    input_suffix: suffix,
    input_extra: vimExtra,
    prompt: middle,
    n_predict: 128,
    stop: [],
    n_indent: /^\s*/.exec(middle)?.[0].length,
    top_k: 40,
    top_p: 0.9,
    samplers: ["top_k", "top_p", "infill"],
    stream: false,
    cache_prompt: true,
    t_max_prompt_ms: 500,
    t_max_predict_ms: 250,
    model: "",
    response_fields: vimFields,
    ...more,
  });
}

const lines = shop.split(/(?<=\n)/);
const above = lines.slice(0, 3).join("");
const below = `\n${lines.slice(4).join("")}`;

test("llama.vim: a chunk read ahead, a request, the next key, and the line that follows", async () => {
  const ahead = vim("", "", "", {
    n_predict: 0,
    temperature: 0.0,
    samplers: [],
    t_max_prompt_ms: 1,
    t_max_predict_ms: 1,
    response_fields: [""],
  });
  expect(await send("/infill", curl, ahead)).toEqual({ status: 200, type: "application/json; charset=utf-8", body: "{}" });

  const first = JSON.parse((await send("/infill", curl, vim(above, "    sum", below))).body);
  expect(first).toMatchObject({ content: " += price;", truncated: false });
  expect(Object.keys(first)).toEqual(vimFields);
  for (const field of vimFields.filter((name) => name.startsWith("timings/"))) expect(first[field]).toBeGreaterThan(0);
  expect(first["timings/prompt_n"]).toBeGreaterThan(0);
  expect(first.tokens_cached).toBeGreaterThan(first["timings/prompt_n"]);

  // One key more is one token at most; the plug-in asks again although it was suggested.
  const next = JSON.parse((await send("/infill", curl, vim(above, "    sum +", below))).body);
  expect(next.content).toBe("= price;");
  expect(next["timings/prompt_n"]).toBeLessThanOrEqual(1);

  // After accepting, on a blank line: both the indentation and the line are left out by the plug-in.
  const blank = JSON.parse((await send("/infill", curl, vim(above, "", below))).body);
  expect(blank.content).toBe("    sum += price;");
});

const vscode = (prompt: string, suffix: string, more: object = {}) =>
  JSON.stringify({
    id_slot: 0,
    input_prefix: above,
    input_suffix: suffix,
    input_extra: [{ text: "export const currency = 'EUR';\n", time: 1764146115000, filename: "/home/me/shop/currency.ts" }],
    prompt,
    n_predict: 128,
    n_cmpl: 3,
    top_k: 40,
    top_p: 0.99,
    stream: false,
    samplers: ["top_k", "top_p", "infill"],
    cache_prompt: true,
    n_indent: 4,
    t_max_prompt_ms: 500,
    t_max_predict_ms: 2500,
    model: "google/gemini-2.5-flash",
    ...more,
  });

test("llama.vscode: health, a chunk read ahead, a request with several alternatives, one before a closer", async () => {
  expect(JSON.parse((await send("/health", axios)).body)).toEqual({ status: "ok" });

  const ahead = {
    id_slot: 0,
    input_prefix: "",
    input_suffix: "",
    input_extra: [],
    prompt: "",
    n_predict: 0,
    samplers: [],
    cache_prompt: true,
  };
  const prepared = JSON.parse((await send("/infill", axios, JSON.stringify({ ...ahead, t_max_prompt_ms: 500, t_max_predict_ms: 1 }))).body);
  expect(prepared).toMatchObject({ content: "", stop: true, tokens_predicted: 0, tokens_evaluated: 0 });

  const answers = JSON.parse((await send("/infill", axios, vscode("    sum +=", below))).body);
  expect(answers).toHaveLength(1);
  expect(Object.keys(answers[0])).toEqual([
    "index",
    "content",
    "tokens",
    "id_slot",
    "stop",
    "model",
    "tokens_predicted",
    "tokens_evaluated",
    "generation_settings",
    "has_new_line",
    "truncated",
    "stop_type",
    "stopping_word",
    "tokens_cached",
    "timings",
  ]);
  expect(answers[0]).toMatchObject({ content: " price;", stop: true, truncated: false, stop_type: "eos" });

  // Nothing that stands right of the cursor is written again: the extension can only insert.
  const single = JSON.parse((await send("/infill", axios, vscode("  for (const price of pri", ") {\n", { n_cmpl: 1 }))).body);
  expect(single.content).toBe("ces");
  const call = JSON.parse((await send("/infill", axios, vscode("export function total(pri", ")\n", { n_cmpl: 1 }))).body);
  expect(call.content).toBe("ces: number[]");
});

test("a stream has the text as one piece, and the end", async () => {
  const { status, type, body } = await send("/infill", curl, vim(above, "    sum", below, { stream: true, response_fields: [] }));
  expect([status, type]).toEqual([200, "text/event-stream"]);
  const events = body.split("\n\n").filter((event) => event !== "");
  const values = events.map((event) => JSON.parse(event.replace(/^data: /, "")));
  expect(values).toMatchObject([
    { index: 0, content: " += price;", stop: false },
    { content: "", stop: true, stop_type: "eos" },
  ]);
});

test("stop words end the text, and limits are heeded", async () => {
  const ask = async (more: object) =>
    JSON.parse((await send("/infill", curl, vim(above, "    sum", below, { response_fields: [], ...more }))).body);
  expect(await ask({ stop: ["ice", "price"] })).toMatchObject({ content: " += ", stop_type: "word", stopping_word: "price" });
  expect(await ask({ stop: "" })).toMatchObject({ content: " += price;" });
  expect(await ask({ n_predict: 1 })).toMatchObject({ content: " +=", stop_type: "limit" });
});

describe("an error is one clear sentence of llama-server's form", () => {
  const good = { input_prefix: above, input_suffix: below };
  test.each([
    ["{", 400, "The request is not valid JSON."],
    ["[]", 400, "The request is not an object."],
    [JSON.stringify({ input_suffix: "" }), 400, '"input_prefix" is required.'],
    [JSON.stringify({ input_prefix: "" }), 400, '"input_suffix" is required.'],
    [JSON.stringify({ ...good, prompt: 1 }), 400, '"prompt" must be a string.'],
    [JSON.stringify({ ...good, input_extra: {} }), 400, '"input_extra" must be an array.'],
    [JSON.stringify({ ...good, input_extra: [{ filename: "a" }] }), 400, '"input_extra/0/text" must be a string.'],
    [JSON.stringify({ ...good, n_predict: "many" }), 400, '"n_predict" must be a number.'],
    [JSON.stringify({ ...good, stream: "no" }), 400, '"stream" must be true or false.'],
  ])("%s", async (body, code, message) => {
    const answer = await send("/infill", curl, body);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([code, { error: { code, message, type: "invalid_request_error" } }]);
  });

  test("what is null is not there, and what is not known does no harm", async () => {
    const body = JSON.stringify({ ...good, prompt: "    sum", stop: null, grammar: "root ::= x", n_probs: 3 });
    expect(JSON.parse((await send("/infill", curl, body)).body).content).toBe(" += price;");
  });

  test("without the key, from a page, and by another method", async () => {
    const { authorization: _, ...stranger } = curl;
    for (const path of ["/infill", "/health"]) {
      const answer = await send(path, stranger, path === "/infill" ? "{}" : undefined);
      expect([answer.status, JSON.parse(answer.body).error.type]).toEqual([401, "authentication_error"]);
    }
    const page = await send("/infill", { ...curl, origin: "http://evil.example" }, "{}");
    expect([page.status, JSON.parse(page.body).error.type]).toEqual([403, "permission_error"]);
    expect((await send("/infill", curl)).status).toBe(404);
  });

  test("too large", async () => {
    const answer = await send("/infill", curl, JSON.stringify({ ...good, input_extra: [{ text: "x".repeat(65 * 1024 * 1024) }] }));
    expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([413, 413]);
  });
});

test("a model that cannot fill in, and none at all, are refused with a way out", async () => {
  process.env.LOCALCODER_HOME = join(folder, "other-home");
  const chat = await openEngine({ processName: "command line", openInference: openScripted({ fillInTheMiddle: false }) });
  const other = await startServer({ engine: chat, host: "127.0.0.1", port: 0, window: folder, query: "", onUnexpected: () => {} });
  const ask = async () => {
    const headers = { authorization: `Bearer ${other.token}` };
    const answer = await fetch(`${new URL(other.url).origin}/infill`, { method: "POST", headers, body: vim(above, "    sum", below) });
    return [answer.status, await answer.json()];
  };
  const refusal = (code: number, type: string, message: string) => [
    code,
    { error: { code, message: expect.stringContaining(message), type } },
  ];
  expect(await ask()).toEqual(refusal(503, "unavailable_error", "no model"));
  await chat.attach().client.models.use({ model: join(folder, "tiny.gguf") });
  expect(await ask()).toEqual(refusal(501, "not_supported_error", "Choose a code model"));
  await other.close();
  await chat.dispose();
});

test("an editor that hangs up stops the model", async () => {
  const states = engine.attach().client.models.states();
  const request = start("/infill", curl, vim("", "const slow = [1,", "\n", { samplers: [] }), () => {});
  request.on("error", () => {});
  let busy = false;
  for await (const [state] of await states) {
    if (state?.state === "busy" && !busy) {
      busy = true;
      request.destroy();
    } else if (busy && state?.state === "ready") break;
  }
  expect(busy).toBe(true);
});
