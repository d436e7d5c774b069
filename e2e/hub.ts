import { createReadStream, statSync } from "node:fs";
import http, { type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A hub on this machine that serves the small real model as the public hub does. */
export interface ModelHub {
  readonly url: string;
  /** The ranges that were asked for; undefined is the whole file. */
  readonly ranges: readonly (string | undefined)[];
  /** Lets everything through from now on; before that, a download stands still after its first part. */
  open(): void;
  close(): Promise<void>;
}

/** Opens a hub with one file. Of the file it gives `held` bytes to each request until it is opened. */
export async function openModelHub(file: string, held = Number.POSITIVE_INFINITY): Promise<ModelHub> {
  const bytes = statSync(file).size;
  const ranges: (string | undefined)[] = [];
  let most = held;
  const server = http.createServer((request, response) => {
    const { range } = request.headers;
    ranges.push(range);
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, {
      "content-type": "application/octet-stream",
      "content-length": bytes - start,
      etag: '"1"',
      ...(start > 0 && { "content-range": `bytes ${start}-${bytes - 1}/${bytes}` }),
    });
    send(response, start);
  });
  function send(response: ServerResponse, start: number): void {
    const end = Math.min(bytes, start + most) - 1;
    createReadStream(file, { start, end }).pipe(response, { end: end === bytes - 1 });
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
