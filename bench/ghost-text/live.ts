import { setTimeout as wait } from "node:timers/promises";
import type { Options } from "./options.ts";
import { openOurs, requestAt } from "./ours.ts";
import { rightOf } from "./place.ts";
import { createRandom } from "./random.ts";
import { report } from "./report.ts";
import { traceOf } from "./trace.ts";
import { traceFiles } from "./trace-files.ts";

/** What the processor did for one request, in milliseconds of processor time. */
interface Work {
  readonly state: "shown" | "hidden" | "cancelled";
  readonly foreground: number;
  readonly background: number;
}

/** The longest wait before asking: the editor's setting. */
const longestWait = 120;

/**
 * Typing at a person's speed, each key cancelling the request before it: how much of the model's work was for requests that
 * were never shown. Counted is processor time of the model process, so that what goes on after an abort counts as well.
 */
export async function measureLive(model: string, threads: number, options: Options): Promise<void> {
  const count = options.quick ? 60 : 300;
  const works: Work[] = [];
  for (const [index, file] of traceFiles(options.cases)
    .slice(0, options.quick ? 1 : 3)
    .entries()) {
    const ours = await openOurs(model);
    const random = createRandom(index + 40);
    try {
      const keys = traceOf(file, count, index + 11);
      const [begin] = keys;
      // Loads the model.
      if (begin !== undefined) await ours.completion.complete(requestAt({ ...file, ...begin }, true));
      let usual = 200;
      for (const [at, key] of keys.entries()) {
        const gap = Math.min(keys[at + 1]?.pause ?? 500, 2000);
        const shouldAsk = key.kind !== "delete" || rightOf(key.suffix).trim() === "";
        const pause = Math.max(0, Math.min(longestWait, 160 - usual, gap));
        await wait(pause);
        if (!shouldAsk || pause >= gap) {
          await wait(gap - pause);
          continue;
        }
        const stop = new AbortController();
        const from = ours.processorTime();
        const asked = performance.now();
        let settled: { readonly state: "shown" | "hidden"; readonly at: number } | undefined;
        const answer = ours.completion
          .complete(requestAt({ ...file, prefix: key.prefix, suffix: key.suffix }, true), { signal: stop.signal })
          .then(
            (result) => {
              usual += 0.3 * (performance.now() - asked - usual);
              settled = { state: result.hidden === undefined && result.text !== "" ? "shown" : "hidden", at: ours.processorTime() };
            },
            () => {},
          );
        await wait(gap - pause);
        const ended = settled;
        stop.abort();
        await answer;
        const to = ours.processorTime();
        works.push(
          ended === undefined
            ? { state: "cancelled", foreground: to - from, background: 0 }
            : { state: ended.state, foreground: ended.at - from, background: to - ended.at },
        );
        // Nobody types with the same speed all day.
        if (random.chance(0.02)) await wait(300);
      }
    } finally {
      await ours.dispose();
    }
  }
  const time = (state: Work["state"]) => works.filter((work) => work.state === state).reduce((sum, work) => sum + work.foreground, 0);
  const foreground = time("shown") + time("hidden") + time("cancelled");
  const background = works.reduce((sum, work) => sum + work.background, 0);
  const percent = (part: number) => (100 * part) / foreground;
  report(model, "live", `${threads} threads, ${works.length} requests while typing`, [
    { what: "model time for requests never shown", unit: "%", ours: percent(time("hidden") + time("cancelled")), aim: "20" },
    { what: "of it cancelled by a key", unit: "%", ours: percent(time("cancelled")), aim: "stated" },
    { what: "of it with nothing to show", unit: "%", ours: percent(time("hidden")), aim: "stated" },
    { what: "work in the background beside it", unit: "%", ours: percent(background), aim: "stated" },
    {
      what: "requests that were shown",
      unit: "%",
      ours: (100 * works.filter(({ state }) => state === "shown").length) / works.length,
      aim: "stated",
    },
  ]);
}
