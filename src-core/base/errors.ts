/** Every code an error of ours may carry. Faces show the message and the hint, and programs match on the code. */
export const errorCodes = [
  "BAD_INPUT",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "NOT_A_DIRECTORY",
  "IS_A_DIRECTORY",
  "NO_PERMISSION",
  "OUTSIDE_WORKSPACE",
  "READ_ONLY",
  "TOO_LARGE",
  "DISK_FULL",
  "POSITION_OUTSIDE_FILE",
  "SELECTION_TOO_LONG",
  "NO_MODEL",
  "NO_FIM_TOKENS",
  "MODEL_FILE_DAMAGED",
  "MODEL_VOCABULARY_ONLY",
  "MODEL_DOES_NOT_FIT",
  "MODEL_LOAD_FAILED",
  "HASH_MISMATCH",
  "DOWNLOAD_FAILED",
  "NETWORK_REFUSED",
  "SERVER_UNREACHABLE",
  "SERVER_FAILED",
  "INFERENCE_STOPPED",
  "ENGINE_GONE",
  "ENGINE_BUSY",
  "DATA_FOLDER_UNUSABLE",
  "UNAUTHORIZED",
  "TOO_MANY_ATTEMPTS",
  "KEY_WANTED",
  "NOT_APPLIED",
  "GIT_FAILED",
  "SWITCHED_OFF",
  "STOPPED",
  "UNSUPPORTED",
  "INTERNAL",
] as const;

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number];

/** An error meant for a person: one clear sentence, a code for programs, and where there is one, a way out. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: ErrorCode;
  /** What the person can do about it, as one sentence. */
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** True when the error says that somebody stopped the work on purpose. */
export function isStopped(error: unknown): boolean {
  return (error instanceof UserError && error.code === "STOPPED") || (error instanceof Error && error.name === "AbortError");
}

function isErrorCode(code: string): code is ErrorCode {
  return (errorCodes as readonly string[]).includes(code);
}

/** What a face needs of any thrown value: a code, a sentence and perhaps a hint; never a stack trace. */
export function describeError(error: unknown): { code: ErrorCode; message: string; hint?: string } {
  if (error instanceof UserError) return { code: error.code, message: error.message, hint: error.hint };
  if (isStopped(error)) return { code: "STOPPED", message: "Stopped." };
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) {
    const code = String(error.code);
    const data = "data" in error ? (error.data as { hint?: string } | undefined) : undefined;
    if (isErrorCode(code)) return { code, message: String(error.message), hint: data?.hint };
    if (code === "BAD_REQUEST") return { code: "BAD_INPUT", message: "The request is not of the expected form." };
    if (code === "UNAUTHORIZED") return { code: "UNAUTHORIZED", message: String(error.message) };
  }
  return { code: "INTERNAL", message: error instanceof Error ? error.message : String(error) };
}

/** For the last branch of a switch over a union: the compiler then proves that no case is missing. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
