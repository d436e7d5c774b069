// Downloads against curl from the same server on this machine, and interruptions: node bench/downloads.ts [megabytes]
import { type ChildProcess, fork, spawn } from "node:child_process";
import { createHash, randomInt } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ClientOrder } from "./downloads-client.ts";
import { type Figure, median, printFigures } from "./figures.ts";

const megabytes = Number(process.argv[2] ?? 512);
const rounds = 3;
const interruptions = 20;

const folder = mkdtempSync(join(tmpdir(), "localcoder-downloads-"));
const source = join(folder, "source.gguf");
const sha256 = makeSource();
const server = await startServer();
try {
  const limited = await compare(100e6);
  const unlimited = await compare(0);
  const cut = await interrupted();
  printFigures(`Downloads of ${megabytes} MB, with hashing, four connections`, [
    figure("limited to 100 MB/s by the server", limited, "0.95 x"),
    figure("unlimited", unlimited, "stated"),
    { what: "memory beyond that before, most", unit: "MB", ours: Math.max(limited.memory, unlimited.memory), aim: "flat" },
    {
      what: `${interruptions} interruptions by SIGKILL: fetched twice`,
      unit: "MB",
      ours: cut.twice / 1e6,
      aim: `at most ${interruptions} x 16 MiB`,
    },
    { what: "the most that one interruption cost", unit: "MB", ours: cut.worst / 1e6, aim: "at most 16 MiB" },
    { what: "the same SHA-256 afterwards", unit: "", ours: cut.same ? 1 : 0, aim: "1" },
  ]);
} finally {
  server.child.kill();
  rmSync(folder, { recursive: true });
}

/** A file that begins as models do and cannot be packed. */
function makeSource(): string {
  const hash = createHash("sha256");
  const file = openSync(source, "w");
  let block = Buffer.concat([Buffer.from("GGUF"), createHash("sha512").update("begin").digest()]);
  for (let left = megabytes * 1e6; left > 0; ) {
    const large = Buffer.concat(Array.from({ length: 1 + Math.ceil(1e6 / block.length) }, () => block)).subarray(0, Math.min(1e6, left));
    writeSync(file, large);
    hash.update(large);
    left -= large.length;
    block = createHash("sha512").update(large.subarray(-64)).digest();
  }
  closeSync(file);
  return hash.digest("hex");
}

async function startServer(): Promise<{
  child: ChildProcess;
  url: string;
  ask(message: "sent"): Promise<number>;
  limit(bytes: number): void;
}> {
  const child = fork(join(import.meta.dirname, "downloads-server.ts"), [source], { execArgv: ["--disable-warning=ExperimentalWarning"] });
  const next = () => new Promise<unknown>((resolve) => child.once("message", resolve));
  const url = String(await next());
  return {
    child,
    url,
    async ask(message) {
      const answer = next();
      child.send(message);
      return Number(await answer);
    },
    limit: (bytes) => void child.send({ limit: bytes }),
  };
}

interface Compared {
  readonly ours: number;
  readonly curl: number;
  readonly memory: number;
}

function figure(what: string, { ours, curl }: Compared, aim: string): Figure {
  return { what, unit: "MB/s", ours, peer: curl, peerName: "curl", aim };
}

async function compare(limit: number): Promise<Compared> {
  server.limit(limit);
  const ours: number[] = [];
  const curl: number[] = [];
  let memory = 0;
  // In turns, so that whatever else the machine does meets both alike.
  for (let round = 0; round < rounds; round++) {
    curl.push(await withCurl());
    const client = startClient({ folder: join(folder, `ours-${round}`), url: server.url, bytes: megabytes * 1e6, sha256 });
    const { seconds, megabytes: more } = await client.result;
    ours.push(megabytes / seconds);
    memory = Math.max(memory, more);
    rmSync(join(folder, `ours-${round}`), { recursive: true });
  }
  return { ours: median(ours), curl: median(curl), memory };
}

async function withCurl(): Promise<number> {
  const target = join(folder, "curl.gguf");
  const from = performance.now();
  await new Promise<void>((resolve, reject) => {
    const child = spawn("curl", [
      "--silent",
      "--show-error",
      "--location",
      "--output",
      target,
      `${server.url}/a/b/resolve/main/source.gguf`,
    ]);
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`curl ended with ${code}`))));
  });
  const seconds = (performance.now() - from) / 1000;
  rmSync(target);
  return megabytes / seconds;
}

interface ClientResult {
  readonly seconds: number;
  readonly megabytes: number;
}

function startClient(order: ClientOrder): { child: ChildProcess; result: Promise<ClientResult> } {
  const child = fork(join(import.meta.dirname, "downloads-client.ts"), [JSON.stringify(order)], {
    execArgv: ["--disable-warning=ExperimentalWarning", "--expose-gc"],
  });
  const result = new Promise<ClientResult>((resolve, reject) => {
    child.once("message", (message) => resolve(message as ClientResult));
    child.once("exit", () => reject(new Error("The client ended.")));
  });
  result.catch(() => {});
  return { child, result };
}

/** Kills the client at random moments and goes on, as after a crash. */
async function interrupted(): Promise<{ twice: number; worst: number; same: boolean }> {
  server.limit(100e6);
  const place = join(folder, "interrupted");
  const order = { folder: place, url: server.url, bytes: megabytes * 1e6, sha256 };
  const part = join(place, "source.gguf.part.json");
  const kept = () => {
    try {
      const { ranges } = JSON.parse(readFileSync(part, "utf8")) as { ranges: [number, number][] };
      return ranges.reduce((sum, [from, end]) => sum + end - from, 0);
    } catch {
      return 0;
    }
  };
  const begun = await server.ask("sent");
  let before = begun;
  let worst = 0;
  for (let count = 0; count < interruptions; count++) {
    const had = kept();
    const { child } = startClient(order);
    await new Promise((resolve) => child.once("spawn", resolve));
    await delay(randomInt(300, 800));
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    await delay(50);
    const sent = await server.ask("sent");
    worst = Math.max(worst, sent - before - (kept() - had));
    before = sent;
  }
  await startClient(order).result;
  const sent = (await server.ask("sent")) - begun;
  const same =
    createHash("sha256")
      .update(readFileSync(join(place, "source.gguf")))
      .digest("hex") === sha256;
  return { twice: sent - megabytes * 1e6, worst, same };
}
