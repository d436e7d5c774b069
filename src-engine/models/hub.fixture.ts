import { createHash } from "node:crypto";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CatalogueEntry } from "#core/contracts/models";

/** One way to answer; the last one of a list answers all further requests. */
export type Answer = (request: IncomingMessage, response: ServerResponse, hub: LocalHub) => void;

/** A hub on this machine that serves one file, well or badly. */
export interface LocalHub {
  readonly url: string;
  readonly bytes: Buffer;
  readonly sha256: string;
  /** Paths and ranges as they were asked for. */
  readonly requests: readonly { readonly path: string; readonly range: string | undefined }[];
  /** Bytes of the file that left the hub. */
  sent(): number;
  close(): Promise<void>;
}

/** Serves the file as the public hub does: hash and size in headers, ranges, an etag. */
export const serve: Answer = (request, response, hub) => answer(request, response, hub, {});

/** Serves the file in changed form: other headers, another etag, or only so many bytes before the connection drops. */
export function serveWith(change: {
  readonly headers?: Record<string, string>;
  readonly bytes?: Buffer;
  readonly dropAfter?: number;
  readonly ignoreRange?: boolean;
}): Answer {
  return (request, response, hub) => answer(request, response, hub, change);
}

/** Answers with a status and perhaps a body. */
export function status(code: number, headers: Record<string, string> = {}, body = ""): Answer {
  return (_request, response) => response.writeHead(code, headers).end(body);
}

/** Serves ranges, but never more at once than so many bytes. */
export function serveAtMost(most: number): Answer {
  return (request, response, hub) => {
    const [, from = 0, to = 0] = (/^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? []).map(Number);
    request.headers.range = `bytes=${from}-${Math.min(to, from + most - 1)}`;
    serve(request, response, hub);
  };
}

/** Serves piece after piece, as a line does that is slower than the disk. */
export const serveSlowly: Answer = (request, response, hub) => {
  const [, from = 0, to = 0] = (/^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? []).map(Number);
  const end = Math.min(hub.bytes.length, to + 1);
  response.writeHead(206, { "content-length": end - from, etag: '"1"', "content-range": `bytes ${from}-${end - 1}/${hub.bytes.length}` });
  const step = (at: number): void => {
    if (at >= end) response.end();
    else if (!response.destroyed)
      response.write(hub.bytes.subarray(at, Math.min(end, at + 262_144)), () => setImmediate(step, at + 262_144));
  };
  step(from);
};

/** Serves the beginning and then nothing more, until the connection is closed. */
export function stall(after: number): Answer {
  return (_request, response, hub) => {
    response.writeHead(200, { "content-length": hub.bytes.length, etag: '"1"' });
    response.write(hub.bytes.subarray(0, after));
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  hub: LocalHub,
  { headers = {}, bytes = hub.bytes, dropAfter, ignoreRange }: Parameters<typeof serveWith>[0],
): void {
  const range = ignoreRange ? undefined : /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  const start = range ? Number(range[1]) : 0;
  const end = Math.min(bytes.length, range ? Number(range[2]) + 1 : bytes.length);
  if (start >= bytes.length) {
    response.writeHead(416).end();
    return;
  }
  response.writeHead(range ? 206 : 200, {
    "content-type": "application/octet-stream",
    "content-length": end - start,
    etag: '"1"',
    ...(range ? { "content-range": `bytes ${start}-${end - 1}/${bytes.length}` } : {}),
    ...headers,
  });
  if (dropAfter === undefined) response.end(bytes.subarray(start, end));
  else response.write(bytes.subarray(start, Math.min(end, start + dropAfter)), () => response.socket?.end());
}

/** Opens a hub that gives the answers in their order, whatever is asked for. */
export async function openHub(bytes: Buffer, answers: readonly Answer[] = [serve]): Promise<LocalHub> {
  const requests: { path: string; range: string | undefined }[] = [];
  let sent = 0;
  const server = http.createServer((request, response) => {
    const write = response.write.bind(response) as (...parameters: unknown[]) => boolean;
    response.write = ((piece: Buffer, ...more: unknown[]) => {
      sent += piece.length;
      return write(piece, ...more);
    }) as typeof response.write;
    const next = answers[Math.min(requests.length, answers.length - 1)] ?? serve;
    requests.push({ path: request.url ?? "", range: request.headers.range });
    next(request, response, hub);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hub: LocalHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    requests,
    sent: () => sent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return hub;
}

/** A catalogue entry for a file of the hub. */
export function catalogueEntry(hub: LocalHub, change: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return {
    id: "tiny",
    name: "Tiny",
    family: "Tiny",
    parameters: 0.001,
    quantisation: "F32",
    bytes: hub.bytes.length,
    bytesEstimated: false,
    sha256: hub.sha256,
    licence: { name: "Test", url: "https://example.com/licence", commercial: true },
    repository: "someone/tiny-GGUF",
    revision: "main",
    file: "tiny.gguf",
    roles: ["completion"],
    kind: "base",
    contextLength: 2048,
    keyValueBytesPerToken: 512,
    architecture: "llama",
    dimensions: { embedding: 64, feedForward: 128, vocabulary: 288, merges: 0 },
    chatTemplate: "none",
    listedOnly: false,
    ...change,
  };
}
