import type { IncomingMessage } from "node:http";
import { UserError } from "#core/base/errors";
import { formatBytes } from "#core/models/format";
import type { Connections } from "../network/connections.ts";
import type { Network } from "../network/network.ts";
import { isHere } from "./address.ts";

/** Questions to one server, with bounds on whatever comes back. */
export interface Exchange {
  readonly address: URL;
  /** A whole answer. Throws {@link UserError}s only. */
  json(path: string, body: unknown, options: AskOptions): Promise<unknown>;
  /** An answer line by line, as it comes; leaving the loop ends the connection, and with it the server's work. */
  lines(path: string, body: unknown, options: AskOptions): AsyncGenerator<string, void, void>;
}

/** How long a question may take. */
export interface AskOptions {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds without a byte. */
  readonly silence: number;
}

/** What {@link createExchange} needs. */
export interface ExchangeOptions {
  readonly address: URL;
  /** What messages call the server. */
  readonly title: string;
  readonly network: Pick<Network, "check">;
  /** By where the server is: this machine, or beyond. */
  readonly connections: { readonly here: Connections; readonly beyond: Connections };
  /** The key for this server alone. */
  key(): Promise<string | undefined>;
}

/** No list of models and no answer is larger; bytes. */
const mostBytes = 32_000_000;
const mostLine = 2 ** 20;
const mostError = 64 * 2 ** 10;

/** Creates the {@link Exchange} with a server. */
export function createExchange({ address, title, network, connections, key }: ExchangeOptions): Exchange {
  const failed = (what: string, hint = "Try again, or choose another model.") => new UserError("SERVER_FAILED", `${title} ${what}`, hint);

  async function open(path: string, body: unknown, { signal, silence }: AskOptions): Promise<IncomingMessage> {
    const port = Number(address.port) || (address.protocol === "https:" ? 443 : 80);
    const here = isHere(address);
    const verdict = network.check({ host: address.hostname, port, purpose: here ? "loopback" : "model-server" });
    if (!verdict.allowed) {
      throw new UserError(
        "NETWORK_REFUSED",
        `${title} cannot be asked. ${verdict.reason}`,
        "Add the server again, which permits it, or switch offline off in the settings.",
      );
    }
    const text = body === undefined ? undefined : JSON.stringify(body);
    const secret = await key();
    const headers = {
      accept: "application/json, text/event-stream, application/x-ndjson",
      "accept-encoding": "identity",
      "user-agent": "LocalCoder",
      ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
      ...(text !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
    };
    const target = new URL(path, address);
    const response = await (here ? connections.here : connections.beyond)
      .request(target, { method: text === undefined ? "GET" : "POST", headers, body: text, signal, silence })
      .catch((error: unknown) => {
        throw lost(error, signal, silence);
      });
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    throw refused(statusCode, await beginningOf(response), secret);
  }

  /** The first bytes of an answer that says why there is none. */
  async function beginningOf(response: IncomingMessage): Promise<string> {
    let text = "";
    try {
      for await (const piece of response as AsyncIterable<Buffer>) {
        text += piece.toString("utf8");
        if (text.length > mostError) break;
      }
    } catch {
      // What came so far may say enough.
    }
    response.destroy();
    return text.slice(0, mostError);
  }

  function refused(status: number, text: string, secret: string | undefined): UserError {
    // Some say the key that they do not take, and what is said is kept in the history.
    const said = messageIn(secret === undefined ? text : text.replaceAll(secret, "…"));
    if (status === 401 || status === 403) {
      const what = secret === undefined ? "wants a key." : "does not take the key it was given.";
      return new UserError("KEY_WANTED", `${title} ${what}`, "Give LocalCoder the key of this server, or choose another model.");
    }
    if (status === 404 && said === undefined) return failed("does not know what it was asked.", "Is that the address of a model server?");
    if (status === 501) return new UserError("UNSUPPORTED", `${title} cannot do what it was asked.`, "Choose another model.");
    if (status === 503 || status === 429) return failed(`is busy${said === undefined ? "." : `: ${said}`}`, "Try again in a moment.");
    return failed(said === undefined ? `answered with an error (${status}).` : `answered: ${said}`);
  }

  function lost(error: unknown, signal: AbortSignal | undefined, silence: number): UserError {
    if (error instanceof UserError) return error;
    if (signal?.aborted) return new UserError("STOPPED", "Stopped.");
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EHOSTUNREACH" || code === "ENETUNREACH") {
      return new UserError("SERVER_UNREACHABLE", `${title} does not answer.`, "Start it, or choose another model.");
    }
    if (code === "ETIMEDOUT") {
      const seconds = error instanceof Error && "seconds" in error ? Number(error.seconds) : silence / 1000;
      return failed(`sent nothing for ${Math.round(seconds)} seconds.`, "It may still be loading the model: try again.");
    }
    if (/^HPE_|^ERR_HTTP|^ERR_INVALID/.test(code)) return failed("does not speak HTTP.", "Is that the address of a model server?");
    if (/CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO_VERIFY/.test(code))
      return failed(`has no certificate that can be trusted (${code}).`, "Ask who runs it.");
    return failed("ended the connection before its answer was complete.");
  }

  async function* pieces(response: IncomingMessage, signal: AbortSignal | undefined, silence: number): AsyncGenerator<Buffer, void, void> {
    let bytes = 0;
    try {
      for await (const piece of response as AsyncIterable<Buffer>) {
        bytes += piece.length;
        if (bytes > mostBytes) throw failed(`sent more than ${formatBytes(mostBytes)}, which no answer has.`);
        yield piece;
      }
      if (!response.complete) throw failed("ended the connection before its answer was complete.");
    } catch (error) {
      throw lost(error, signal, silence);
    } finally {
      // Also when nobody reads on: the server stops its work when nobody listens.
      if (!response.complete) response.destroy();
    }
  }

  return {
    address,
    async json(path, body, options) {
      const response = await open(path, body, options);
      const parts: Buffer[] = [];
      for await (const piece of pieces(response, options.signal, options.silence)) parts.push(piece);
      return parse(Buffer.concat(parts).toString("utf8"));
    },
    async *lines(path, body, options) {
      const response = await open(path, body, options);
      const decoder = new TextDecoder();
      let rest = "";
      for await (const piece of pieces(response, options.signal, options.silence)) {
        const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        if (rest.length > mostLine) throw failed("sent a line without an end.");
        for (const line of lines) if (line.trim() !== "") yield line.trim();
      }
      if (rest.trim() !== "") yield rest.trim();
    },
  };

  function parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw failed("sent something that is no answer.", "Is that the address of a model server?");
    }
  }
}

/** Undefined for a server that answered something else, or wants a key for that; what keeps it from answering at all is thrown. */
export async function ifUnderstood<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof UserError && (error.code === "SERVER_FAILED" || error.code === "KEY_WANTED")) return undefined;
    throw error;
  }
}

/** The data of server-sent events; undefined stands for a line that is none. */
export async function* eventsOf(lines: AsyncIterable<string>): AsyncGenerator<string | undefined, void, void> {
  for await (const line of lines) {
    const data = /^data:\s*(.*)$/.exec(line)?.[1];
    if (data === "[DONE]") return;
    // Comments and names of events keep a connection alive.
    if (data !== undefined) yield data;
    else if (!/^(?::|event:|id:|retry:)/.test(line)) yield undefined;
  }
}

/** What a server says of its failure: a text, or an object with a message; one line of it. */
export function messageIn(text: string): string | undefined {
  try {
    const { error, message } = JSON.parse(text) as { error?: unknown; message?: unknown };
    const said = typeof error === "string" ? error : ((error as { message?: unknown } | undefined)?.message ?? message);
    return typeof said === "string" && said.trim() !== ""
      ? said
          .replace(/[\p{Cc}\p{Cf}]+/gu, " ")
          .trim()
          .slice(0, 300)
      : undefined;
  } catch {
    return undefined;
  }
}
