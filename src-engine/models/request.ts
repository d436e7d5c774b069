import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import tls from "node:tls";
import { describeError, UserError } from "#core/base/errors";
import type { NetworkRequest, NetworkVerdict } from "#core/network/decide";
import { isLoopback } from "#core/network/hosts";
import { isSafeAddress } from "./hub.ts";

/** What a download needs of the network service. */
export interface DownloadNetwork {
  check(request: NetworkRequest): NetworkVerdict;
  run<T>(purpose: "model-download", run: () => T): T;
}

/** A failure after which the same request may succeed, and when it is worth another try at the earliest. */
export class PassingFailure extends Error {
  readonly error: UserError;
  readonly afterSeconds: number | undefined;

  constructor(error: UserError, afterSeconds?: number) {
    super(error.message);
    this.error = error;
    this.afterSeconds = afterSeconds;
  }
}

/** What the hub answered: the bytes from `offset` on, and what it says of the whole file. */
export interface OpenedFile {
  readonly body: IncomingMessage;
  /** Where the body begins; 0 when the server does not resume. */
  readonly offset: number;
  readonly size: number | undefined;
  /** SHA-256 as the hub states it for the file. */
  readonly sha256: string | undefined;
  /** Changes when the file at the hub does. */
  readonly version: string | undefined;
}

/** What {@link openFile} needs. */
export interface OpenOptions {
  readonly address: URL;
  /** What messages call the file. */
  readonly title: string;
  /** Ask for the bytes from here on. */
  readonly offset: number;
  readonly network: DownloadNetwork;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte before the connection counts as lost. */
  readonly silence: number;
}

const mostRedirects = 8;

/** Opens a file at the hub, following redirects to permitted hosts over https only. Throws a UserError, or a PassingFailure. */
export async function openFile(options: OpenOptions): Promise<OpenedFile> {
  const visited = new Set<string>();
  const stated: { sha256?: string; size?: number; version?: string } = {};
  let address = options.address;
  for (let step = 0; step <= mostRedirects; step++) {
    if (visited.has(address.href)) throw circle(options.title);
    visited.add(address.href);
    const response = await request(address, options);
    const { headers, statusCode = 0 } = response;
    stated.sha256 ??= statedHash(headers);
    stated.size ??= count(headers["x-linked-size"]);
    stated.version ??= text(headers["x-linked-etag"]) ?? text(headers["x-repo-commit"]);
    if ([301, 302, 303, 307, 308].includes(statusCode)) {
      response.destroy();
      address = redirected(address, headers.location, options.title);
      continue;
    }
    if (statusCode === 416 && options.offset > 0) {
      // The file at the hub is not the one that was begun; it is taken from its start.
      response.destroy();
      return openFile({ ...options, offset: 0 });
    }
    try {
      return accepted(response, options, stated);
    } catch (error) {
      response.destroy();
      throw error;
    }
  }
  throw circle(options.title);
}

function request(address: URL, { offset, network, signal, title, silence }: OpenOptions): Promise<IncomingMessage> {
  const port = Number(address.port) || (address.protocol === "https:" ? 443 : 80);
  const verdict = network.check({ host: address.hostname, port, purpose: "model-download" });
  if (!verdict.allowed) {
    throw new UserError(
      "NETWORK_REFUSED",
      `${title} cannot be downloaded from ${address.hostname}. ${verdict.reason}`,
      "Permit the host on the network page, or switch offline off in the settings, and try again.",
    );
  }
  const headers: http.OutgoingHttpHeaders = { "user-agent": "LocalCoder", "accept-encoding": "identity", accept: "*/*" };
  if (offset > 0) headers.range = `bytes=${offset}-`;
  return network.run("model-download", () => {
    return new Promise<IncomingMessage>((resolve, reject) => {
      // A connection of its own for each request: a shared one would have been opened for somebody else's purpose.
      const common = { headers, agent: false, signal, timeout: silence };
      const call =
        address.protocol === "https:" ? https.get(address, { ...common, ca: authorities() }, resolve) : http.get(address, common, resolve);
      call.on("timeout", () => call.destroy(Object.assign(new Error("silence"), { code: "ETIMEDOUT" })));
      call.on("error", (error) => reject(connectionFailure(error, title, address.hostname)));
    });
  });
}

let trusted: string[] | undefined;

/** Who is trusted: those Node ships, and those this system has, which a company may have added to; older runtimes know the first only. */
function authorities(): string[] | undefined {
  if (typeof tls.getCACertificates !== "function") return undefined;
  trusted ??= [...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")])];
  return trusted;
}

/** What a failed connection means for a person; most pass, a wrong certificate or a refusal does not. */
export function connectionFailure(error: unknown, title: string, host: string): unknown {
  if (error instanceof UserError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ABORT_ERR" || (error instanceof Error && error.name === "AbortError")) return new UserError("STOPPED", "Stopped.");
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) {
    return new UserError(
      "DOWNLOAD_FAILED",
      `The connection to ${host} is not secure (${code}), so ${title} was not downloaded.`,
      "A proxy may stand between: ask who runs your network, or choose another hub in the settings.",
    );
  }
  const reason = connectionReasons[code] ?? `the connection failed (${code || describeError(error).message})`;
  return new PassingFailure(
    new UserError(
      "DOWNLOAD_FAILED",
      `The download of ${title} stopped because ${reason}.`,
      "It goes on from there when you start it again.",
    ),
  );
}

const connectionReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: "the hub's name could not be found; this machine may be offline",
  EAI_AGAIN: "the hub's name could not be found; this machine may be offline",
  ENETUNREACH: "the network cannot be reached",
  EHOSTUNREACH: "the hub cannot be reached",
  ECONNREFUSED: "the hub does not answer",
  ECONNRESET: "the connection was lost",
  EPIPE: "the connection was lost",
  ETIMEDOUT: "nothing came any more",
};

/** Where a redirect leads; refused when it leads to an unsafe address, or from elsewhere into this machine. */
export function redirected(from: URL, location: string | undefined, title: string): URL {
  const to = location && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (!to) throw failed(`The hub sent the download of ${title} on without saying where.`);
  if (!isSafeAddress(to) || (isLoopback(to.hostname) && !isLoopback(from.hostname))) {
    throw failed(`The hub sent the download of ${title} on to ${to.protocol}//${to.hostname}, which is not a safe address.`);
  }
  return to;
}

function accepted(
  response: IncomingMessage,
  options: OpenOptions,
  stated: { sha256?: string; size?: number; version?: string },
): OpenedFile {
  const { title, offset } = options;
  const { headers, statusCode = 0 } = response;
  const version = stated.version ?? text(headers.etag);
  if (statusCode === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "");
    if (!range || Number(range[1]) !== offset) throw failed(`The hub sent another part of ${title} than was asked for.`);
    return { body: response, offset, size: stated.size ?? count(range[2]), sha256: stated.sha256, version };
  }
  if (statusCode === 200) {
    if (/^text\/html|^application\/xhtml/i.test(headers["content-type"] ?? "")) {
      throw failed(
        `A web page came in place of ${title}.`,
        "A sign-in page or a proxy may stand between: open the hub in a browser, or choose another one in the settings.",
      );
    }
    if (headers["content-encoding"] && headers["content-encoding"] !== "identity") {
      throw failed(`The hub sent ${title} packed, although it was asked not to.`);
    }
    return { body: response, offset: 0, size: stated.size ?? count(headers["content-length"]), sha256: stated.sha256, version };
  }
  throw statusFailure(statusCode, headers, title);
}

function statusFailure(status: number, headers: http.IncomingHttpHeaders, title: string): Error {
  if (status === 401 || status === 403) {
    return failed(
      `The hub does not give ${title} without a sign-in.`,
      "Get the file in a browser, where its terms can be accepted, and choose it here as a GGUF file.",
    );
  }
  if (status === 404 || status === 410) {
    return failed(`The hub does not have ${title}.`, "Check the hub's address in the settings, or choose another model.");
  }
  if (status === 429) {
    const wait = count(headers["retry-after"]);
    return new PassingFailure(failed(`The hub asks to wait before ${title} is downloaded.`, "Try again in some minutes."), wait);
  }
  if (status >= 500) {
    return new PassingFailure(failed(`The hub has trouble of its own (${status}), so ${title} was not downloaded.`, "Try again later."));
  }
  return failed(`The hub answered ${status} in place of ${title}.`);
}

function failed(message: string, hint = "Try again, or choose another hub in the settings."): UserError {
  return new UserError("DOWNLOAD_FAILED", message, hint);
}

function circle(title: string): UserError {
  return failed(`The hub sends the download of ${title} round in a circle.`);
}

/** Large files are kept under their SHA-256, and the hub says it in this header; other etags are no hashes. */
function statedHash(headers: http.IncomingHttpHeaders): string | undefined {
  return /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(text(headers["x-linked-etag"]) ?? "")?.[1];
}

function text(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}

function count(header: string | readonly string[] | undefined): number | undefined {
  const value = text(header);
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
