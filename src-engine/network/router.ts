import { implement } from "@orpc/server";
import { networkContract } from "#core/contracts/network";
import type { Network } from "./network.ts";

/** The network service as its contract. */
export function networkRouter(network: Network) {
  const contract = implement(networkContract);
  return contract.router({
    attempts: contract.attempts.handler(({ input }) => network.attempts(input.limit)),
    everything: contract.everything.handler(() => network.everything()),
    verify: contract.verify.handler(() => network.verify()),
    watch: contract.watch.handler(({ signal }) => network.watch(signal)),
    report: contract.report.handler(({ input }) => network.report(input)),
    permissions: contract.permissions.handler(() => network.permissions()),
    allow: contract.allow.handler(({ input }) => network.allow(input.host, input.purpose)),
    forbid: contract.forbid.handler(({ input }) => network.forbid(input.host, input.purpose)),
    questions: contract.questions.handler(({ signal }) => network.questions(signal)),
    ask: contract.ask.handler(({ input, signal }) =>
      network.occasion(async () => {
        const { allowed, reason } = await network.ask(input, signal);
        // The program itself goes past our gate, so what it was permitted is recorded here. A refusal is already.
        if (allowed) network.note(input, reason);
        return { allowed, reason };
      }),
    ),
    answer: contract.answer.handler(({ input }) => network.answer(input.id, input.answer)),
    revoke: contract.revoke.handler(({ input }) => network.revoke(input.host, input.purpose)),
  });
}
