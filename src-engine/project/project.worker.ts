import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { describeError } from "#core/base/errors";
import { gateThread } from "../network/threads.ts";
import { createParsers } from "../syntax/parser.ts";
import type { Answer, Question } from "./messages.ts";
import { createProjectIndex } from "./project-index.ts";

// A thread of the engine that reads whole projects. Several calls may wait here at the same time: a question is answered while files
// are still being read.

// Nobody is to notice that it works. Only Linux gives threads a priority of their own; elsewhere this would be the whole engine's.
try {
  if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Where that is not allowed the work is the same.
}

gateThread("project index");

const { folder } = workerData as { readonly folder: string };
const index = createProjectIndex({ folder, parsers: createParsers() });

async function answer({ id, method, parameters }: Question): Promise<Answer> {
  try {
    const run = index[method] as (...values: readonly unknown[]) => Promise<unknown>;
    return { id, result: await run(...parameters) };
  } catch (error) {
    return { id, error: describeError(error) };
  }
}

parentPort?.on("message", async (question: Question | "close") => {
  if (question === "close") {
    index.close();
    process.exit();
  }
  parentPort?.postMessage(await answer(question));
});
