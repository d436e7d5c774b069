import { implement } from "@orpc/server";
import { serversContract } from "#core/contracts/servers";
import type { Servers } from "./servers.ts";

/** The model servers as their contract. */
export function serversRouter(servers: Servers) {
  const contract = implement(serversContract);
  return contract.router({
    list: contract.list.handler(() => servers.list()),
    add: contract.add.handler(({ input }) => servers.add(input.address, input.permit, input.key)),
    setKey: contract.setKey.handler(({ input }) => servers.setKey(input.address, input.key)),
    remove: contract.remove.handler(({ input }) => servers.remove(input.address)),
  });
}
