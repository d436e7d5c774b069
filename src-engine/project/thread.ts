import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { type ErrorCode, UserError } from "#core/base/errors";
import { findBuilt } from "../built.ts";
import type { Answer, Asked, Question } from "./messages.ts";
import type { ProjectIndex } from "./project-index.ts";

/** The index in a thread of its own: started when first asked, and anew when it died. */
export type IndexThread = Omit<ProjectIndex, "close"> & { dispose(): Promise<void> };

/** Megabytes of the thread: its index lies on the disk, and a graph of a project of 20,000 files takes some hundred. */
const mostMemory = 1500;
/** Milliseconds without a question after which its memory is given back. */
const idle = 10 * 60_000;
/** Milliseconds it may take to close its files. */
const closing = 2000;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Creates an {@link IndexThread}. @param folder where the index files lie. */
export function createIndexThread(folder: string): IndexThread {
  let worker: Worker | undefined;
  let lastId = 0;
  let timer: NodeJS.Timeout | undefined;
  const waiting = new Map<number, Waiting>();

  function start(): Worker {
    const started = new Worker(entry(), {
      name: "project index",
      workerData: { folder },
      resourceLimits: { maxOldGenerationSizeMb: mostMemory },
      // Nothing of what this process was started with, nor of its environment, is needed there.
      execArgv: [],
      env: {},
    });
    started.on("message", (answer: Answer) => {
      const asker = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ("result" in answer) asker?.resolve(answer.result);
      else asker?.reject(new UserError(answer.error.code as ErrorCode, answer.error.message, answer.error.hint));
      // At rest it keeps no process alive; what it reads then is read another time.
      if (waiting.size === 0) started.unref();
    });
    started.on("error", () => {});
    started.on("exit", () => {
      if (worker !== started) return;
      worker = undefined;
      fail();
    });
    return started;
  }

  function fail(): void {
    const lost = [...waiting.values()];
    waiting.clear();
    for (const { reject } of lost)
      reject(
        new UserError("INTERNAL", "The project index has stopped.", "Ask again: it is started anew, and what it has read is still there."),
      );
  }

  async function end(): Promise<void> {
    const ending = worker;
    worker = undefined;
    fail();
    if (ending === undefined) return;
    const ended = new Promise((resolve) => ending.once("exit", resolve));
    ending.postMessage("close");
    const late = setTimeout(() => void ending.terminate(), closing);
    await ended;
    clearTimeout(late);
  }

  function ask(method: Asked, parameters: readonly unknown[]): Promise<unknown> {
    worker ??= start();
    worker.ref();
    const id = ++lastId;
    const question: Question = { id, method, parameters };
    worker.postMessage(question);
    clearTimeout(timer);
    timer = setTimeout(() => void end(), idle);
    timer.unref();
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  return {
    find: (...parameters) => ask("find", parameters) as ReturnType<ProjectIndex["find"]>,
    symbols: (...parameters) => ask("symbols", parameters) as ReturnType<ProjectIndex["symbols"]>,
    map: (...parameters) => ask("map", parameters) as ReturnType<ProjectIndex["map"]>,
    notes: (...parameters) => ask("notes", parameters) as ReturnType<ProjectIndex["notes"]>,
    checkCitations: (...parameters) => ask("checkCitations", parameters) as ReturnType<ProjectIndex["checkCitations"]>,
    recognise: (...parameters) => ask("recognise", parameters) as ReturnType<ProjectIndex["recognise"]>,
    withoutVectors: (...parameters) => ask("withoutVectors", parameters) as ReturnType<ProjectIndex["withoutVectors"]>,
    keepVectors: (...parameters) => ask("keepVectors", parameters) as ReturnType<ProjectIndex["keepVectors"]>,
    prepare: (...parameters) => ask("prepare", parameters) as ReturnType<ProjectIndex["prepare"]>,
    changed: (...parameters) => ask("changed", parameters) as ReturnType<ProjectIndex["changed"]>,
    status: (...parameters) => ask("status", parameters) as ReturnType<ProjectIndex["status"]>,
    rebuild: (...parameters) => ask("rebuild", parameters) as ReturnType<ProjectIndex["rebuild"]>,
    async dispose() {
      clearTimeout(timer);
      await end();
    },
  };
}

/** The file of the thread: in the build, or the source when that is what runs. */
function entry(): string {
  return findBuilt("project.worker.js") ?? fileURLToPath(new URL("./project.worker.ts", import.meta.url));
}
