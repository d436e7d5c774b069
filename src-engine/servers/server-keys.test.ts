import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { defaultSettings, type Settings } from "#core/settings/schema";
import { createNetwork } from "../network/network.ts";
import type { Keyring } from "../secrets/secret.ts";
import { openAi, openServer, type Respond } from "./server.fixture.ts";
import { createServerKeys } from "./server-keys.ts";
import { createServers } from "./servers.ts";

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const backwards = (text: string) => [...text].reverse().join("");
const keyring: Keyring = { available: async () => true, lock: async (text) => backwards(text), unlock: async (text) => backwards(text) };

async function place() {
  const folder = await mkdtemp(join(tmpdir(), "localcoder-keys-"));
  opened.push(() => rm(folder, { recursive: true }));
  return join(folder, "server-keys.json");
}

/** Answers nobody who does not know the key; llama-server gives its list of models to everybody. */
function guarded(respond: Respond, key: string, open: readonly string[] = []): Respond {
  return (asked, response, request) => {
    if (open.includes(asked.path) || asked.key === `Bearer ${key}`) return respond(asked, response, request);
    response.writeHead(401, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: `Incorrect key: ${asked.key}` } }));
    return undefined;
  };
}

async function serve(respond: Respond) {
  const server = await openServer(respond);
  opened.push(() => server.close());
  return server;
}

async function setup({ usual = [], env = {}, ring }: { usual?: readonly string[]; env?: Record<string, string>; ring?: Keyring } = {}) {
  let values: Settings = defaultSettings;
  const settings = {
    current: () => values,
    async write({ name, value }: { name: string; value?: unknown }) {
      values = { ...values, [name]: value };
    },
  };
  const network = createNetwork({ processName: "test", settings });
  const file = await place();
  const keys = createServerKeys({ file, env, keyring: ring });
  const servers = createServers({ network, settings, env, keys, usual });
  opened.push(
    () => network.dispose(),
    () => servers.dispose(),
  );
  return { servers, keys, file, settings, network };
}

describe("the key of a server", () => {
  it("is asked for, kept for this server alone, and sent to no other", async () => {
    const [one, other] = [await serve(guarded(openAi("plain", "one"), "sk-one")), await serve(openAi("plain", "other"))];
    const { servers, settings, file } = await setup();
    await expect(servers.add(one.url, false)).rejects.toMatchObject({ code: "KEY_WANTED", message: expect.stringMatching(/wants a key/) });
    await expect(servers.add(one.url, false, "sk-wrong")).rejects.toMatchObject({
      code: "KEY_WANTED",
      message: expect.stringMatching(/does not take the key/),
    });
    // A key that was not taken is not kept.
    expect(await readFile(file, "utf8")).toBe("{}");
    expect(await servers.add(one.url, false, " sk-one\n")).toMatchObject({ state: "ready", key: "file", models: [{ name: "one" }] });
    await servers.add(other.url, false);
    // A key that is not taken does not cost the one that is.
    await expect(servers.add(one.url, false, "sk-wrong")).rejects.toMatchObject({ code: "KEY_WANTED" });
    expect(await servers.list()).toMatchObject([{ state: "ready" }, { state: "ready" }]);
    expect(JSON.stringify(settings.current())).not.toMatch(/sk-one/);
    expect(other.asked.map(({ key }) => key).filter(Boolean)).toEqual([]);
    expect(one.asked.at(-1)?.key).toBe("Bearer sk-one");
    if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o600);
    await servers.remove(one.url);
    expect(await readFile(file, "utf8")).toBe("{}");
  });

  it("is wanted by a llama-server whose list is open to everybody", async () => {
    const server = await serve(guarded(openAi("llama-server", "model.gguf"), "secret", ["/v1/models"]));
    const { servers } = await setup({ usual: [server.url] });
    expect(await servers.list()).toMatchObject([
      { kind: "llama-server", state: "wants-key", reason: "llama-server wants a key.", models: [{ name: "model" }] },
    ]);
    // Nobody is sent there who did not choose it.
    expect(await servers.forRole("code")).toEqual([]);
    expect(await servers.setKey(server.url, "secret")).toMatchObject({ key: "file", note: expect.stringMatching(/only you can read/) });
    expect(await servers.list()).toMatchObject([{ state: "ready", models: [{ fillsIn: true, contextLength: 4096 }] }]);
    expect(await servers.forRole("code")).toHaveLength(1);
    expect(await servers.setKey(server.url, "")).toEqual({ key: "none" });
    expect(await servers.list()).toMatchObject([{ state: "wants-key" }]);
  });

  it("is locked by the keyring where there is one, and then not read in a terminal", async () => {
    const { keys, file } = await setup({ ring: keyring });
    const address = new URL("https://gpu.example/");
    expect(await keys.write(address, "sk-secret")).toMatchObject({ key: "keyring", note: expect.stringMatching(/keyring of this system/) });
    expect(await readFile(file, "utf8")).not.toMatch(/sk-secret/);
    expect(await keys.read(address)).toBe("sk-secret");
    const terminal = createServerKeys({ file, env: {}, keyring: undefined });
    expect(await terminal.access(address)).toMatchObject({ key: "locked", note: expect.stringMatching(/LOCALCODER_SERVER_KEYS/) });
    expect(await terminal.read(address)).toBeUndefined();
  });

  it("comes from the environment first, for the server it names", async () => {
    const env = { LOCALCODER_SERVER_KEYS: "https://gpu.example:8443/v1=sk-a=b nonsense =x http://other.example=" };
    const { keys } = await setup({ env });
    expect(await keys.read(new URL("https://gpu.example:8443/"))).toBe("sk-a=b");
    expect(await keys.read(new URL("https://gpu.example/"))).toBeUndefined();
    expect(await keys.read(new URL("http://other.example/"))).toBeUndefined();
    expect(await keys.access(new URL("https://gpu.example:8443/"))).toMatchObject({ key: "environment" });
  });

  it("says where it is sent unencrypted, and is one word", async () => {
    const { keys } = await setup();
    expect((await keys.write(new URL("http://gpu.example/"), "sk-secret")).note).toMatch(/sent unencrypted/);
    await expect(keys.write(new URL("http://gpu.example/"), "two words")).rejects.toMatchObject({ code: "BAD_INPUT" });
  });

  it("is not repeated in what a server says of it", async () => {
    const server = await serve((asked, response, request) => {
      if (asked.path !== "/v1/chat/completions") return openAi("plain", "one")(asked, response, request);
      response.writeHead(500, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: `No account for ${asked.key}` } }));
      return undefined;
    });
    const { servers } = await setup();
    await servers.add(server.url, false, "sk-one");
    const found = await servers.find(`${server.url}#one`);
    const question = { messages: [{ role: "user" as const, text: "Hi" }], temperature: 0, maxTokens: 8, contextSize: 2048 };
    const asked = async () => {
      if (found) for await (const _ of found.protocol.chat(found.exchange, found.model, question, new AbortController().signal));
    };
    await expect(asked()).rejects.toMatchObject({ message: expect.stringMatching(/No account for Bearer …/) });
  });
});
