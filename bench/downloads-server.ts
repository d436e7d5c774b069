// The server of bench/downloads.ts: gives one file in ranges, at a limit that all connections share, and counts what left it.

import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

const [file = ""] = process.argv.slice(2);
const { size } = statSync(file);
let limit = 0;
let due = 0;
let finished = 0;
const open = new Set<() => number>();

const server = http.createServer(async (request, response) => {
  const [, from = 0, to = size - 1] = (/^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? []).map(Number);
  const last = Math.min(to, size - 1);
  const range = request.headers.range ? { "content-range": `bytes ${from}-${last}/${size}` } : {};
  response.writeHead(request.headers.range ? 206 : 200, { "content-length": last + 1 - from, etag: '"1"', ...range });
  let written = 0;
  // What lies in the memory of this process has not left it.
  const left = () => Math.max(0, written - response.writableLength);
  open.add(left);
  const { socket } = response;
  const gone = new AbortController();
  const closed = once(response, "close");
  response.on("close", () => {
    gone.abort();
    open.delete(left);
    finished += Math.max(0, left() - (socket?.writableLength ?? 0));
  });
  for await (const piece of createReadStream(file, { start: from, end: last, highWaterMark: 65_536 }) as AsyncIterable<Buffer>) {
    if (response.destroyed) return;
    if (limit > 0) {
      due = Math.max(due, performance.now() - 20) + (piece.length / limit) * 1000;
      const wait = due - performance.now();
      if (wait > 2) await delay(wait);
    }
    written += piece.length;
    if (!response.write(piece)) await Promise.race([once(response, "drain", { signal: gone.signal }), closed]).catch(() => {});
  }
  response.end();
});

process.on("message", (message: "sent" | { limit: number }) => {
  if (message === "sent") process.send?.(finished + [...open].reduce((sum, left) => sum + left(), 0));
  else limit = message.limit;
});
server.listen(0, "127.0.0.1", () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
