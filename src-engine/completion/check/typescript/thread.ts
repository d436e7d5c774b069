import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { findBuilt } from "../../../built.ts";
import type { Diagnosis, Place, SuggestionPlace, Verdict } from "../place.ts";
import type { Answer, Question } from "./messages.ts";

/** The thread that checks TypeScript and JavaScript: started when first needed, ended when nobody asks for a while. */
export interface CheckThread {
  /** Lets the thread read what a check will need. A newer place takes the place of one not yet begun. */
  warm(place: Place): void;
  /** Answers `late` when a newer check came, the thread died or the signal aborted before this one was done. */
  check(place: SuggestionPlace, signal?: AbortSignal): Promise<Verdict>;
  /** What the compiler says anew; undefined where it says nothing, or nothing is known. Whoever types comes first. */
  diagnose(place: SuggestionPlace): Promise<Diagnosis | undefined>;
  /** What the compiler says is wrong in a document; nothing where it knows too little. */
  errors(place: Place): Promise<readonly Diagnosis[]>;
  dispose(): Promise<void>;
}

interface Waiting {
  readonly question: Question;
  answer(answer: Answer): void;
}

const late: Answer = { verdict: "late" };

/** Megabytes of the thread, far above what it allows itself: V8 ends the whole process where it cannot end a thread in time. */
const mostMemory = 1_500;
/** Milliseconds without a question after which its memory is given back. */
const idle = 10 * 60_000;
/** Milliseconds before a thread that died is started again, doubled with each further death. */
const firstRest = 10_000;

/** Creates a {@link CheckThread}. */
export function createCheckThread(open: () => Worker = openWorker, rest = firstRest): CheckThread {
  let worker: Worker | undefined;
  let running: Waiting | undefined;
  let nextCheck: Waiting | undefined;
  let nextWarm: Waiting | undefined;
  let diagnoses: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  let deaths = 0;
  let restUntil = 0;
  let disposed = false;

  function start(): Worker {
    const started = open();
    started.on("message", (answer: Answer) => {
      if (worker !== started) return;
      // At rest it keeps no process alive.
      started.unref();
      running?.answer(answer);
      running = undefined;
      next();
    });
    started.on("error", () => {});
    started.on("exit", () => {
      if (worker !== started) return;
      worker = undefined;
      restUntil = Date.now() + rest * 2 ** deaths;
      deaths += 1;
      giveUp();
    });
    return started;
  }

  function giveUp(): void {
    for (const waiting of [running, nextCheck, nextWarm, ...diagnoses]) waiting?.answer(late);
    running = nextCheck = nextWarm = undefined;
    diagnoses = [];
  }

  function next(): void {
    if (running !== undefined) return;
    const waiting = nextCheck ?? nextWarm ?? diagnoses[0];
    if (waiting === undefined) return;
    if (waiting === nextCheck) nextCheck = undefined;
    else if (waiting === nextWarm) nextWarm = undefined;
    else diagnoses.shift();
    if (disposed || (worker === undefined && Date.now() < restUntil)) {
      waiting.answer(late);
      return;
    }
    worker ??= start();
    running = waiting;
    worker.postMessage(waiting.question);
    clearTimeout(timer);
    timer = setTimeout(() => void end(), idle);
    timer.unref();
  }

  async function end(): Promise<void> {
    const ending = worker;
    worker = undefined;
    giveUp();
    await ending?.terminate();
  }

  return {
    warm(place) {
      nextWarm = { question: { kind: "warm", place }, answer() {} };
      next();
    },
    check(place, signal) {
      return new Promise((resolve) => {
        nextCheck?.answer(late);
        const waiting: Waiting = { question: { kind: "check", place }, answer: ({ verdict }) => resolve(verdict) };
        nextCheck = waiting;
        signal?.addEventListener("abort", () => {
          // One that has begun ends by itself, and is heard by nobody.
          if (nextCheck === waiting) nextCheck = undefined;
          resolve("late");
        });
        next();
      });
    },
    diagnose(place) {
      return new Promise((resolve) => {
        diagnoses.push({ question: { kind: "diagnose", place }, answer: ({ diagnosis }) => resolve(diagnosis) });
        next();
      });
    },
    errors(place) {
      return new Promise((resolve) => {
        diagnoses.push({ question: { kind: "errors", place }, answer: ({ errors = [] }) => resolve(errors) });
        next();
      });
    },
    async dispose() {
      disposed = true;
      clearTimeout(timer);
      await end();
    },
  };
}

function openWorker(): Worker {
  return new Worker(entry(), {
    name: "suggestion check",
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
    // Nothing of what this process was started with, nor of its environment, is needed there.
    execArgv: [],
    env: {},
  });
}

/** The file of the thread: in the build, or the source when that is what runs. */
function entry(): string {
  return findBuilt("check.worker.js") ?? fileURLToPath(new URL("./typescript.worker.ts", import.meta.url));
}
