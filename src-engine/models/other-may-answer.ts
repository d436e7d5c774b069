import { describeError, type ErrorCode } from "#core/base/errors";

const codes: readonly ErrorCode[] = ["MODEL_LOAD_FAILED", "MODEL_DOES_NOT_FIT", "SERVER_UNREACHABLE", "SERVER_FAILED", "NETWORK_REFUSED"];

/** True for a failure of a model after which another one may answer, where nobody named the one that failed. */
export function otherMayAnswer(problem: unknown): boolean {
  return codes.includes(describeError(problem).code);
}
