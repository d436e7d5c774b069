import { createEmitter, type Emitter } from "#core/base/emitter";

/** A pause of ghost text for all windows of a data folder. It ends by itself, and with the engine. */
export interface Pause {
  /** When it ends, in milliseconds since 1970; undefined while there is none. */
  until(): number | undefined;
  /** Begins a pause, or moves its end; 0 ends it. */
  set(minutes: number): void;
  readonly changes: Emitter<void>;
  dispose(): void;
}

/** Creates a {@link Pause}. */
export function createPause(now: () => number = Date.now): Pause {
  const changes = createEmitter<void>();
  let end: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    until: () => (end !== undefined && end > now() ? end : undefined),
    set(minutes) {
      clearTimeout(timer);
      end = minutes > 0 ? now() + Math.round(minutes * 60_000) : undefined;
      // Only tells that it is over; whether it is, the clock says.
      if (end !== undefined) {
        timer = setTimeout(() => changes.emit(), end - now() + 1);
        timer.unref();
      }
      changes.emit();
    },
    changes,
    dispose: () => clearTimeout(timer),
  };
}
