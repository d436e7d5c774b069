import { implement } from "@orpc/server";
import { UserError } from "#core/base/errors";
import { auditContract } from "#core/contracts/audit";
import type { DataFolders } from "#core/settings/folders";
import { type OwnCommandLine, runAudit } from "../audit.ts";

/** The audit service as its contract; without a command line of its own a process cannot start one. */
export function auditRouter(commandLine: OwnCommandLine | undefined, folders: Pick<DataFolders, "user" | "models">) {
  const contract = implement(auditContract);
  return contract.router({
    run: contract.run.handler(({ signal }) => {
      if (commandLine === undefined)
        throw new UserError("UNSUPPORTED", "This process cannot start an audit.", "Run localcoder audit in a terminal.");
      return runAudit(commandLine, folders, signal);
    }),
  });
}
