import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { constants, setPriority } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { leftOf, type Place, rightOf, type Subject } from "./place.ts";

/** What llama-server is asked and what it tells beside the text. */
export interface PeerServer {
  infill(body: object, signal?: AbortSignal): Promise<PeerAnswer>;
  dispose(): Promise<void>;
}

interface PeerAnswer {
  readonly content: string;
  /** Tokens of the prompt that were evaluated, and tokens that were written. */
  readonly promptTokens: number;
  readonly predicted: number;
}

/** Milliseconds for lines after the first: what llama.vim sends while typing, and no limit where all that is written counts. */
export const peerTime = { typing: 250, whole: 60_000 } as const;

/**
 * Starts llama-server as llama.vim's documentation says for machines without a graphics card: `-b 1024 -ub 1024
 * --cache-reuse 256`, one slot.
 */
export async function startPeerServer(model: string, threads: number): Promise<PeerServer> {
  const program = process.env.LOCALCODER_BENCH_PEER;
  if (!program) throw new Error("There is no llama-server for this system. Set LOCALCODER_BENCH_PEER to the program of an own build.");
  const port = await freePort();
  const child = spawn(
    program,
    [
      ...["--model", model, "--host", "127.0.0.1", "--port", String(port), "-ngl", "0", "--device", "none", "--offline", "--no-webui"],
      ...["-t", String(threads), "-tb", String(threads), "-c", "8192", "-np", "1", "-b", "1024", "-ub", "1024", "--cache-reuse", "256"],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let errors = "";
  child.stderr.on("data", (data) => {
    errors = (errors + data).slice(-2000);
  });
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const address = `http://127.0.0.1:${port}`;
  while (!(await isReady(address))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`llama-server ended with ${child.exitCode ?? child.signalCode}: ${errors}`);
    await wait(200);
  }
  return {
    async infill(body, signal) {
      const response = await fetch(`${address}/infill`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal,
      });
      if (!response.ok) throw new Error(`llama-server answered ${response.status}: ${await response.text()}`);
      const answer = (await response.json()) as { content: string; timings: { prompt_n: number; predicted_n: number } };
      return { content: answer.content, promptTokens: answer.timings.prompt_n, predicted: answer.timings.predicted_n };
    },
    async dispose() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === "string") throw new Error("No free port.");
  return address.port;
}

async function isReady(address: string): Promise<boolean> {
  return fetch(`${address}/health`).then(
    (response) => response.ok,
    () => false,
  );
}

const linesBefore = 256;
const linesAfter = 64;

/** The request of llama.vim with its defaults (a1c8e6e, January 2026); the seed alone is ours, so that a run can be repeated. */
export function llamaVimRequest(prefix: string, suffix: string, milliseconds: number, tokens = 128) {
  const before = prefix.split("\n");
  const left = before.pop() ?? "";
  const after = suffix.split("\n");
  const right = after.shift() ?? "";
  // A line of blanks is asked for from its start.
  const isBlank = (left + right).trim() === "";
  return {
    id_slot: 0,
    input_prefix: `${before.slice(-linesBefore).join("\n")}\n`,
    input_suffix: `${isBlank ? "" : right}\n${after.slice(0, linesAfter).join("\n")}\n`,
    input_extra: [],
    prompt: isBlank ? "" : left,
    n_predict: tokens,
    stop: [],
    n_indent: isBlank ? 0 : left.length - left.trimStart().length,
    top_k: 40,
    top_p: 0.9,
    samplers: ["top_k", "top_p", "infill"],
    stream: false,
    cache_prompt: true,
    t_max_prompt_ms: 500,
    t_max_predict_ms: milliseconds,
    seed: 1,
  };
}

/** llama.vim does not ask with more than this right of the cursor. */
const longestRight = 8;

/** True where llama.vim asks while typing. */
export function llamaVimAsks(suffix: string): boolean {
  return rightOf(suffix).length <= longestRight;
}

/** llama-server as llama.vim uses it: its request, and its rules for what of the answer is shown. */
export function createPeer(server: PeerServer, milliseconds: (place: Place) => number): Subject {
  return {
    async complete(place) {
      const from = performance.now();
      const answer = await server.infill(llamaVimRequest(place.prefix, place.suffix, milliseconds(place)));
      const left = leftOf(place.prefix);
      const right = rightOf(place.suffix);
      return {
        text: shownByLlamaVim(answer.content, left, right, place.suffix),
        // Accepting a suggestion on a line of blanks writes its own indentation.
        takesBack: (left + right).trim() === "" ? left.length : 0,
        replaces: 0,
        evaluated: answer.promptTokens,
        generated: answer.predicted,
        milliseconds: performance.now() - from,
        note: "",
      };
    },
  };
}

/** What llama.vim leaves of an answer: nothing of what only repeats the lines below. */
function shownByLlamaVim(content: string, left: string, right: string, suffix: string): string {
  const lines = content.split("\n");
  while (lines.length > 0 && lines.at(-1) === "") lines.pop();
  const [first] = lines;
  if (first === undefined) return "";
  const below = suffix.split("\n").slice(1);
  if (lines.length > 1 && first === "" && equal(lines.slice(1), below.slice(0, lines.length - 1))) return "";
  if (lines.length === 1 && first === right) return "";
  const next = below.findIndex((line) => line.trim() !== "");
  if (next >= 0 && left + first === below[next]) {
    if (lines.length === 1) return "";
    if (lines.length === 2 && (below[next + 1] ?? "").startsWith(lines[1] ?? "")) return "";
    if (lines.length > 2 && equal(lines.slice(1), below.slice(next + 1, next + lines.length))) return "";
  }
  return lines.join("\n").trim() === "" ? "" : lines.join("\n");
}

function equal(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index]);
}
