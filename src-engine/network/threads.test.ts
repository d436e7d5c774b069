import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import type { NetworkAttempt } from "#core/contracts/network";
import { watchThreads } from "./threads.ts";

test("what a thread may not reach is refused, and its process hears of it", async () => {
  const heard: NetworkAttempt[] = [];
  const watch = watchThreads((attempt) => heard.push(attempt));
  const worker = new Worker(new URL("./threads.child.ts", import.meta.url), { execArgv: [], env: {} });
  const [outcomes] = await once(worker, "message");
  expect(outcomes).toEqual(["rejected", "rejected"]);
  await expect
    .poll(() => heard.map(({ process, host, allowed }) => [process, host, allowed]).sort())
    .toEqual([
      ["a thread", "192.0.2.1", false],
      ["a thread", "name.example", false],
    ]);
  watch.dispose();
  await worker.terminate();
});

/** What has no gate of its own, and why. */
const withoutGate: Readonly<Record<string, string>> = {
  "compare.process.ts": "what it runs sees nothing of Node, and the process has no network where the system lets us take it away",
  "packet.process.ts": "sends the one packet by which an audit shows that packets are counted",
  "run-tests.process.ts": "runs tests of the project, and has no network where the system lets us take it away",
  "scripted.process.ts": "stands in for a model in tests",
};

test("every process and every thread of ours closes its network", () => {
  const folder = join(import.meta.dirname, "..");
  const entries = (readdirSync(folder, { recursive: true }) as string[]).filter((path) => /\.(process|worker)\.ts$/.test(path));
  expect(entries.length).toBeGreaterThan(5);
  const gate = /\b(installNetworkGate|gateThread|openEngine)\(/;
  const open = entries.filter((path) => !gate.test(readFileSync(join(folder, path), "utf8")));
  expect(open.map((path) => basename(path)).sort()).toEqual(Object.keys(withoutGate));
});
