import { UserError } from "#core/base/errors";
import { isLoopback } from "#core/network/hosts";

/** Reads the address of a server as a person writes it: a host is enough. Throws BAD_INPUT for what is none. */
export function readServerAddress(text: string): URL {
  const written = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "" || url.search !== "" || url.hash !== "") {
    throw new UserError("BAD_INPUT", `${text} is not the address of a server.`, "Write an address like http://127.0.0.1:11434.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new UserError("BAD_INPUT", "The address of a server must not hold a password.", "Write it without what stands before the @.");
  }
  // Some write the address with the path that other programs want.
  url.pathname = url.pathname.replace(/\/(?:v1|api)?\/*$/, "/");
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

/** True when a server runs on this machine. */
export function isHere(address: URL): boolean {
  return isLoopback(address.hostname);
}

/** What settings and lists call a model of a server: the server's address, and the model's name behind a #. */
export function serverModelId(address: URL, model: string): string {
  return `${address.href}#${model}`;
}

/** What people call a model of a server: some servers name it by the path of its file. */
export function titleOfServed(name: string): string {
  return name.replace(/^(?:[a-z]:)?[\\/](?:.*[\\/])?/i, "").replace(/\.gguf$/i, "");
}

/** Takes an id of {@link serverModelId} apart; undefined for the ids of other models. */
export function readServerModelId(id: string): { readonly address: URL; readonly model: string } | undefined {
  const [, address = "", model = ""] = /^(https?:\/\/[^#]+)#(.+)$/s.exec(id) ?? [];
  return model !== "" && URL.canParse(address) ? { address: new URL(address), model } : undefined;
}
