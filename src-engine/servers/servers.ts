import { createEmitter, type Emitter } from "#core/base/emitter";
import { describeError, UserError } from "#core/base/errors";
import type { ModelRole } from "#core/contracts/common";
import type { ModelServer, ServerKey, ServerKind } from "#core/contracts/servers";
import { normaliseHost } from "#core/network/hosts";
import type { Settings } from "#core/settings/schema";
import { createConnections } from "../network/connections.ts";
import type { Network } from "../network/network.ts";
import { isHere, readServerAddress, readServerModelId, serverModelId, titleOfServed } from "./address.ts";
import { createExchange, type Exchange } from "./exchange.ts";
import { createLlamaServer } from "./llama-server.ts";
import { createOllama } from "./ollama.ts";
import { createOpenAi } from "./openai.ts";
import type { Protocol, ServerLook, ServerModel } from "./protocol.ts";
import type { ServerKeys } from "./server-keys.ts";

/** A model on a server, with all that is needed to ask it. */
export interface ServedModel {
  readonly id: string;
  readonly model: ServerModel;
  readonly kind: ServerKind;
  /** The server's name and place, as people read it. */
  readonly title: string;
  readonly here: boolean;
  readonly exchange: Exchange;
  readonly protocol: Protocol;
}

/** Model servers: those found on their usual ports here, and those the user named. */
export interface Servers {
  /** Looks at all of them now. */
  list(): Promise<ModelServer[]>;
  /** With the key it wants, where it wants one. */
  add(address: string, permit: boolean, key?: string): Promise<ModelServer>;
  /** Keeps a server's key, or forgets it when it is empty. */
  setKey(address: string, key: string): Promise<ServerKey>;
  remove(address: string): Promise<void>;
  /** A model by its id. Throws when its server cannot be asked or does not have it; undefined for ids of other models. */
  find(id: string): Promise<ServedModel | undefined>;
  /** The models that may serve a role where no file does: of servers on this machine, and of those that were added; the role of the router has its own variable. */
  forRole(role: ModelRole): Promise<ServedModel[]>;
  readonly changes: Emitter<void>;
  dispose(): void;
}

/** What {@link createServers} needs. */
export interface ServersOptions {
  readonly network: Pick<Network, "ask" | "check" | "run" | "note" | "allow" | "revoke" | "permissions">;
  readonly settings: {
    current(): Settings;
    write(change: { readonly name: string; readonly value?: unknown; readonly scope: "user" }): Promise<void>;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly keys: ServerKeys;
  /** Addresses where servers are looked for without being told; tests name none. */
  readonly usual?: readonly string[];
  readonly now?: () => number;
}

/** Where Ollama, LM Studio and llama-server listen unless they are told otherwise. */
export const usualAddresses: readonly string[] = ["http://127.0.0.1:11434/", "http://127.0.0.1:1234/", "http://127.0.0.1:8080/"];
/** Milliseconds for which a look is good: while somebody types, servers are not asked for each key. */
const lookLasts = 10_000;
/** The same for one that failed or lacked the model. */
const lookAgain = 1000;

interface Known {
  readonly address: URL;
  readonly origin: ModelServer["origin"];
}

type Look = (ServerLook & { readonly protocol: Protocol; readonly exchange: Exchange }) | { readonly problem: UserError };

/** Creates {@link Servers}. */
export function createServers({ network, settings, env, keys, usual = usualAddresses, now = Date.now }: ServersOptions): Servers {
  const changes = createEmitter<void>();
  const connections = {
    here: createConnections({ purpose: "loopback", network, settings, env }),
    beyond: createConnections({ purpose: "model-server", network, settings, env }),
  };
  const protocols: readonly Protocol[] = [createOllama(), createLlamaServer(), createOpenAi()];
  const looks = new Map<string, { readonly at: number; readonly look: Promise<Look> }>();

  function known(): Known[] {
    const all = new Map<string, Known>();
    const note = (text: string | undefined, origin: Known["origin"]) => {
      if (!text?.trim()) return;
      try {
        const address = readServerAddress(text);
        if (!all.has(address.href)) all.set(address.href, { address, origin });
      } catch {
        // An address that is none is told where it was set.
      }
    };
    for (const address of settings.current()["localcoder.models.servers"]) note(address, "added");
    for (const name of environmentNames) {
      // That one says where Ollama is to listen, not that it does.
      if (name === "OLLAMA_HOST") note(ollamaHost(env[name]), "found");
      else note(env[name], "environment");
    }
    for (const address of usual) note(address, "found");
    return [...all.values()];
  }

  async function ask({ address }: Known): Promise<Look> {
    const exchange = createExchange({ address, title: titleOf(address), network, connections, key: () => keys.read(address) });
    try {
      for (const protocol of protocols) {
        const look = await protocol.look(exchange, undefined).catch((error: unknown) => {
          // Only the last one knows that it is no model server at all.
          if (error instanceof UserError && error.code === "SERVER_FAILED" && protocol !== protocols.at(-1)) return undefined;
          throw error;
        });
        if (look) return { ...look, protocol, exchange };
      }
      const message = `${titleOf(address)} is not a model server that LocalCoder knows.`;
      return {
        problem: new UserError("SERVER_FAILED", message, "Ollama, LM Studio, llama-server and servers that speak like OpenAI are known."),
      };
    } catch (error) {
      const { code, message, hint } = describeError(error);
      return { problem: new UserError(code, message, hint) };
    }
  }

  function lookAt(one: Known, fresh: boolean): Promise<Look> {
    const before = looks.get(one.address.href);
    if (before && !fresh && now() - before.at < lookLasts) return before.look;
    const look = ask(one);
    looks.set(one.address.href, { at: now(), look });
    return look;
  }

  async function report(one: Known, fresh: boolean): Promise<ModelServer> {
    const look = await lookAt(one, fresh);
    const { key } = await keys.access(one.address);
    const place = isHere(one.address) ? ("here" as const) : ("beyond" as const);
    const common = { address: one.address.href, origin: one.origin, place, key };
    if ("problem" in look) {
      const { code, message } = look.problem;
      return { ...common, title: titleOf(one.address), state: stateOf(code), reason: message, models: [] };
    }
    return {
      ...common,
      kind: look.kind,
      title: look.title,
      ...(look.wantsKey ? { state: "wants-key" as const, reason: wantsKey(look.title, key).message } : { state: "ready" as const }),
      models: look.models.map((model) => ({
        id: serverModelId(one.address, model.name),
        name: titleOfServed(model.name),
        bytes: model.bytes === undefined ? undefined : Math.round(model.bytes),
        contextLength: model.contextLength === undefined ? undefined : Math.round(model.contextLength),
        chats: model.chats,
        fillsIn: model.fills !== "none",
      })),
    };
  }

  function servedBy(one: Known, look: Exclude<Look, { problem: UserError }>): ServedModel[] {
    const { kind, title, exchange, protocol, models } = look;
    const here = isHere(one.address);
    const place = here ? title : `${title} on ${one.address.hostname}`;
    return models.map((model) => ({ id: serverModelId(one.address, model.name), model, kind, title: place, here, exchange, protocol }));
  }

  return {
    async list() {
      const all = await Promise.all(known().map((one) => report(one, true)));
      // A port of this machine where nobody listens is no news, unless somebody named it.
      return all.filter(
        ({ origin, state, kind }) => origin !== "found" || state === "ready" || (state === "wants-key" && kind !== undefined),
      );
    },

    async add(text, permit, key) {
      const address = readServerAddress(text);
      const host = normaliseHost(address.hostname);
      let permitted = true;
      if (!isHere(address)) {
        permitted = network.permissions().some((each) => each.host === host && each.purpose === "model-server");
        if (!permitted && !permit) {
          throw new UserError(
            "NO_PERMISSION",
            `${host} is another machine: what you ask, and the code around it, would be sent there${address.protocol === "http:" ? ", unencrypted" : ""}.`,
            "Say that you permit it; the network page lists every connection, and takes the permission back.",
          );
        }
        network.allow(host, "model-server");
      }
      const one: Known = { address, origin: "added" };
      // A key that is not taken does not cost the one that was there; one of the environment is not ours to keep.
      const kept = (await keys.access(address)).key === "environment" ? undefined : await keys.read(address);
      if (key !== undefined) await keys.write(address, key);
      const look = await lookAt(one, true);
      if ("problem" in look || look.wantsKey) {
        if (!permitted) network.revoke(host, "model-server");
        const { key: place } = await keys.access(address);
        if (key !== undefined) await keys.write(address, kept ?? "");
        looks.delete(address.href);
        throw "problem" in look ? look.problem : wantsKey(look.title, place);
      }
      const before = settings.current()["localcoder.models.servers"];
      if (!before.includes(address.href)) {
        await settings.write({ name: "localcoder.models.servers", value: [...before, address.href], scope: "user" });
      }
      changes.emit();
      return report(one, false);
    },

    async setKey(text, key) {
      const address = readServerAddress(text);
      const kept = await keys.write(address, key);
      for (const href of looks.keys()) if (new URL(href).origin === address.origin) looks.delete(href);
      changes.emit();
      return kept;
    },

    async remove(text) {
      const address = readServerAddress(text);
      const { href, hostname, origin } = address;
      const left = settings.current()["localcoder.models.servers"].filter((each) => addressOrNone(each)?.href !== href);
      if (!left.some((each) => addressOrNone(each)?.hostname === hostname)) network.revoke(hostname, "model-server");
      if (!left.some((each) => addressOrNone(each)?.origin === origin)) await keys.write(address, "");
      looks.delete(href);
      await settings.write({ name: "localcoder.models.servers", value: left, scope: "user" });
      changes.emit();
    },

    async find(id) {
      const wanted = readServerModelId(id);
      if (!wanted) return undefined;
      const one: Known = { address: wanted.address, origin: "added" };
      const before = looks.get(one.address.href);
      let look = await lookAt(one, false);
      const has = (each: Look) => !("problem" in each) && each.models.some(({ name }) => name === wanted.model);
      // It may have been started, or have got the model, since.
      if (!has(look) && before && looks.get(one.address.href) === before && now() - before.at > lookAgain) look = await lookAt(one, true);
      if ("problem" in look) throw look.problem;
      const found = servedBy(one, look).find(({ model }) => model.name === wanted.model);
      if (found) return found;
      throw new UserError("NO_MODEL", `${look.title} does not have ${wanted.model} any more.`, "Choose another model.");
    },

    async forRole(role) {
      const found: ServedModel[] = [];
      const wanted = role === "router" ? addressOrNone(env[routerVariable] ?? "")?.href : undefined;
      for (const one of known()) {
        if (role === "router" && one.address.href !== wanted) continue;
        const look = await lookAt(one, false);
        if (!("problem" in look || look.wantsKey)) found.push(...servedBy(one, look).filter(({ model }) => suits(model, role)));
      }
      return found;
    },

    changes,
    dispose() {
      connections.here.close();
      connections.beyond.close();
    },
  };
}

/** Names a server whose model sorts questions. */
const routerVariable = "CODY_OLLAMA_INTENT_URL";
/** Variables of earlier tools that name a server, in their order. */
const environmentNames = ["CODY_OLLAMA_PRIMARY_URL", "CODY_OLLAMA_FALLBACK_URL", routerVariable, "OLLAMA_HOST"] as const;

/** Ollama reads its own variable as the address to listen on: all addresses of this machine are reached as this machine. */
function ollamaHost(text: string | undefined): string | undefined {
  const host = text?.trim().replace(/^(https?:\/\/)?0\.0\.0\.0/, "$1127.0.0.1");
  return host === undefined || host === "" || /:\d+\/?$/.test(host) ? host : `${host.replace(/\/$/, "")}:11434`;
}

function addressOrNone(text: string): URL | undefined {
  try {
    return readServerAddress(text);
  } catch {
    return undefined;
  }
}

function stateOf(code: UserError["code"]): ModelServer["state"] {
  if (code === "NETWORK_REFUSED") return "refused";
  return code === "KEY_WANTED" ? "wants-key" : "silent";
}

function wantsKey(title: string, key: ServerKey["key"]): UserError {
  const what = key === "none" || key === "locked" ? "wants a key." : "does not take the key it was given.";
  return new UserError("KEY_WANTED", `${title} ${what}`, "Give LocalCoder the key of this server.");
}

function titleOf(address: URL): string {
  return isHere(address) ? `The model server at ${address.host}` : `The model server ${address.host}`;
}

function suits({ chats, fills }: ServerModel, role: ModelRole): boolean {
  return role === "completion" ? fills !== "none" : role !== "embedding" && chats;
}
