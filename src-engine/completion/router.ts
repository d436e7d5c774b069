import { setTimeout as delay } from "node:timers/promises";
import { implement } from "@orpc/server";
import { toDisposable } from "#core/base/disposable";
import { completionContract } from "#core/contracts/completion";
import { latest } from "../models/latest.ts";
import type { Completion } from "./completion.ts";
import type { ProjectContext } from "./context/project-context.ts";
import type { RequestJournal } from "./journal.ts";
import type { Pause } from "./pause.ts";
import type { Statistics } from "./statistics.ts";

/** Typing changes the list several times a key; who watches is told so often at most, in milliseconds. */
const leastBetweenNews = 100;

/** Ghost text for the faces, with what they show of it. */
export function completionRouter({
  completion,
  context,
  journal,
  pause,
  statistics,
}: {
  readonly completion: Completion;
  readonly context: Pick<ProjectContext, "observe">;
  readonly journal: RequestJournal;
  readonly pause: Pause;
  readonly statistics: Statistics;
}) {
  const os = implement(completionContract);
  const changes = {
    listen(listener: () => void) {
      const listening = [journal.changes.listen(listener), pause.changes.listen(listener)];
      return toDisposable(() => {
        for (const one of listening) one.dispose();
      });
    },
  };
  const pausedNow = () => {
    const pausedUntil = pause.until();
    return pausedUntil === undefined ? {} : { pausedUntil };
  };
  const allNow = () => {
    const [newest] = journal.requests();
    return { ...pausedNow(), ...(newest === undefined ? {} : { newest }) };
  };
  return os.router({
    complete: os.complete.handler(({ input, signal }) => completion.complete(input, signal)),
    prepare: os.prepare.handler(({ input, signal }) => completion.prepare(input, signal)),
    skipped: os.skipped.handler(async ({ input: { line, column, ...rest } }) => journal.skipped({ ...rest, position: { line, column } })),
    outcome: os.outcome.handler(async ({ input }) => {
      statistics.outcome(input.id, input.outcome);
      journal.outcome(input.id, input.outcome);
    }),
    retained: os.retained.handler(async ({ input }) => statistics.retained(input.seconds, input.characters, input.of)),
    observe: os.observe.handler(async ({ input }) => context.observe(input)),
    requests: os.requests.handler(async () => journal.requests()),
    pause: os.pause.handler(async ({ input }) => pause.set(input.minutes)),
    watch: os.watch.handler(async function* ({ input, signal }) {
      for await (const news of input.requests ? latest(changes, allNow, signal) : latest(pause.changes, pausedNow, signal)) {
        yield news;
        await delay(leastBetweenNews, undefined, { signal }).catch(() => {});
      }
    }),
    statistics: os.statistics.handler(async () => statistics.read()),
    resetStatistics: os.resetStatistics.handler(async () => statistics.reset()),
  });
}
