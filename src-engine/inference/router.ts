import { implement } from "@orpc/server";
import { createEmitter, type Emitter } from "#core/base/emitter";
import type { Piece } from "#core/completion/confidence";
import { inferenceContract } from "#core/contracts/inference";
import type { NetworkAttempt } from "#core/contracts/network";
import { createFeed } from "./feed.ts";
import { createLoadedModels, type ModelLoader } from "./loaded-models.ts";
import { createQueue } from "./queue.ts";

/** What the inference process serves; `attempts` tells what the network gate refused. */
export function createInferenceRouter(loader: ModelLoader, attempts: Emitter<NetworkAttempt> = createEmitter<NetworkAttempt>()) {
  const queue = createQueue();
  const models = createLoadedModels(loader, queue);
  const os = implement(inferenceContract);

  return os.router({
    load: os.load.handler(async function* ({ input, signal }) {
      const progress = createProgress();
      const loading = models.load(input, progress.report, signal).finally(progress.end);
      loading.catch(() => {});
      for await (const value of progress.values()) yield { type: "progress" as const, progress: value };
      const loaded = await loading;
      yield loaded === undefined ? { type: "no-room" as const } : { type: "loaded" as const, loaded };
    }),
    unload: os.unload.handler(({ input }) => models.unload(input.path)),
    keep: os.keep.handler(() => models.keep()),
    infill: os.infill.handler(async function* ({ input, signal }) {
      const pieces = createFeed<Piece>();
      const work = models.infill(input.model).infill(input, signal, pieces.push).finally(pieces.end);
      work.catch(() => {});
      for await (const piece of pieces.values()) yield { type: "piece" as const, piece };
      yield { type: "done" as const, result: await work };
    }),
    prepare: os.prepare.handler(({ input, signal }) => models.infill(input.model).prepare(input, signal)),
    generate: os.generate.handler(({ input, signal }) => models.generate(input.model)(input, signal)),
    readAhead: os.readAhead.handler(({ input, signal }) => models.readAhead(input.model)(input, signal)),
    embed: os.embed.handler(({ input, signal }) => models.embed(input.model)(input, signal)),
    countTokens: os.countTokens.handler(async ({ input }) => models.countTokens(input.model, input.text)),
    backends: os.backends.handler(({ input }) => loader.backends(input.gpu)),
    attempts: os.attempts.handler(({ signal }) => attempts.stream(signal)),
    ping: os.ping.handler(async () => ({ busy: queue.busy })),
  });
}

/** Progress of a load as a stream; a slow reader gets the newest value only. */
function createProgress() {
  let latest: number | undefined;
  let ended = false;
  let wake: () => void = () => {};
  return {
    report: (value: number) => {
      latest = value;
      wake();
    },
    end: () => {
      ended = true;
      wake();
    },
    async *values(): AsyncGenerator<number, void, void> {
      while (!ended) {
        if (latest === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        const value = latest;
        latest = undefined;
        yield Math.max(0, Math.min(1, value));
      }
    },
  };
}
