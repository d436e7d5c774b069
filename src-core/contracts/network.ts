import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { timestamp } from "./common.ts";

/** Why a process wanted to reach a host. */
export const networkPurpose = z.enum(["model-download", "model-server", "loopback", "unknown"]);
/** See {@link networkPurpose}. */
export type NetworkPurpose = z.infer<typeof networkPurpose>;

/** One attempt to reach a host, allowed or refused. */
export const networkAttempt = z.object({
  time: timestamp,
  /** main, window, engine, inference, terminal or command line. */
  process: z.string(),
  host: z.string(),
  port: z.number().int().optional(),
  purpose: networkPurpose,
  allowed: z.boolean(),
  reason: z.string(),
});
/** See {@link networkAttempt}. */
export type NetworkAttempt = z.infer<typeof networkAttempt>;

/** A permission the user gave: this host, for this purpose. */
export const networkPermission = z.object({ host: z.string(), purpose: networkPurpose, granted: timestamp });
/** See {@link networkPermission}. */
export type NetworkPermission = z.infer<typeof networkPermission>;

/** Whether the ledger is as it was written: each row carries a hash of itself and of the row before. */
export const ledgerCheck = z.object({
  rows: z.number().int().nonnegative(),
  /** The first row that does not follow from the one before it. */
  broken: networkAttempt.optional(),
});
/** See {@link ledgerCheck}. */
export type LedgerCheck = z.infer<typeof ledgerCheck>;

/** The network ledger and its permissions. */
export const networkContract = {
  attempts: oc.input(z.object({ limit: z.number().int().min(1).max(10_000).default(1000) })).output(z.array(networkAttempt)),
  verify: oc.output(ledgerCheck),
  watch: oc.output(eventIterator(networkAttempt)),
  /** Other processes (main for its windows) report what their gate decided. */
  report: oc.input(networkAttempt).output(z.void()),
  permissions: oc.output(z.array(networkPermission)),
  allow: oc.input(z.object({ host: z.string().max(255), purpose: networkPurpose })).output(z.void()),
  revoke: oc.input(z.object({ host: z.string().max(255), purpose: networkPurpose })).output(z.void()),
};
