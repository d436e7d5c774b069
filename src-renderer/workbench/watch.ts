import { type Disposable, toDisposable } from "#core/base/disposable";
import type { FileChange } from "#core/contracts/workspace";
import type { Connection } from "../connection.ts";

/** What is to be watched. */
export interface Watched {
  readonly path: string;
  readonly recursive: boolean;
  readonly excludes: string[];
}

/**
 * Reports changes on the disk until disposed. After the engine was restarted the watch is opened again;
 * a path that cannot be watched (it does not exist, say) is left alone until then.
 */
export function watchPath(
  { engine, onReconnected }: Pick<Connection, "engine" | "onReconnected">,
  watched: Watched,
  onChanges: (changes: FileChange[]) => void,
  onFailed?: (error: unknown) => void,
): Disposable {
  let running = new AbortController();
  const read = async () => {
    running = new AbortController();
    const { signal } = running;
    try {
      for await (const changes of await engine.workspace.watch(watched, { signal })) onChanges(changes);
    } catch (error) {
      if (!signal.aborted) onFailed?.(error);
    }
  };
  void read();
  const reconnection = onReconnected(() => {
    running.abort();
    void read();
  });
  return toDisposable(() => {
    reconnection.dispose();
    running.abort();
  });
}
