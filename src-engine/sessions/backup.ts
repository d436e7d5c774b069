import { closeSync, openSync, rmSync } from "node:fs";
import { UserError } from "#core/base/errors";
import { isDiskFull, type Sqlite } from "./sqlite.ts";

/** Pages copied at once: about two milliseconds of the engine's time. */
const pagesAtOnce = 250;

/** Copies a database to a new file, readable by the user alone, while it is in use; yields how far it is. */
export async function* backUp(sqlite: Sqlite, path: string, signal?: AbortSignal): AsyncGenerator<{ done: number }, void, void> {
  create(path);
  let done = 0;
  let wanted = true;
  let finished = false;
  let wake = () => {};
  const work = sqlite.backup(path, {
    progress({ totalPages, remainingPages }) {
      if (!wanted) throw new UserError("STOPPED", "Stopped.");
      done = totalPages === 0 ? 0 : (totalPages - remainingPages) / totalPages;
      wake();
      return pagesAtOnce;
    },
  });
  const outcome = work
    .then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    .finally(() => {
      finished = true;
      wake();
    });
  const stop = () => {
    wanted = false;
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    while (!finished) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (!finished) yield { done };
    }
  } finally {
    stop();
    signal?.removeEventListener("abort", stop);
    // Half a copy would look like one.
    if (await outcome) rmSync(path, { force: true });
  }
  const failed = await outcome;
  if (failed && isDiskFull(failed.error))
    throw new UserError("DISK_FULL", "There is no room for the copy.", "Free some space, or choose another disk.");
  if (failed) throw failed.error;
  yield { done: 1 };
}

function create(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") throw new UserError("ALREADY_EXISTS", `There is something at ${path} already.`, "Choose another name.");
    throw new UserError("NO_PERMISSION", `${path} cannot be written.`, "Choose another folder.");
  }
}
