import type { Migration } from "./migration.ts";

/** Ties each row of the network ledger to the one before, so that a row that was changed or taken out afterwards is noticed. */
export const ledgerChain: Migration = {
  number: 8,
  name: "ledger-chain",
  sql: "ALTER TABLE network_attempts ADD COLUMN chain TEXT;",
};
