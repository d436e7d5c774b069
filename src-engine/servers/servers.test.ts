import { afterEach, describe, expect, it } from "vitest";
import type { InfillRequest } from "#core/contracts/inference";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createInference } from "../inference/host.ts";
import { openScripted } from "../inference/scripted.ts";
import { servedReference } from "../models/served.ts";
import { createNetwork } from "../network/network.ts";
import { providerOf, withServers } from "./served-inference.ts";
import { noKeys, ollama, openAi, openServer, type Respond } from "./server.fixture.ts";
import { createServers, type ServersOptions } from "./servers.ts";

const opened: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

function setup(options: Partial<ServersOptions> & { values?: Partial<Settings> } = {}) {
  let values: Settings = { ...defaultSettings, ...options.values };
  const settings = {
    current: () => values,
    async write({ name, value }: { name: string; value?: unknown }) {
      values = { ...values, [name]: value };
    },
  };
  const network = createNetwork({ processName: "test", settings });
  const servers = createServers({ network, settings, env: {}, keys: noKeys, usual: [], ...options });
  const inference = withServers(createInference({ open: openScripted({ answer: () => "from the file" }), settings }), settings);
  opened.push(
    () => network.dispose(),
    () => servers.dispose(),
    () => inference.dispose(),
  );
  return { servers, network, settings, inference };
}

async function serve(respond: Respond) {
  const server = await openServer(respond);
  opened.push(() => server.close());
  return server;
}

/** A server with one model, found on its usual port, and the model as everybody names it. */
async function served(respond: Respond, name: string, values?: Partial<Settings>) {
  const server = await serve(respond);
  const parts = setup({ usual: [server.url], values });
  const found = await parts.servers.find(`${server.url}#${name}`);
  if (!found) throw new Error("It is not found.");
  return { ...parts, server, found, model: servedReference(found) };
}

const hole: InfillRequest = {
  document: "a.ts",
  path: "a.ts",
  prefix: "function add(a, b) {\n  return ",
  suffix: "\n}\n",
  shape: "line",
  maxTokens: 32,
  blockMilliseconds: 5000,
  priority: "ghost-text",
};

async function ask(
  inference: ReturnType<typeof setup>["inference"],
  model: ReturnType<typeof servedReference>,
  text = "Hi",
  signal?: AbortSignal,
) {
  const events = [];
  const request = { messages: [{ role: "user" as const, text }], temperature: 0, maxTokens: 100, priority: "chat" as const };
  for await (const event of inference.generate(model, "general", request, signal)) events.push(event);
  const answer = events.map((event) => (event.type === "text" ? event.text : "")).join("");
  return { events, answer, notices: events.filter(({ type }) => type === "notice") };
}

describe("servers on this machine", () => {
  it("are found on their ports, each for what it is", async () => {
    const all = await Promise.all([
      serve(ollama()),
      serve(openAi("lm-studio", "qwen2.5-coder-7b-instruct")),
      serve(openAi("llama-server", "model.gguf")),
      serve(openAi("plain", "some-chat-model")),
      serve(() => ({ hello: "world" })),
    ]);
    const { servers, network } = setup({ usual: [...all.map(({ url }) => url), "http://127.0.0.1:9/"] });
    const list = await servers.list();
    expect(list.map(({ kind, title, state, place, origin }) => [kind, title.replace(/\d{4,}/, "PORT"), state, place, origin])).toEqual([
      ["ollama", "Ollama 0.9.9", "ready", "here", "found"],
      ["lm-studio", "LM Studio", "ready", "here", "found"],
      ["llama-server", "llama-server", "ready", "here", "found"],
      ["openai", "Server at 127.0.0.1:PORT", "ready", "here", "found"],
    ]);
    expect(list[0]?.models).toEqual([
      {
        id: `${all[0]?.url}#qwen2.5-coder:1.5b`,
        name: "qwen2.5-coder:1.5b",
        bytes: 986_000_000,
        contextLength: 32_768,
        chats: true,
        fillsIn: true,
      },
    ]);
    expect(list[1]?.models).toMatchObject([{ contextLength: 4096, fillsIn: true }]);
    expect(list[2]?.models).toMatchObject([{ contextLength: 4096, fillsIn: true }]);
    expect(list[3]?.models).toMatchObject([{ fillsIn: false, chats: true }]);
    // What stays on this machine is no news for the list of connections.
    expect(network.attempts()).toEqual([]);
  });

  it("are named by the variables of earlier tools", async () => {
    const [one, other, third] = [await serve(ollama()), await serve(ollama()), await serve(ollama())];
    const env = {
      CODY_OLLAMA_INTENT_URL: third.url,
      CODY_OLLAMA_PRIMARY_URL: one.url,
      CODY_OLLAMA_FALLBACK_URL: other.url,
      OLLAMA_HOST: "0.0.0.0",
    };
    expect((await setup({ env }).servers.list()).map(({ address, origin }) => [address, origin])).toEqual([
      [one.url, "environment"],
      [other.url, "environment"],
      [third.url, "environment"],
    ]);
    const [silent] = await setup({ env: { CODY_OLLAMA_PRIMARY_URL: "http://127.0.0.1:9" } }).servers.list();
    expect(silent).toMatchObject({ address: "http://127.0.0.1:9/", state: "silent", models: [] });
  });

  it("one of them is asked to sort questions, and by that name alone", async () => {
    const [one, router] = [await serve(ollama()), await serve(ollama())];
    const env = { CODY_OLLAMA_PRIMARY_URL: one.url, CODY_OLLAMA_INTENT_URL: router.url };
    expect((await setup({ env }).servers.forRole("router")).map(({ exchange }) => exchange.address.href)).toEqual([router.url]);
    expect(await setup({ env: { CODY_OLLAMA_PRIMARY_URL: one.url } }).servers.forRole("router")).toEqual([]);
  });

  it("are added and forgotten", async () => {
    const server = await serve(ollama());
    const { servers, settings } = setup();
    expect(await servers.add(server.url.replace("http://", "").replace(/\/$/, "/v1"), false)).toMatchObject({
      state: "ready",
      address: server.url,
    });
    expect(settings.current()["localcoder.models.servers"]).toEqual([server.url]);
    await server.close();
    expect(await servers.list()).toMatchObject([{ state: "silent", reason: expect.stringMatching(/does not answer/) }]);
    await servers.remove(server.url);
    expect(await servers.list()).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ["", "BAD_INPUT", /not the address/],
    ["ftp://x", "BAD_INPUT", /not the address/],
    ["http://user:secret@127.0.0.1", "BAD_INPUT", /password/],
    ["http://127.0.0.1:9", "SERVER_UNREACHABLE", /does not answer/],
  ])("%j is not added", async (address, code, message) => {
    const { servers, settings } = setup();
    await expect(servers.add(address, true)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(settings.current()["localcoder.models.servers"]).toEqual([]);
  });
});

describe("a server beyond this machine", () => {
  it("is asked only with a permission for its host, which stands in the list of connections", async () => {
    const { servers, network } = setup();
    await expect(servers.add("http://gpu.example:11434", false)).rejects.toMatchObject({
      code: "NO_PERMISSION",
      message: expect.stringMatching(/sent there, unencrypted/),
    });
    expect(network.permissions()).toEqual([]);
    expect(network.attempts()).toEqual([]);
    const found = servers.find("http://gpu.example:11434/#llama3");
    await expect(found).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
    expect(network.attempts()).toMatchObject([{ host: "gpu.example", port: 11_434, purpose: "model-server", allowed: false }]);
  });

  it("that does not answer leaves no permission behind", async () => {
    const { servers, network } = setup({ values: { "localcoder.network.offline": true } });
    await expect(servers.add("http://gpu.example", true)).rejects.toMatchObject({ code: "NETWORK_REFUSED" });
    expect(network.permissions()).toEqual([]);
  });
});

describe("a model on Ollama", () => {
  it("answers messages, with the context it is to use", async () => {
    const { inference, model, server } = await served(ollama(), "qwen2.5-coder:1.5b");
    expect(await inference.ensure(model, "general")).toMatchObject({ backend: "Ollama 0.9.9", contextSize: 8192, fillInTheMiddle: true });
    const { answer, events } = await ask(inference, model);
    expect(answer).toBe("Hello");
    expect(events.at(-1)).toMatchObject({ type: "done", stop: "end", tokens: { generated: 2 } });
    expect(server.asked.at(-1)).toMatchObject({ path: "/api/chat", body: { options: { num_ctx: 8192, num_predict: 100 }, stream: true } });
    expect(providerOf(model)).toBe("ollama-local");
    expect(inference.current()).toMatchObject([
      { role: "general", state: "ready", model: "qwen2.5-coder:1.5b (Ollama 0.9.9)", provider: "ollama-local" },
    ]);
  });

  it("is asked for no more context than the model has", async () => {
    const { inference, model } = await served(ollama({ models: [{ name: "small", context: 2048 }] }), "small");
    expect(await inference.ensure(model, "general")).toMatchObject({ contextSize: 2048 });
  });

  it("fills in by its own template where it has one, else as its family does", async () => {
    const { inference, model, server } = await served(ollama(), "qwen2.5-coder:1.5b");
    const { pieces, stop } = await inference.infill(model, hole);
    expect(pieces.map(({ text }) => text).join("")).toBe("a + b;");
    expect(stop).toBe("end");
    expect(server.asked.at(-1)?.body).toMatchObject({ prompt: hole.prefix, suffix: hole.suffix, options: { num_ctx: 8192 } });

    const raw = await served(ollama({ models: [{ name: "starcoder2:3b", insert: false }] }), "starcoder2:3b");
    await raw.inference.infill(raw.model, hole);
    expect(raw.server.asked.at(-1)?.body).toMatchObject({
      raw: true,
      prompt: `<fim_prefix>${hole.prefix}<fim_suffix>${hole.suffix}<fim_middle>`,
      options: { num_ctx: 8192 },
    });
  });

  it("ends a suggestion by our rules and hangs up", async () => {
    const script = ollama({
      instead(_asked, response) {
        response.writeHead(200);
        response.write(`${JSON.stringify({ response: "a + b;\nnever" })}\n`);
      },
    });
    const { inference, model, server } = await served(script, "qwen2.5-coder:1.5b");
    const { pieces, stop } = await inference.infill(model, hole);
    expect([pieces.map(({ text }) => text).join(""), stop]).toEqual(["a + b;", "line"]);
    await server.hungUp;
  });

  it("that cuts the prompt is found out", async () => {
    const long = Array.from({ length: 2000 }, (_, index) => `const value${index} = compute(${index});`).join("\n");
    const cut = await served(ollama({ read: 4096 }), "qwen2.5-coder:1.5b");
    expect((await ask(cut.inference, cut.model, long)).notices).toMatchObject([
      { code: "TOO_LARGE", message: expect.stringMatching(/has cut the prompt: of at least \d+ tokens .* read 4096/) },
    ]);
    const whole = await served(ollama({ read: 24_000 }), "qwen2.5-coder:1.5b");
    expect((await ask(whole.inference, whole.model, long)).notices).toEqual([]);
    const short = await served(ollama({ read: 3 }), "qwen2.5-coder:1.5b");
    expect((await ask(short.inference, short.model, "Hi")).notices).toEqual([]);
  });

  it("stops when it is stopped", async () => {
    const stalls = ollama({
      instead: (_asked, response) => void response.writeHead(200).write(`${JSON.stringify({ message: { content: "Hel" } })}\n`),
    });
    const { inference, model, server } = await served(stalls, "qwen2.5-coder:1.5b");
    const stop = new AbortController();
    const request = { messages: [{ role: "user" as const, text: "Hi" }], temperature: 0, maxTokens: 100, priority: "chat" as const };
    const reading = (async () => {
      for await (const { type } of inference.generate(model, "general", request, stop.signal)) if (type === "text") stop.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: "STOPPED" });
    await server.hungUp;
    expect(inference.current()).toMatchObject([{ state: "ready" }]);
  });
});

describe("a model on another server", () => {
  it.each(["lm-studio", "plain"] as const)("answers and fills in as OpenAI does (%s)", async (kind) => {
    const { inference, model, server } = await served(openAi(kind, "qwen2.5-coder-7b", ["a + ", "b;"]), "qwen2.5-coder-7b");
    expect((await ask(inference, model)).answer).toBe("a + b;");
    const { pieces } = await inference.infill(model, hole);
    expect(pieces).toMatchObject([{ text: "a + ", probability: expect.closeTo(0.9) }, { text: "b;" }]);
    expect(server.asked.at(-1)?.body.prompt).toBe(`<|fim_prefix|>${hole.prefix}<|fim_suffix|>${hole.suffix}<|fim_middle|>`);
    expect(providerOf(model)).toBe("server");
  });

  it("is asked by /infill on llama-server, with what others are to be seen, and counts exactly", async () => {
    const { inference, model, server } = await served(openAi("llama-server", "/models/m.gguf", ["a + ", "b;"]), "/models/m.gguf");
    expect(model.name).toBe("m (llama-server)");
    const { pieces, tokens } = await inference.infill(model, { ...hole, context: [{ path: "b.ts", text: "export const b = 1;" }] });
    expect(pieces).toMatchObject([{ text: "a + ", probability: expect.closeTo(0.8) }, { text: "b;" }]);
    expect(tokens).toMatchObject({ prompt: 40, generated: 2 });
    expect(server.asked.at(-1)).toMatchObject({
      path: "/infill",
      body: { input_prefix: hole.prefix, input_suffix: hole.suffix, input_extra: [{ filename: "b.ts", text: "export const b = 1;" }] },
    });
    expect(await inference.countTokens(model, "general", "12345678")).toBe(2);
  });

  it("that cannot fill in says so", async () => {
    const { inference, model } = await served(openAi("plain", "llama-3"), "llama-3");
    await expect(inference.infill(model, hole)).rejects.toMatchObject({ code: "NO_FIM_TOKENS" });
  });

  it("gives code without the fence around it", async () => {
    const pieces = ["Here is", " the code:\n", "``", "`ts\nconst a", " = 1;\n`", "``\nDone."];
    const { inference, model } = await served(openAi("plain", "chat", pieces), "chat");
    const messages = [{ role: "user" as const, text: "Improve" }];
    const request = { messages, answerPrefix: "```ts\n", stops: ["\n```"], temperature: 0, maxTokens: 100, priority: "chat" as const };
    let text = "";
    for await (const event of inference.generate(model, "code", request)) if (event.type === "text") text += event.text;
    expect(text).toBe("const a = 1;");
  });

  it("and a file take turns, each with its state", async () => {
    const { inference, model } = await served(ollama(), "qwen2.5-coder:1.5b");
    await ask(inference, model);
    const file = { id: "f", name: "File", path: "/f.gguf" };
    expect((await ask(inference, file)).answer).toBe("from the file");
    expect(inference.current()).toMatchObject([{ role: "general", model: "File" }]);
    expect(await inference.prepare(model, hole)).toEqual({ evaluated: 0 });
  });
});

describe("a server that misbehaves", () => {
  const answers: Readonly<Record<string, [Respond, RegExp]>> = {
    "sends garbage": [ollama({ instead: (_asked, response) => void response.end("\u0000garbage\n") }), /no answer/],
    "sends half of a line": [ollama({ instead: (_asked, response) => void response.end('{"message":{"content":"He') }), /no answer/],
    "ends in the middle": [
      ollama({ instead: (_asked, response) => void response.end(`${JSON.stringify({ message: { content: "He" } })}\n`) }),
      /in the middle/,
    ],
    "closes the connection": [
      ollama({
        instead(_asked, response) {
          response.writeHead(200, { "content-length": 1000 });
          response.write(`${JSON.stringify({ message: { content: "He" } })}\n`, () => response.destroy());
        },
      }),
      /ended the connection/,
    ],
    "answers with an error": [
      ollama({ instead: (_asked, response) => void response.writeHead(500).end('{"error":"out of\\nmemory"}') }),
      /answered: out of memory/,
    ],
    "fails while it answers": [
      ollama({ instead: (_asked, response) => void response.end('{"error":"out of memory"}\n') }),
      /out of memory/,
    ],
    "wants a key": [ollama({ instead: (_asked, response) => void response.writeHead(401).end() }), /wants a key/],
    "is busy": [
      ollama({ instead: (_asked, response) => void response.writeHead(503).end('{"error":"loading model"}') }),
      /busy: loading model/,
    ],
    "sends a line without end": [ollama({ instead: (_asked, response) => flood(response, "x".repeat(65_536)) }), /line without an end/],
    "sends a gigabyte": [
      ollama({
        instead: (_asked, response) => flood(response, `${JSON.stringify({ padding: "x".repeat(1000) })}\n`.repeat(60)),
      }),
      /more than 32 MB/,
    ],
    redirects: [
      ollama({ instead: (_asked, response) => void response.writeHead(302, { location: "http://evil.example/" }).end() }),
      /error \(302\)/,
    ],
  };

  it.each(Object.entries(answers))("and %s gives one clear sentence", async (_name, [respond, message]) => {
    const { inference, model } = await served(respond, "qwen2.5-coder:1.5b");
    const failure = await ask(inference, model).catch((error: unknown) => error);
    const code = String(message).includes("key") ? "KEY_WANTED" : "SERVER_FAILED";
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.any(String) });
    expect((failure as Error).message).not.toMatch(/\n/);
    expect(inference.current()).toMatchObject([{ role: "general", state: "failed", reason: (failure as Error).message }]);
  });

  it("as a whole is not taken for one", async () => {
    const tooMuch = await serve((_asked, response) => flood(response, "[".repeat(65_536)));
    const odd = await serve(() => ({ data: [{ id: 5 }], version: 1, models: "none" }));
    const closes = await serve((_asked, response) => void response.destroy());
    const { servers } = setup({ usual: [tooMuch.url, odd.url, closes.url] });
    expect(await servers.list()).toEqual([]);
    await expect(servers.add(odd.url, false)).rejects.toMatchObject({
      code: "SERVER_FAILED",
      message: expect.stringMatching(/not a model server/),
    });
    await expect(servers.add(tooMuch.url, false)).rejects.toMatchObject({ message: expect.stringMatching(/more than/) });
  });

  it("by losing a model says so", async () => {
    const { servers, server } = await served(ollama(), "qwen2.5-coder:1.5b");
    await expect(servers.find(`${server.url}#gone`)).rejects.toMatchObject({
      code: "NO_MODEL",
      message: expect.stringMatching(/does not have gone/),
    });
  });
});

/** Sends without end, until the client has had enough. */
function flood(response: Parameters<Respond>[1], piece: string): void {
  response.writeHead(200);
  const more = (): void => {
    if (response.destroyed) return;
    if (response.write(piece)) setImmediate(more);
    else response.once("drain", more);
  };
  more();
}
