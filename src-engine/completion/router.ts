import { implement } from "@orpc/server";
import { completionContract } from "#core/contracts/completion";
import type { Completion } from "./completion.ts";

/** Ghost text for the faces. */
export function completionRouter(completion: Completion) {
  const os = implement(completionContract);
  return os.router({
    complete: os.complete.handler(({ input, signal }) => completion.complete(input, signal)),
    prepare: os.prepare.handler(({ input, signal }) => completion.prepare(input, signal)),
    outcome: os.outcome.handler(async ({ input }) => completion.outcome(input.id, input.outcome)),
  });
}
