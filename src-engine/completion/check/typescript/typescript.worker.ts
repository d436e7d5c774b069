import { constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { gateThread } from "../../../network/threads.ts";
import type { Answer, Question } from "./messages.ts";
import { createSession } from "./session.ts";

// A thread of the engine: one question after the other, in the order they come.

// As the model has it: a thread above it takes a core for the first look at a project, and a stopped model ends its step late. Only
// Linux gives threads a priority of their own; elsewhere this would be the whole engine's.
try {
  if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Where that is not allowed the work is the same.
}

gateThread("suggestion check");

const session = createSession();

function answer({ kind, place }: Question): Answer {
  try {
    if (kind === "check") return { verdict: session.check(place) };
    if (kind === "diagnose") return { verdict: "none", diagnosis: session.diagnose(place) };
    if (kind === "errors") return { verdict: "none", errors: session.errors(place) };
    session.warm(place);
    return { verdict: "none" };
  } catch {
    // Code so deeply nested that the parser runs out of stack, for one: nothing is known about it.
    return { verdict: "late" };
  }
}

parentPort?.on("message", (question: Question) => parentPort?.postMessage(answer(question)));
