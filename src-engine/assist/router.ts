import { implement } from "@orpc/server";
import { assistContract } from "#core/contracts/assist";
import type { Assist } from "./assist.ts";
import type { Waiting } from "./waiting.ts";

const contract = implement(assistContract);

/** The inline actions over the contract. */
export function assistRouter(assist: Assist, waiting: Waiting) {
  return contract.router({
    run: contract.run.handler(({ input, signal }) => assist.run(input, signal)),
    waiting: contract.waiting.handler(({ signal }) => waiting.list(signal)),
    takeWaiting: contract.takeWaiting.handler(({ input }) => waiting.take(input.id)),
    dropWaiting: contract.dropWaiting.handler(({ input }) => waiting.drop(input.id)),
  });
}
