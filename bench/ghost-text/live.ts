import { setTimeout as wait } from "node:timers/promises";
import type { Options } from "./options.ts";
import { type ModelCall, type Ours, openOurs, requestAt } from "./ours.ts";
import { rightOf } from "./place.ts";
import { report } from "./report.ts";
import { type Key, traceOf } from "./trace.ts";
import { type TraceFile, writeTraceFiles } from "./trace-files.ts";

/** The longest wait before asking: the editor's setting. */
const longestWait = 120;
/** The time between two keys that an editor would expect, in milliseconds. */
const usualGap = 165;
const longestGap = 2500;

interface Typed {
  readonly calls: readonly ModelCall[];
  /** Those whose answer was shown. */
  readonly shown: ReadonlySet<ModelCall>;
  readonly requests: number;
  readonly answered: number;
}

/**
 * Typing at a person's speed, each key ending the request before it: how much of the model's work was for requests that were
 * never shown. Counted is processor time of the model process during each request.
 */
export async function measureLive(model: string, threads: number, options: Options): Promise<void> {
  const { files, remove } = writeTraceFiles(options.cases);
  const all: Typed[] = [];
  try {
    for (const [index, file] of files.slice(0, options.quick ? 1 : 3).entries()) {
      const ours = await openOurs(model, threads);
      try {
        all.push(await type(ours, file, traceOf(file, options.quick ? 60 : 300, index + 11)));
      } finally {
        await ours.dispose();
      }
    }
  } finally {
    remove();
  }
  const calls = all.flatMap((typed) => typed.calls);
  const foreground = calls.filter(({ background }) => !background);
  const wasShown = (call: ModelCall) => all.some(({ shown }) => shown.has(call));
  const percent = (some: readonly ModelCall[]) => (100 * timeOf(some)) / timeOf(foreground);
  const unseen = foreground.filter((call) => !wasShown(call));
  const requests = all.reduce((sum, typed) => sum + typed.requests, 0);
  const answered = all.reduce((sum, typed) => sum + typed.answered, 0);
  report(model, "live", `${threads} threads, ${requests} requests while typing`, [
    { what: "model time for requests never shown", unit: "%", ours: percent(unseen), aim: "20" },
    {
      what: "of it reading, which the next request goes on from",
      unit: "%",
      ours: (100 * sum(unseen.map(({ reading }) => reading))) / timeOf(foreground),
      aim: "stated",
    },
    {
      what: "of it writing",
      unit: "%",
      ours: (100 * sum(unseen.map(({ time, reading }) => time - reading))) / timeOf(foreground),
      aim: "stated",
    },
    { what: "of it ended by a key", unit: "%", ours: percent(foreground.filter(({ state }) => state === "stopped")), aim: "stated" },
    {
      what: "of it with nothing to show",
      unit: "%",
      ours: percent(foreground.filter((call) => call.state === "done" && !wasShown(call))),
      aim: "stated",
    },
    { what: "work in the background beside it", unit: "%", ours: percent(calls.filter(({ background }) => background)), aim: "stated" },
    { what: "requests that were shown", unit: "%", ours: (100 * answered) / requests, aim: "stated" },
  ]);
}

async function type(ours: Ours, file: TraceFile, keys: readonly Key[]): Promise<Typed> {
  // Loads the model, in a document of its own.
  await ours.completion.complete(requestAt({ ...file, path: `begin ${file.path}`, prefix: "", suffix: "" }, true));
  const before = ours.calls.length;
  const shown = new Set<ModelCall>();
  let requests = 0;
  let answered = 0;
  let usual = 200;
  for (const [index, key] of keys.entries()) {
    const gap = Math.min(keys[index + 1]?.pause ?? 500, longestGap);
    if (key.kind === "delete" && rightOf(key.suffix).trim() !== "") {
      await wait(gap);
      continue;
    }
    const stop = new AbortController();
    const delay = Math.round(Math.max(0, Math.min(longestWait, usualGap - usual)));
    const from = performance.now();
    requests += 1;
    const answer = ours.completion
      .complete({ ...requestAt({ ...file, prefix: key.prefix, suffix: key.suffix }, true), wait: delay }, { signal: stop.signal })
      .then(
        (result) => {
          if (!result.known) usual += 0.3 * (performance.now() - from - delay - usual);
          if (result.hidden !== undefined || result.text === "") return;
          answered += 1;
          const call = ours.calls.slice(before).findLast(({ background, state }) => !background && state === "done");
          if (call !== undefined) shown.add(call);
        },
        () => {},
      );
    await wait(gap);
    stop.abort();
    // The next key comes at once: what agrees with it may go on.
    void answer;
  }
  await ours.untilIdle();
  return { calls: ours.calls.slice(before), shown, requests, answered };
}

function timeOf(calls: readonly ModelCall[]): number {
  return sum(calls.map(({ time }) => time));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
