import { implement } from "@orpc/server";
import { assistContract } from "#core/contracts/assist";
import type { Assist } from "./assist.ts";

const contract = implement(assistContract);

/** The inline actions over the contract. */
export function assistRouter(assist: Assist) {
  return contract.router({ run: contract.run.handler(({ input, signal }) => assist.run(input, signal)) });
}
