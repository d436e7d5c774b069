import { isLoopback, normaliseHost } from "#core/network/hosts";

/** Environment variables by name. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an address: the one that the setting names, or else the environment by the customs of curl: HTTPS_PROXY or HTTP_PROXY, else ALL_PROXY, in capitals or
 * not; NO_PROXY lists the hosts that need none. This machine never needs one, and "off" is none. Other proxies than those of http are passed over.
 */
export function proxyFor(address: URL, env: Environment, setting: string): URL | undefined {
  const read = (name: string) => env[name.toLowerCase()]?.trim() || env[name]?.trim();
  if (setting === "off" || isLoopback(address.hostname) || needsNone(address, read("NO_PROXY") ?? "")) return undefined;
  const named = setting || (read(address.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY") ?? read("ALL_PROXY"));
  if (!named) return undefined;
  const text = /^[a-z0-9+.-]+:\/\//i.test(named) ? named : `http://${named}`;
  if (!URL.canParse(text)) return undefined;
  const proxy = new URL(text);
  return proxy.protocol === "http:" || proxy.protocol === "https:" ? proxy : undefined;
}

function needsNone({ hostname, port, protocol }: URL, list: string): boolean {
  const host = normaliseHost(hostname);
  const ownPort = port || (protocol === "https:" ? "443" : "80");
  return list
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", onlyPort] = /^(\[[^\]]*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (onlyPort !== undefined && onlyPort !== ownPort) return false;
      const bare = normaliseHost(name.replace(/^\*?\./, ""));
      return bare !== "" && (host === bare || host.endsWith(`.${bare}`));
    });
}
