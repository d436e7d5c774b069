import { setTimeout as wait } from "node:timers/promises";
import { median, percentile } from "../figures.ts";
import type { Options } from "./options.ts";
import { openOurs, requestAt } from "./ours.ts";
import { createRandom } from "./random.ts";
import { report } from "./report.ts";
import { type Key, traceOf } from "./trace.ts";
import { type TraceFile, writeTraceFiles } from "./trace-files.ts";

/** Milliseconds within which a request is stopped: most are still reading their prompt then. */
const latest = 2500;

/** How long the model goes on with a request that nobody wants any more, at random moments, the reading of the prompt included. */
export async function measureAbort(model: string, threads: number, options: Options): Promise<void> {
  const trials = options.quick ? 12 : 60;
  const random = createRandom(9);
  const ours = await openOurs(model, threads);
  const waits: number[] = [];
  const { files, remove } = writeTraceFiles(options.cases);
  try {
    const places = coldPlaces(files, trials);
    const [begin] = places;
    // Loads the model.
    if (begin !== undefined) await ours.completion.complete(requestAt({ ...begin.file, prefix: "const", suffix: "" }, true));
    for (const { file, key } of places) {
      const stop = new AbortController();
      let running = true;
      const answer = ours.completion
        .complete(requestAt({ ...file, prefix: key.prefix, suffix: key.suffix }, false), { signal: stop.signal })
        .catch(() => undefined)
        .finally(() => {
          running = false;
        });
      await wait(random.between(20, latest));
      const wasRunning = running;
      const from = performance.now();
      stop.abort();
      await answer;
      await ours.untilIdle();
      if (wasRunning) waits.push(performance.now() - from);
    }
  } finally {
    await ours.dispose();
    remove();
  }
  report(model, "abort", `${threads} threads, ${waits.length} of ${trials} requests stopped while they ran`, [
    { what: "key that contradicts to idle model, p95", unit: "ms", ours: percentile(waits, 0.95), aim: "150" },
    { what: "the same, median", unit: "ms", ours: median(waits), aim: "stated" },
  ]);
}

/** First keys in changing files, so that the prompt is new each time. */
function coldPlaces(files: readonly TraceFile[], count: number): readonly { readonly file: TraceFile; readonly key: Key }[] {
  const perFile = files.map((file) => {
    const keys = traceOf(file, 3000, 77);
    return keys.filter(({ first }) => first).map((key) => ({ file, key }));
  });
  return Array.from({ length: count }, (_, index) => perFile[index % files.length]?.[Math.floor(index / files.length)]).filter(
    (place) => place !== undefined,
  );
}
