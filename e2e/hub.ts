import { createReadStream, statSync } from "node:fs";
import http, { type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A hub on this machine that serves the small real model as the public hub does. */
export interface ModelHub {
  readonly url: string;
  /** The ranges that were asked for; undefined is the whole file. */
  readonly ranges: readonly (string | undefined)[];
  /** Lets everything through from now on; before that, a download stands still after the first part of the file. */
  open(): void;
  close(): Promise<void>;
}

/** Opens a hub with one file. Of the file it gives only the first `held` bytes until it is opened. */
export async function openModelHub(file: string, held = Number.POSITIVE_INFINITY): Promise<ModelHub> {
  const bytes = statSync(file).size;
  const ranges: (string | undefined)[] = [];
  let most = held;
  const server = http.createServer((request, response) => {
    const { range } = request.headers;
    ranges.push(range);
    const [, from = 0, to = bytes - 1] = (/^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? []).map(Number);
    const last = Math.min(to, bytes - 1);
    response.writeHead(range ? 206 : 200, {
      "content-type": "application/octet-stream",
      "content-length": last + 1 - from,
      etag: '"1"',
      ...(range && { "content-range": `bytes ${from}-${last}/${bytes}` }),
    });
    send(response, from, last);
  });
  function send(response: ServerResponse, start: number, last: number): void {
    const end = Math.min(last, most - 1);
    if (start > end) response.flushHeaders();
    else createReadStream(file, { start, end }).pipe(response, { end: end === last });
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ranges,
    open() {
      most = Number.POSITIVE_INFINITY;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
