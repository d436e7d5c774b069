import { implement } from "@orpc/server";
import { logsContract } from "#core/contracts/logs";
import type { Logs } from "./logs.ts";

/** The log as its contract. */
export function logsRouter(logs: Logs) {
  const contract = implement(logsContract);
  return contract.router({
    note: contract.note.handler(({ input }) => logs.note(input.level, input.process, input.text)),
    files: contract.files.handler(() => logs.files()),
    read: contract.read.handler(({ input }) => logs.read(input.name)),
  });
}
