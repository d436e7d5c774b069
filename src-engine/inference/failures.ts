import { describeError, isStopped, UserError } from "#core/base/errors";

/** Rejects as soon as the signal aborts; the work itself is told by the signal it was given. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  if (signal.aborted) {
    work.catch(() => {});
    throw new UserError("STOPPED", "Stopped.");
  }
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new UserError("STOPPED", "Stopped."));
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}

/** What crossed the border from the inference process, as an error of ours again. */
export function toUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  const { code, message, hint } = describeError(error);
  return new UserError(isStopped(error) ? "STOPPED" : code, message, hint);
}

/** Why a model could not be loaded; what nobody foresaw counts as a file that cannot be read. */
export function toLoadError(error: unknown, name: string): UserError {
  const failure = toUserError(error);
  return failure.code === "INTERNAL"
    ? new UserError(
        "MODEL_LOAD_FAILED",
        `${name} could not be loaded: ${failure.message}`,
        "Choose another model, or check that the file is complete.",
      )
    : failure;
}
