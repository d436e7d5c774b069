import { UserError } from "#core/base/errors";
import type { Downloadable } from "#core/contracts/models";
import { isLoopback, normaliseHost } from "#core/network/hosts";

const publicHub = "https://huggingface.co";

/** The address models come from: the setting, else HF_ENDPOINT, else the public hub. Throws BAD_INPUT for one that is not https. */
export function hubAddress(setting: string, env: Readonly<Record<string, string | undefined>>): URL {
  const text = setting.trim() || env.HF_ENDPOINT?.trim() || publicHub;
  const named = setting.trim() ? "The setting localcoder.models.hub" : "HF_ENDPOINT";
  let url: URL;
  try {
    url = new URL(text.endsWith("/") ? text : `${text}/`);
  } catch {
    throw new UserError("BAD_INPUT", `${named} is not an address: ${text}.`, "Write an address like https://models.example.com.");
  }
  if (!isSafeAddress(url)) {
    throw new UserError(
      "BAD_INPUT",
      `${named} must begin with https.`,
      "Plain http is taken for this machine only, because anybody between could change the file.",
    );
  }
  return url;
}

/** True for https, and for http to this machine. */
export function isSafeAddress(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

/** Where a file lies at the hub. */
export function fileAddress(hub: URL, entry: Pick<Downloadable, "repository" | "revision" | "file" | "path">): URL {
  const parts = [...entry.repository.split("/"), "resolve", entry.revision, ...(entry.path ?? entry.file).split("/")];
  return new URL(parts.map(encodeURIComponent).join("/"), hub);
}

/** The hosts a download from this hub needs: the hub itself and those it keeps its files on. */
export function hubHosts(hub: URL): string[] {
  const host = normaliseHost(hub.hostname);
  if (host === "huggingface.co") return [host, "*.huggingface.co", "*.hf.co"];
  const isAddress = host.includes(":") || /^[\d.]+$/.test(host);
  return isAddress || isLoopback(host) || !host.includes(".") ? [host] : [host, `*.${host}`];
}
