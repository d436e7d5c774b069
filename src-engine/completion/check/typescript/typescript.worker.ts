import { parentPort } from "node:worker_threads";
import type { Answer, Question } from "./messages.ts";
import { createSession } from "./session.ts";

// A thread of the engine: one question after the other, in the order they come.

const session = createSession();

function answer({ kind, place }: Question): Answer {
  try {
    if (kind === "check") return { verdict: session.check(place) };
    session.warm(place);
    return { verdict: "none" };
  } catch {
    // Code so deeply nested that the parser runs out of stack, for one: nothing is known about it.
    return { verdict: "late" };
  }
}

parentPort?.on("message", (question: Question) => parentPort?.postMessage(answer(question)));
