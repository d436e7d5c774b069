import { implement } from "@orpc/server";
import { sessionsContract } from "#core/contracts/sessions";
import type { Sessions } from "./sessions.ts";

const contract = implement(sessionsContract);

/** The history over the contract. */
export function sessionsRouter(sessions: Sessions) {
  return contract.router({
    list: contract.list.handler(({ input }) => sessions.list(input)),
    search: contract.search.handler(({ input }) => sessions.search(input)),
    show: contract.show.handler(({ input }) => sessions.show(input.id)),
    remove: contract.remove.handler(({ input }) => sessions.remove(input.id)),
    restore: contract.restore.handler(({ input }) => sessions.restore(input.id)),
    changes: contract.changes.handler(({ signal }) => sessions.changes.stream(signal)),
    notices: contract.notices.handler(({ signal }) => sessions.notices(signal)),
  });
}
