import { implement } from "@orpc/server";
import { chatContract } from "#core/contracts/chat";
import type { Chat } from "./chat.ts";

const contract = implement(chatContract);

/** Chat over the contract. */
export function chatRouter(chat: Chat) {
  return contract.router({
    send: contract.send.handler(({ input, signal }) => chat.send(input, signal)),
    edit: contract.edit.handler(({ input, signal }) => chat.edit(input, signal)),
    readAhead: contract.readAhead.handler(({ input, signal }) => chat.readAhead(input, signal)),
    branch: contract.branch.handler(({ input }) => chat.branch(input.threadId, input.messageId)),
    handoff: contract.handoff.handler(({ input, signal }) => chat.handoff(input, signal)),
    opinionExpectation: contract.opinionExpectation.handler(({ input }) => chat.opinionExpectation(input.threadId)),
    secondOpinion: contract.secondOpinion.handler(({ input, signal }) => chat.secondOpinion(input.threadId, signal)),
    thread: contract.thread.handler(({ input }) => chat.thread(input.threadId)),
    expectations: contract.expectations.handler(({ input }) => chat.expectations(input)),
  });
}
