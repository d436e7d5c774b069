import { createEmitter, type Emitter } from "#core/base/emitter";
import type { Features } from "../features.ts";
import { follow } from "../follow.ts";

/** What the engine tells all windows about ghost text. */
export interface EngineNews {
  /** Until when ghost text pauses, in milliseconds since 1970. */
  readonly pausedUntil: () => number | undefined;
  /** A pause began or ended. */
  readonly pauses: Emitter<void>;
}

/** Follows the engine's news for the life of the window. */
export function followEngineNews({ engine, own }: Features): EngineNews {
  const pauses = createEmitter<void>();
  let pausedUntil: number | undefined;
  own(
    follow(
      (signal) => engine.completion.watch({ requests: false }, { signal }),
      (news) => {
        const changed = news.pausedUntil !== pausedUntil;
        pausedUntil = news.pausedUntil;
        if (changed) pauses.emit();
      },
    ),
  );
  return { pausedUntil: () => pausedUntil, pauses };
}
