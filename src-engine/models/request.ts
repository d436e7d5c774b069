import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { describeError, UserError } from "#core/base/errors";
import type { ByteRange } from "#core/models/ranges";
import type { NetworkRequest, NetworkVerdict } from "#core/network/decide";
import { isLoopback } from "#core/network/hosts";
import type { Connections } from "../network/connections.ts";
import { isSafeAddress } from "./hub.ts";

/** What a download needs of the network service. */
export interface DownloadNetwork {
  /** Decides; where nobody decided about the host yet, the user is asked. */
  ask(request: NetworkRequest, signal?: AbortSignal): Promise<NetworkVerdict>;
  /** Runs something that a host may be permitted for once. */
  occasion<T>(run: () => T): T;
}

/** A failure after which the same request may succeed, and when it is worth another try at the earliest. */
export class PassingFailure extends Error {
  readonly error: UserError;
  /** What failed: a connection comes back with the network, however long that takes; a hub's own trouble may not. */
  readonly origin: "connection" | "hub";
  readonly afterSeconds: number | undefined;

  constructor(error: UserError, origin: "connection" | "hub", afterSeconds?: number) {
    super(error.message);
    this.error = error;
    this.origin = origin;
    this.afterSeconds = afterSeconds;
  }
}

/** What the hub answered: the bytes of a range, and what it says of the whole file. */
export interface OpenedFile {
  readonly body: IncomingMessage;
  /** What the body has; from 0 to the end where the server gives whole files only. The end is open where nobody says it. */
  readonly range: readonly [from: number, end: number | undefined];
  readonly size: number | undefined;
  /** SHA-256 as the hub states it for the file. */
  readonly sha256: string | undefined;
  /** Changes when the file at the hub does. */
  readonly version: string | undefined;
  /** Changes when what lies at `address` does. */
  readonly etag: string | undefined;
  /** Where the file was found in the end. */
  readonly address: URL;
}

/** What {@link openFile} needs. */
export interface OpenOptions {
  readonly address: URL;
  /** What messages call the file. */
  readonly title: string;
  readonly range: ByteRange;
  readonly network: DownloadNetwork;
  readonly connections: Connections;
  /** Sent to the host of the address, and to none that it leads to. */
  readonly token: string | undefined;
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
    if (statusCode === 416 && options.range[0] > 0) {
      // The file at the hub is not the one that was begun; it is taken from its start.
      response.destroy();
      return openFile({ ...options, range: [0, options.range[1] - options.range[0]] });
    }
    try {
      return accepted(response, address, options, stated);
    } catch (error) {
      response.destroy();
      throw error;
    }
  }
  throw circle(options.title);
}

async function request(address: URL, options: OpenOptions): Promise<IncomingMessage> {
  const { range, network, connections, signal, title, silence, token } = options;
  const port = Number(address.port) || (address.protocol === "https:" ? 443 : 80);
  const verdict = await network.ask({ host: address.hostname, port, purpose: "model-download" }, signal);
  signal.throwIfAborted();
  if (!verdict.allowed) {
    throw new UserError(
      "NETWORK_REFUSED",
      `${title} cannot be downloaded from ${address.hostname}. ${verdict.reason}`,
      "Permit the host on the network page, or switch offline off in the settings, and try again.",
    );
  }
  const headers: OutgoingHttpHeaders = { "user-agent": "LocalCoder", "accept-encoding": "identity", accept: "*/*" };
  headers.range = `bytes=${range[0]}-${range[1] - 1}`;
  if (token !== undefined && address.origin === options.address.origin) headers.authorization = `Bearer ${token}`;
  try {
    return await connections.request(address, { headers, signal, silence });
  } catch (error) {
    throw connectionFailure(error, title, address.hostname);
  }
}

/** What a failed connection means for a person; most pass, a wrong certificate or a refusal does not. */
export function connectionFailure(error: unknown, title: string, host: string): unknown {
  if (error instanceof UserError) return error;
  const code = codeOf(error);
  if (code === "ABORT_ERR" || (error instanceof Error && error.name === "AbortError")) return new UserError("STOPPED", "Stopped.");
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) {
    return new UserError(
      "DOWNLOAD_FAILED",
      `The connection to ${host} is not secure (${code}), so ${title} was not downloaded.`,
      "A proxy may stand between: ask who runs your network, or choose another hub in the settings.",
    );
  }
  if (code === "PROXY_SIGN_IN" || code === "PROXY_REFUSED") {
    return new UserError(
      "DOWNLOAD_FAILED",
      `${error instanceof Error ? error.message : ""} So ${title} was not downloaded.`,
      code === "PROXY_SIGN_IN"
        ? "It wants a name and a password: put them into HTTPS_PROXY, as in http://name:password@proxy.example.com:3128."
        : "Ask who runs the proxy, or name hosts that need none in NO_PROXY.",
    );
  }
  return new PassingFailure(
    new UserError(
      "DOWNLOAD_FAILED",
      `The download of ${title} stopped because ${connectionReason(error)}.`,
      "It goes on from there when you start it again.",
    ),
    "connection",
  );
}

/** Why a connection failed, as the end of a sentence. */
export function connectionReason(error: unknown): string {
  const code = codeOf(error);
  return connectionReasons[code] ?? `the connection failed (${code || describeError(error).message})`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

const connectionReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: "the hub's name could not be found; this machine may be offline",
  EAI_AGAIN: "the hub's name could not be found; this machine may be offline",
  ENETUNREACH: "the network cannot be reached",
  EHOSTUNREACH: "the hub cannot be reached",
  ECONNREFUSED: "the hub does not answer",
  ECONNRESET: "the connection was lost",
  ECONNABORTED: "the connection was lost",
  ENETDOWN: "the network is down",
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
  body: IncomingMessage,
  address: URL,
  { title, range: [from, end], token }: OpenOptions,
  stated: { sha256?: string; size?: number; version?: string },
): OpenedFile {
  const { headers, statusCode = 0 } = body;
  const etag = text(headers.etag);
  const common = { body, address, etag, sha256: stated.sha256, version: stated.version ?? etag };
  if (statusCode === 200 || statusCode === 206) refusePage(headers, title);
  if (statusCode === 206) {
    const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers["content-range"] ?? "");
    if (!range || Number(range[1]) !== from || Number(range[2]) >= end)
      throw failed(`The hub sent another part of ${title} than was asked for.`);
    return { ...common, range: [from, Number(range[2]) + 1], size: stated.size ?? count(range[3]) };
  }
  if (statusCode === 200) {
    const size = stated.size ?? count(headers["content-length"]);
    return { ...common, range: [0, size], size };
  }
  throw statusFailure(statusCode, headers, title, token !== undefined);
}

/** Refuses what cannot be the file, whatever the status says. */
function refusePage(headers: IncomingHttpHeaders, title: string): void {
  if (/^text\/html|^application\/xhtml/i.test(headers["content-type"] ?? "")) {
    throw failed(
      `A web page came in place of ${title}.`,
      "A sign-in page or a proxy may stand between: open the hub in a browser, or choose another one in the settings.",
    );
  }
  if (headers["content-encoding"] && headers["content-encoding"] !== "identity") {
    throw failed(`The hub sent ${title} packed, although it was asked not to.`);
  }
}

/** What an answer without the file means for a person; some of them pass. */
export function statusFailure(status: number, headers: IncomingHttpHeaders, title: string, signedIn: boolean): Error {
  if (status === 401 || status === 403) return signInFailure(status, title, signedIn);
  if (status === 404 || status === 410) {
    return failed(`The hub does not have ${title}.`, "Check the hub's address in the settings, or choose another model.");
  }
  if (status === 429) {
    const wait = count(headers["retry-after"]);
    return new PassingFailure(failed(`The hub asks to wait before ${title} is downloaded.`, "Try again in some minutes."), "hub", wait);
  }
  if (status >= 500) {
    return new PassingFailure(
      failed(`The hub has trouble of its own (${status}), so ${title} was not downloaded.`, "Try again later."),
      "hub",
    );
  }
  return failed(`The hub answered ${status} in place of ${title}.`);
}

/** A hub says 401 to a stranger and 403 to somebody it knows who has not accepted the terms of the model. */
function signInFailure(status: number, title: string, signedIn: boolean): UserError {
  if (!signedIn) {
    return new UserError(
      "UNAUTHORIZED",
      `The hub does not give ${title} without a sign-in.`,
      "Accept its terms at the hub, make a token for reading there and give it to LocalCoder; or get the file in a browser and choose it here.",
    );
  }
  if (status === 401) {
    return new UserError(
      "UNAUTHORIZED",
      `The hub does not take your token for ${title}.`,
      "Make a new token for reading at the hub and give it to LocalCoder.",
    );
  }
  return new UserError(
    "UNAUTHORIZED",
    `The hub does not give ${title} to the account of your token.`,
    "Open the model's page at the hub with that account, accept its terms, and try again.",
  );
}

function failed(message: string, hint = "Try again, or choose another hub in the settings."): UserError {
  return new UserError("DOWNLOAD_FAILED", message, hint);
}

function circle(title: string): UserError {
  return failed(`The hub sends the download of ${title} round in a circle.`);
}

/** Large files are kept under their SHA-256, and the hub says it in this header; other etags are no hashes. */
function statedHash(headers: IncomingHttpHeaders): string | undefined {
  return /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(text(headers["x-linked-etag"]) ?? "")?.[1];
}

function text(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}

function count(header: string | readonly string[] | undefined): number | undefined {
  const value = text(header);
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
