import { type Disposable, disposableStack } from "#core/base/disposable";
import type { Features } from "../extension/features.ts";
import { follow } from "../extension/follow.ts";

/** Loads a session anew when it changes; an answer that is being written changes it many times a second. */
export function followSession({ engine }: Pick<Features, "engine">, id: string, load: () => void): Disposable {
  const opened = disposableStack();
  let timer = 0;
  opened.add(
    follow(
      (signal) => engine.sessions.changes(undefined, { signal }),
      (change) => {
        if (change.id !== id) return;
        window.clearTimeout(timer);
        timer = window.setTimeout(load, 200);
      },
    ),
  );
  opened.add({ dispose: () => window.clearTimeout(timer) });
  return opened;
}
