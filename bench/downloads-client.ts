// The client of bench/downloads.ts: one download as the engine makes it, in a process that may be killed.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Downloadable } from "../src-core/contracts/models.ts";
import { defaultSettings } from "../src-core/settings/schema.ts";
import { createDownloadQueue } from "../src-engine/models/download-queue.ts";
import { createDownloads } from "../src-engine/models/downloads.ts";
import { fileAddress } from "../src-engine/models/hub.ts";
import { createConnections } from "../src-engine/network/connections.ts";
import { createNetwork } from "../src-engine/network/network.ts";

/** What to download, and where to. */
export interface ClientOrder {
  readonly folder: string;
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

const { folder, url, bytes, sha256 } = JSON.parse(process.argv[2] ?? "{}") as ClientOrder;
mkdirSync(folder, { recursive: true });
const entry: Downloadable = {
  id: "source",
  name: "Source",
  bytes,
  bytesEstimated: false,
  sha256,
  repository: "a/b",
  revision: "main",
  file: "source.gguf",
  roles: ["completion"],
};
const settings = { current: () => defaultSettings };
const network = createNetwork({ processName: "bench", settings });
const connections = createConnections({ purpose: "model-download", network, settings, env: {} });
const downloads = createDownloads({
  catalogue: [],
  network,
  connections,
  queue: createDownloadQueue(join(folder, "downloads.json")),
  limits: () => ({ atOnce: 1, connections: 4, bytesPerSecond: 0 }),
  token: async () => undefined,
  folder: () => folder,
  address: (each) => fileAddress(new URL(`${url}/`), each),
  inspect: async () => {},
  test: async () => {},
});
await downloads.recover();
globalThis.gc?.();
const before = process.memoryUsage().rss;
let most = before;
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage().rss);
}, 50);
const from = performance.now();
const changes = downloads.changes.stream();
downloads.start(entry);
for await (const { state, error } of changes) {
  if (state === "failed") throw new Error(error?.message);
  if (state === "done") break;
}
const seconds = (performance.now() - from) / 1000;
clearInterval(watch);
process.send?.({ seconds, megabytes: (most - before) / 1e6 });
await downloads.dispose();
connections.close();
network.dispose();
process.disconnect();
