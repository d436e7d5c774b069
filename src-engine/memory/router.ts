import { implement } from "@orpc/server";
import { memoryContract } from "#core/contracts/memory";
import type { Memory } from "./memory.ts";

const contract = implement(memoryContract);

/** The memory over the contract. */
export function memoryRouter(memory: Memory) {
  return contract.router({
    list: contract.list.handler(({ input }) => memory.list(input.workspace)),
    add: contract.add.handler(({ input }) => memory.add(input)),
    edit: contract.edit.handler(({ input }) => memory.edit(input)),
    remove: contract.remove.handler(({ input }) => memory.remove(input)),
    proposals: contract.proposals.handler(({ input }) => memory.proposals(input.workspace)),
    dismiss: contract.dismiss.handler(({ input }) => memory.dismiss(input.text)),
  });
}
