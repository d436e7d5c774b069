import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import { UserError } from "#core/base/errors";
import type { NetworkPurpose } from "#core/contracts/network";
import type { Settings } from "#core/settings/schema";
import type { Network } from "./network.ts";
import { proxyFor } from "./proxy.ts";

/** HTTP for one purpose, over connections that nobody else shares. */
export interface Connections {
  /** Resolves with the head of the answer; rejects with the error of Node. Whoever asks has been permitted the host before. */
  request(address: URL, options: RequestOptions): Promise<IncomingMessage>;
  /** Ends what is open. */
  close(): void;
}

/** One request. */
export interface RequestOptions {
  readonly method?: "GET" | "POST";
  readonly headers: http.OutgoingHttpHeaders;
  readonly body?: string;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds without a byte before the connection counts as lost, when the setting for that is as it comes. */
  readonly silence: number;
}

/** What {@link createConnections} needs. */
export interface ConnectionsOptions {
  readonly purpose: NetworkPurpose;
  readonly network: Pick<Network, "run" | "note" | "ask">;
  readonly settings: { current(): Pick<Settings, "localcoder.network.proxy" | "localcoder.network.timeout"> };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the setting for timeouts is when nobody changed it, in seconds. */
const usualTimeout = 30;

/** Creates {@link Connections}; a proxy that the setting or the environment names stands between where one is needed. */
export function createConnections({ purpose, network, settings, env }: ConnectionsOptions): Connections {
  const agents = new Map<string, http.Agent>();

  /** Agents of our own: a shared connection would have been opened for somebody else's purpose. */
  function agentFor(address: URL): http.Agent {
    const proxy = proxyFor(address, env, settings.current()["localcoder.network.proxy"]);
    const key = `${address.protocol} ${proxy?.href ?? ""}`;
    const known = agents.get(key);
    if (known) return known;
    const made = makeAgent(address.protocol, proxy, async ({ hostname, host: place, port: named, protocol }, host, port) => {
      // A proxy that nobody decided about is asked about like any other host.
      const { allowed, reason } = await network.ask({ host: hostname, port: Number(named) || (protocol === "https:" ? 443 : 80), purpose });
      if (!allowed)
        throw new UserError(
          "NETWORK_REFUSED",
          `The proxy ${place} cannot be used. ${reason}`,
          "The network page permits hosts, also a proxy.",
        );
      network.note({ host, port, purpose }, `Through the proxy ${place}.`);
    });
    agents.set(key, made);
    return made;
  }

  return {
    request(address, { method = "GET", headers, body, signal, silence }) {
      const timeout = (silence * settings.current()["localcoder.network.timeout"]) / usualTimeout;
      return network.run(purpose, () => {
        return new Promise<IncomingMessage>((resolve, reject) => {
          const secure = address.protocol === "https:";
          const common = { method, headers, agent: agentFor(address), signal, timeout };
          const call = secure ? https.request(address, { ...common, ca: authorities() }, resolve) : http.request(address, common, resolve);
          call.on("timeout", () => call.destroy(Object.assign(new Error("silence"), { code: "ETIMEDOUT", seconds: timeout / 1000 })));
          call.on("error", reject);
          call.end(body);
        });
      });
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

function makeAgent(
  protocol: string,
  proxy: URL | undefined,
  beforeTunnel: (proxy: URL, host: string, port: number) => Promise<void>,
): http.Agent {
  const agent = protocol === "https:" ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
  if (proxy) {
    // Everything goes through a tunnel, so that the proxy sees no more than names and, with https, no contents.
    agent.createConnection = (options, ready) => {
      const { host, port, servername } = options as tls.ConnectionOptions;
      const target = `${net.isIPv6(host ?? "") ? `[${host}]` : host}:${port}`;
      const tunnel = beforeTunnel(proxy, host ?? "", Number(port)).then(() => openTunnel(proxy, target));
      tunnel.then(
        (socket) =>
          ready?.(null, protocol === "https:" ? tls.connect({ ...(options as tls.ConnectionOptions), socket, servername }) : socket),
        (error: Error) => ready?.(error, undefined as never),
      );
      return undefined;
    };
  }
  return agent;
}

function openTunnel(proxy: URL, target: string): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const headers: http.OutgoingHttpHeaders = { host: target };
    if (proxy.username !== "") {
      const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
      headers["proxy-authorization"] = `Basic ${Buffer.from(user).toString("base64")}`;
    }
    const place = {
      host: proxy.hostname.replace(/^\[|\]$/g, ""),
      method: "CONNECT",
      path: target,
      headers,
      agent: false as const,
      timeout: 30_000,
    };
    const call =
      proxy.protocol === "https:"
        ? https.request({ ...place, port: proxy.port || 443, ca: authorities() })
        : http.request({ ...place, port: proxy.port || 80 });
    call.on("connect", ({ statusCode = 0 }, socket) => {
      if (statusCode === 200) return resolve(socket as net.Socket);
      socket.destroy();
      reject(
        Object.assign(new Error(`The proxy ${proxy.host} answered ${statusCode}.`), {
          code: statusCode === 407 ? "PROXY_SIGN_IN" : "PROXY_REFUSED",
        }),
      );
    });
    call.on("timeout", () => call.destroy(Object.assign(new Error("silence"), { code: "ETIMEDOUT" })));
    call.on("error", reject);
    call.end();
  });
}

let trusted: string[] | undefined;

/** Who is trusted: those Node ships, and those this system has, which a company may have added to; older runtimes know the first only. */
function authorities(): string[] | undefined {
  if (typeof tls.getCACertificates !== "function") return undefined;
  trusted ??= [...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")])];
  return trusted;
}
