import { createEmitter, type Emitter } from "#core/base/emitter";
import type { Features } from "../features.ts";
import { follow } from "../follow.ts";

/** What the engine tells all windows about ghost text. */
export interface EngineNews {
  /** Until when ghost text pauses, in milliseconds since 1970. */
  readonly pausedUntil: () => number | undefined;
  /** A pause began or ended. */
  readonly pauses: Emitter<void>;
  /** There is a request, or something new about one. */
  readonly requests: Emitter<void>;
}

/** Follows the engine's news for the life of the window. */
export function followEngineNews({ engine, own }: Features): EngineNews {
  const pauses = createEmitter<void>();
  const requests = createEmitter<void>();
  let pausedUntil: number | undefined;
  own(
    follow(
      (signal) => engine.completion.watch(undefined, { signal }),
      (news) => {
        const changed = news.pausedUntil !== pausedUntil;
        pausedUntil = news.pausedUntil;
        if (changed) pauses.emit();
        requests.emit();
      },
    ),
  );
  return { pausedUntil: () => pausedUntil, pauses, requests };
}
