import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env as environment, pid } from "node:process";
import { fileURLToPath } from "node:url";
import type { ContractRouterClient } from "@orpc/contract";
import { type AnyRouter, createRouterClient } from "@orpc/server";
import type { CompletionRequest, completionContract } from "#core/contracts/completion";
import { createEngine } from "#engine/engine";
import { openFolders } from "#engine/folders";
import type { InferenceConnection } from "#engine/inference/connection";
import { openForked } from "#engine/inference/forked";
import type { Place, Subject } from "./place.ts";

/** One request to the model process, as it goes over the wire. */
export interface ModelCall {
  readonly method: "infill" | "prepare";
  /** True for work that nobody waits for. */
  readonly background: boolean;
  /** `stopped`: nobody wanted the answer any more. */
  state: "running" | "done" | "stopped";
  /** Tokens of the prompt; not known of a call that was stopped. */
  evaluated: number;
  /** Milliseconds of processor time that the model process used meanwhile, and those of them before the first piece was written. */
  time: number;
  reading: number;
}

/** The engine as a window has it, with the real model on the processor and a data folder of its own. */
export interface Ours {
  readonly completion: ContractRouterClient<typeof completionContract>;
  /** What the model process was asked for ghost text so far. */
  readonly calls: readonly ModelCall[];
  /** Resolves when the model process computes nothing. */
  untilIdle(): Promise<void>;
  /** Bytes of main memory of the model process that are its own. */
  memory(): number;
  dispose(): Promise<void>;
}

/** Opens {@link Ours}. */
export async function openOurs(model: string, threads: number): Promise<Ours> {
  const home = mkdtempSync(join(tmpdir(), "localcoder-bench-"));
  mkdirSync(join(home, "user"));
  const settings = {
    "localcoder.models.completion": model,
    "localcoder.inference.gpu": "off",
    "localcoder.inference.threads": threads,
    "localcoder.inference.idleUnloadMinutes": 0,
  };
  writeFileSync(join(home, "user", "settings.json"), JSON.stringify(settings));
  const folders = await openFolders({ ...environment, LOCALCODER_HOME: home });
  const entry = fileURLToPath(new URL("../../src-engine/inference/inference.process.ts", import.meta.url));
  const calls: ModelCall[] = [];
  let connection: InferenceConnection | undefined;
  let process: number | undefined;
  const modelProcess = () => {
    process ??= findModelProcess();
    return process;
  };
  const engine = await createEngine({
    folders,
    processName: "bench",
    async openInference() {
      connection = await openForked(entry, join(folders.logs, "inference.log"))();
      process = undefined;
      return { ...connection, client: watched(connection.client, calls, () => processorTimeOf(modelProcess())) };
    },
  });
  const { completion: router } = engine.router as { readonly completion: AnyRouter };
  const completion = createRouterClient(router, {}) as unknown as Ours["completion"];
  return {
    completion,
    calls,
    async untilIdle() {
      while ((await connection?.client.ping())?.busy === true);
    },
    memory: () => ownMemoryOf(modelProcess()),
    async dispose() {
      await engine.dispose();
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Notes what is asked for ghost text. */
function watched(client: InferenceConnection["client"], calls: ModelCall[], time: () => number): InferenceConnection["client"] {
  function begin(
    method: ModelCall["method"],
    background: boolean,
  ): { call: ModelCall; written(): void; end(state: ModelCall["state"], evaluated?: number): void } {
    const call: ModelCall = { method, background, state: "running", evaluated: 0, time: 0, reading: Number.POSITIVE_INFINITY };
    calls.push(call);
    const from = time();
    return {
      call,
      written() {
        call.reading = Math.min(call.reading, time() - from);
      },
      end(state, evaluated = 0) {
        if (call.state !== "running") return;
        const spent = time() - from;
        Object.assign(call, { state, evaluated, time: spent, reading: Math.min(call.reading, spent) });
      },
    };
  }

  const infill: typeof client.infill = async (...parameters) => {
    const noted = begin("infill", parameters[0].priority === "background");
    const stream = await client.infill(...parameters);
    return (async function* () {
      try {
        for await (const event of { [Symbol.asyncIterator]: () => stream }) {
          if (event.type === "done") noted.end("done", event.result.tokens.evaluated);
          else noted.written();
          yield event;
        }
      } finally {
        noted.end("stopped");
      }
    })() as unknown as typeof stream;
  };

  const prepare: typeof client.prepare = async (...parameters) => {
    const noted = begin("prepare", true);
    try {
      const result = await client.prepare(...parameters);
      noted.end("done", result.evaluated);
      return result;
    } finally {
      noted.end("stopped");
    }
  };

  return new Proxy(client, {
    get: (target, name) => (name === "infill" ? infill : name === "prepare" ? prepare : Reflect.get(target, name)),
  });
}

/** The id of the model process; it is a child of this one. */
function findModelProcess(): number {
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8"))?.[1]);
      if (parent === pid && readFileSync(`/proc/${name}/cmdline`, "utf8").includes("inference.process")) return Number(name);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error("The model process is not there.");
}

/** Milliseconds a clock tick of the system lasts. */
const tick = 10;

function processorTimeOf(id: number): number {
  const fields = readFileSync(`/proc/${id}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tick;
}

function ownMemoryOf(id: number): number {
  const kilobytes = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1];
  return Number(kilobytes ?? Number.NaN) * 1024;
}

/** The request of an editor at a place. */
export function requestAt(
  place: Pick<Place, "path" | "languageId" | "workspace" | "prefix" | "suffix">,
  asShown: boolean,
): CompletionRequest {
  const workspace = place.workspace ?? "/bench";
  return {
    path: join(workspace, place.path),
    languageId: place.languageId,
    workspace,
    prefix: place.prefix,
    suffix: place.suffix,
    trigger: asShown ? "automatic" : "manual",
    asShown,
  };
}

/** Our completion at places: what is shown while typing, or all that comes when it is asked for. */
export function createOurs(ours: Ours, asShown: boolean): Subject {
  return {
    async complete(place) {
      const from = performance.now();
      const result = await ours.completion.complete(requestAt(place, asShown));
      return {
        text: result.hidden === undefined ? result.text : "",
        takesBack: 0,
        replaces: result.replaces,
        evaluated: result.tokens.evaluated,
        generated: result.tokens.generated,
        milliseconds: performance.now() - from,
        note: result.hidden ?? result.stop,
        check: result.check,
      };
    },
  };
}
