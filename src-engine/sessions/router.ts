import { implement } from "@orpc/server";
import { sessionsContract } from "#core/contracts/sessions";
import type { Replay } from "./replay.ts";
import type { Sessions } from "./sessions.ts";

const contract = implement(sessionsContract);

/** The history over the contract. */
export function sessionsRouter(sessions: Sessions, replay: Replay) {
  return contract.router({
    list: contract.list.handler(({ input }) => sessions.list(input)),
    search: contract.search.handler(({ input }) => sessions.search(input)),
    facets: contract.facets.handler(({ input }) => sessions.facets(input.workspace)),
    show: contract.show.handler(({ input }) => sessions.show(input.id)),
    update: contract.update.handler(({ input: { id, ...changes } }) => sessions.update(id, changes)),
    report: contract.report.handler(({ input }) => sessions.report(input.id, input.outcome, input.diff)),
    branch: contract.branch.handler(({ input }) => sessions.branch(input.id, input.upTo)),
    import: contract.import.handler(({ input }) => sessions.import(input.transcripts)),
    forget: contract.forget.handler(({ input }) => sessions.forget(input.workspace)),
    backUp: contract.backUp.handler(({ input, signal }) => sessions.backUp(input.path, signal)),
    replay: contract.replay.handler(({ input, signal }) => replay(input, signal)),
    remove: contract.remove.handler(({ input }) => sessions.remove(input.id)),
    restore: contract.restore.handler(({ input }) => sessions.restore(input.id)),
    changes: contract.changes.handler(({ signal }) => sessions.changes.stream(signal)),
    notices: contract.notices.handler(({ signal }) => sessions.notices(signal)),
  });
}
