import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Figure, percentile } from "../figures.ts";
import { repeatsSuffix } from "./judge.ts";
import type { Options } from "./options.ts";
import { type ModelCall, type Ours, openOurs, requestAt } from "./ours.ts";
import { llamaVimAsks, llamaVimRequest, peerTime, startPeerServer } from "./peer.ts";
import { rightOf } from "./place.ts";
import { report } from "./report.ts";
import { resultsFolder } from "./store.ts";
import { type Key, traceOf } from "./trace.ts";
import { type TraceFile, writeTraceFiles } from "./trace-files.ts";

/** What a key cost, in tokens of prompts. */
interface KeyCost {
  readonly first: boolean;
  readonly foreground: number;
  readonly background: number;
  /** What llama-server evaluated for the same key; only the first keys of a file are sent there. */
  readonly peer?: number;
  readonly shown: boolean;
  readonly repeats: boolean;
  /** True where the answer was known and the model was not asked. */
  readonly known: boolean;
}

interface FileCost {
  readonly keys: readonly KeyCost[];
  /** Bytes of memory of the model process that are its own, at the start, in the middle and at the end. */
  readonly memory: readonly [number, number, number];
}

/** Pauses within a burst are shorter than a person's, which leaves less time to write ahead; longer ones change nothing. */
const shortest = 60;
const longestPause = 2500;
/** Below this many milliseconds before a key it belongs to a burst. */
const burst = 300;
/** A cursor that rests this long at a new place makes the editor prepare; the editor's own value. */
const rest = 300;

/** Prompt tokens that are evaluated while somebody types. */
export async function measureTrace(model: string, threads: number, options: Options): Promise<void> {
  const file = join(resultsFolder(model), "trace.json");
  const stored: Record<string, FileCost> = {};
  try {
    if (!options.again.includes("program")) Object.assign(stored, JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // The first run.
  }
  const deadline = Date.now() + options.minutes * 60_000;
  const count = options.quick ? 60 : 420;
  const peerCount = options.quick ? 15 : 60;
  const costs: FileCost[] = [];
  const { files, remove } = writeTraceFiles(options.cases);
  try {
    for (const [index, one] of files.entries()) {
      const name = `${one.path}, ${count} keys`;
      const known = stored[name];
      if (known === undefined && Date.now() > deadline) continue;
      const trace = traceOf(one, count, index + 1);
      const cost = known ?? (await costOfFile(model, threads, one, trace, peerCount));
      costs.push({ ...cost, keys: withJumps(cost.keys, trace) });
      stored[name] = cost;
      writeFileSync(file, JSON.stringify(stored));
    }
  } finally {
    remove();
  }
  const keys = costs.flatMap((cost) => cost.keys);
  report(model, "trace", `${threads} threads, ${keys.length} keys in ${costs.length} files`, figuresOf(keys, costs));
}

async function costOfFile(model: string, threads: number, file: TraceFile, keys: readonly Key[], peerCount: number): Promise<FileCost> {
  const peer: number[] = [];
  const server = await startPeerServer(model, threads);
  try {
    for (const { prefix, suffix } of keys.slice(0, peerCount)) {
      // One token is written: what is counted is what is read.
      const request = llamaVimRequest(prefix, suffix, peerTime.typing, 1);
      peer.push(llamaVimAsks(suffix) ? (await server.infill(request)).promptTokens : 0);
    }
  } finally {
    await server.dispose();
  }
  const ours = await openOurs(model, threads);
  try {
    // Loads the model, in a document of its own.
    await ours.completion.complete(requestAt({ ...file, path: `begin ${file.path}`, prefix: "", suffix: "" }, true));
    const start = ours.memory();
    let middle = start;
    const asked: { readonly call: number; readonly shown: boolean; readonly repeats: boolean; readonly known: boolean }[] = [];
    for (const [index, key] of keys.entries()) {
      if (index === Math.floor(keys.length / 2)) middle = ours.memory();
      const call = ours.calls.length;
      await pause(ours, file, key);
      const request = requestAt({ ...file, prefix: key.prefix, suffix: key.suffix }, true);
      const result = asksAt(key) ? await ours.completion.complete(request) : undefined;
      const shown = result !== undefined && result.hidden === undefined && result.text !== "";
      asked.push({ call, shown, repeats: shown && repeatsSuffix(key, { ...result, takesBack: 0 }), known: result?.known ?? false });
    }
    await ours.untilIdle();
    const perToken = timeOfToken(ours.calls);
    const costs = keys.map((key, index): KeyCost => {
      const { call = 0, shown = false, repeats = false, known = false } = asked[index] ?? {};
      const calls = ours.calls.slice(call, asked[index + 1]?.call);
      const evaluated = (background: boolean) =>
        sum(calls.filter((one) => one.background === background).map((one) => evaluatedBy(one, perToken)));
      return { first: key.first, foreground: evaluated(false), background: evaluated(true), peer: peer[index], shown, repeats, known };
    });
    return { keys: costs, memory: [start, middle, ours.memory()] };
  } finally {
    await ours.dispose();
  }
}

/** A jump is paid by the first key after it that asks: where that key is a deletion within a line, by one of the next. */
function withJumps(costs: readonly KeyCost[], trace: readonly Key[]): KeyCost[] {
  let jumped = false;
  return costs.map((cost, index) => {
    const key = trace[index] as Key;
    const first = key.first || jumped;
    jumped = first && !asksAt(key);
    return { ...cost, first };
  });
}

/** Milliseconds of processor time for a token that is read, as far as whole calls tell. */
function timeOfToken(calls: readonly ModelCall[]): number {
  const whole = calls.filter(({ state, evaluated }) => state === "done" && evaluated > 100);
  return sum(whole.map(({ time }) => time)) / sum(whole.map(({ evaluated }) => evaluated));
}

/** Tokens a call has read; of a reading that was stopped by a key, as many as its processor time says. */
function evaluatedBy({ method, state, evaluated, time }: ModelCall, perToken: number): number {
  return method === "prepare" && state === "stopped" ? Math.round(time / perToken) : evaluated;
}

/** The time before a key, with what the editor prepares where the cursor rests at a new place. */
async function pause({ completion }: Ours, file: TraceFile, { pause: milliseconds, rest: place }: Key): Promise<void> {
  if (place === undefined || milliseconds < rest)
    return void (await wait(milliseconds < burst ? shortest : Math.min(milliseconds, longestPause)));
  await wait(rest);
  const stopping = new AbortController();
  const prepared = completion.prepare(requestAt({ ...file, ...place }, true), { signal: stopping.signal }).catch(() => undefined);
  await wait(Math.min(milliseconds, longestPause) - rest);
  stopping.abort();
  await prepared;
}

/** After deleting, the editor asks at the end of a line only. */
function asksAt({ kind, suffix }: Key): boolean {
  return kind !== "delete" || rightOf(suffix).trim() === "";
}

function figuresOf(keys: readonly KeyCost[], costs: readonly FileCost[]): readonly Figure[] {
  if (keys.length === 0) return [];
  const peerName = "llama.vim";
  const within = keys.filter(({ first }) => !first);
  const both = keys.filter(({ peer }) => peer !== undefined);
  const peers = both.map(({ peer = 0 }) => peer);
  const peersWithin = both.filter(({ first }) => !first).map(({ peer = 0 }) => peer);
  const unit = "tokens";
  const megabytes = (from: 0 | 1, to: 1 | 2) => Math.max(...costs.map(({ memory }) => (memory[to] - memory[from]) / 2 ** 20));
  return [
    {
      what: "evaluated for a key within a burst, mean",
      unit,
      ours: mean(within.map((key) => key.foreground)),
      peer: mean(peersWithin),
      peerName,
      aim: "3",
    },
    {
      what: "evaluated for a key within a burst, p95",
      unit,
      ours: percentile(
        within.map((key) => key.foreground),
        0.95,
      ),
      peer: percentile(peersWithin, 0.95),
      peerName,
      aim: "8",
    },
    {
      what: `all in the foreground, mean, the same ${both.length} keys`,
      unit,
      ours: mean(both.map((key) => key.foreground)),
      peer: mean(peers),
      peerName,
      aim: "0.1 x",
    },
    {
      what: `with work in the background, mean, the same ${both.length} keys`,
      unit,
      ours: mean(both.map((key) => key.foreground + key.background)),
      peer: mean(peers),
      peerName,
      aim: "0.2 x",
    },
    { what: "all in the foreground, mean, all keys", unit, ours: mean(keys.map((key) => key.foreground)), aim: "stated" },
    { what: "in the background, mean, all keys", unit, ours: mean(keys.map((key) => key.background)), aim: "stated" },
    {
      what: "keys for which nothing was evaluated",
      unit: "%",
      ours: (100 * keys.filter((key) => key.foreground === 0).length) / keys.length,
      aim: "stated",
    },
    {
      what: "keys answered without the model",
      unit: "%",
      ours: (100 * keys.filter((key) => key.known).length) / keys.length,
      aim: "stated",
    },
    { what: "shown and repeats what follows", unit: "", ours: keys.filter((key) => key.repeats).length, aim: "0" },
    { what: "anything shown", unit: "%", ours: (100 * keys.filter((key) => key.shown).length) / keys.length, aim: "stated" },
    { what: "memory of the model process, growth in the first half of a file, most", unit: "MB", ours: megabytes(0, 1), aim: "bounded" },
    { what: "the same in the second half", unit: "MB", ours: megabytes(1, 2), aim: "flat" },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}
